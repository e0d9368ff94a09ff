import { LabError, systemCodeOf } from "../../base/index.ts";
import type { OrganizationView } from "../../directory/index.ts";
import { type Endpoint, formatEndpoint, parseEndpoint } from "../../smtp/index.ts";
import type { Ending } from "../../transport/mail-item.ts";
import { type Listener, type ReceiveServer, startListener } from "../../transport/receive/index.ts";
import { addressInUse } from "../errors.ts";

/** Where one server listens: at every binding of its enabled receive connectors. */
export interface Listeners {
  /** Opens a binding, or finds it open; port 0 takes any. Rejects ADDRESS_IN_USE, RECEIVE_CANNOT_LISTEN. */
  open(at: Endpoint): Promise<Endpoint>;
  /** From now on closes what no connector names any more, and opens what one names, as the directory changes. */
  follow(organization: OrganizationView): void;
  close(how: Ending): Promise<void>;
}

export function listenersOf(receive: ReceiveServer): Listeners {
  const open = new Map<string, Promise<Listener>>();
  let stopFollowing = (): void => {};

  const openAt = async (at: Endpoint): Promise<Endpoint> => {
    const held = open.get(formatEndpoint(at));
    if (held) return (await held).endpoint;
    const opening = listen(receive, at);
    open.set(formatEndpoint(at), opening);
    const { endpoint } = await opening.catch((failure: unknown) => {
      open.delete(formatEndpoint(at));
      throw failure;
    });
    // A port of the system's choice is known by its number from now on.
    open.delete(formatEndpoint(at));
    open.set(formatEndpoint(endpoint), opening);
    return endpoint;
  };
  const reconcile = (organization: OrganizationView): void => {
    const connectors = organization.receiveConnectors(receive.name).filter(({ enabled }) => enabled);
    const wanted = new Set(connectors.flatMap(({ bindings }) => bindings));
    for (const [binding, listener] of open) {
      if (wanted.has(binding)) continue;
      open.delete(binding);
      void listener.then((one) => one.close()).catch(() => {});
    }
    for (const binding of wanted) {
      const at = parseEndpoint(binding);
      // Whoever named it has been told whether it can be opened; what another process holds now may be free later.
      if (at && !open.has(binding)) void openAt(at).catch(() => {});
    }
  };
  return {
    open: openAt,
    follow(organization) {
      stopFollowing = organization.onChange(() => reconcile(organization));
      reconcile(organization);
    },
    async close(how) {
      stopFollowing();
      await Promise.all([...open.values()].map(async (listener) => (await listener).close(how)));
      open.clear();
    },
  };
}

async function listen(receive: ReceiveServer, at: Endpoint): Promise<Listener> {
  try {
    return await startListener(receive, at);
  } catch (failure) {
    const inUse = failure instanceof LabError && systemCodeOf(failure.cause) === "EADDRINUSE";
    throw inUse ? addressInUse(receive.name, formatEndpoint(at)) : failure;
  }
}
