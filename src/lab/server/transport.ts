import { type Clock, type EventJournal, sessionIds } from "../../base/index.ts";
import { createAuthenticator, type Presentations } from "../../certificates/index.ts";
import {
  defaultEdgeTransportSettings,
  defaultTransportSettings,
  type OrganizationView,
} from "../../directory/index.ts";
import type { Names } from "../../dns/index.ts";
import type { Endpoint } from "../../smtp/index.ts";
import type { Ending, OpenChannel } from "../../transport/mail-item.ts";
import { type Pipeline, startPipeline } from "../../transport/pipeline.ts";
import type { QueueStore } from "../../transport/queue/index.ts";
import type { ReceiveServer } from "../../transport/receive/index.ts";
import { openSend, type SendServer } from "../../transport/send/index.ts";
import type { Topology } from "../api/index.ts";
import type { LabEvent } from "./events.ts";
import type { InstalledServer } from "./install.ts";
import { type Listeners, listenersOf } from "./listeners.ts";
import { receiveServer } from "./receive-server.ts";

/** What a transport role is made of, that of a Hub or that of an Edge server. */
export interface TransportModules {
  server: InstalledServer;
  role: "hub" | "edge";
  options: Pick<Topology, "intraOrgTls" | "hubTrust" | "disputed">;
  /** NetBIOS domain name. */
  domain: string;
  clock: Clock;
  journal: EventJournal<LabEvent>;
  /** Of Active Directory; of an Edge server, its ADAM and nothing else. */
  organization: OrganizationView;
  names: Names;
  presentations: Presentations;
  checkPassword: ReceiveServer["checkPassword"];
  sourceAddress: string | undefined;
  /** Where Setup's receive connectors are to listen, in their order. */
  bindings: readonly Endpoint[];
}

/** A transport role whose connectors listen; `begin` starts its queues once the directory knows it. */
export interface TransportRole {
  /** Where Setup's receive connectors really listen. */
  readonly bindings: readonly Endpoint[];
  readonly listeners: Listeners;
  begin(store: QueueStore, openMailbox: OpenChannel | undefined): Pipeline;
  close(how: Ending): Promise<void>;
}

/** Starts the listeners of a transport role. Throws ADDRESS_IN_USE. */
export async function startTransport(modules: TransportModules): Promise<TransportRole> {
  const { server, role, organization, clock, journal } = modules;
  const nextSessionId = sessionIds(clock.now());
  const defaults = role === "edge" ? defaultEdgeTransportSettings : defaultTransportSettings;
  let pipeline: Pipeline | undefined;

  const receive = receiveServer(modules, nextSessionId, (submission) => {
    if (!pipeline) throw new Error(`${server.name} has no queue yet`);
    return pipeline.submit({ ...submission, source: "SMTP" });
  });
  const listeners = listenersOf(receive);
  const bindings: Endpoint[] = [];
  try {
    for (const at of modules.bindings) bindings.push(await listeners.open(at));
  } catch (failure) {
    await listeners.close("in-order");
    throw failure;
  }
  return {
    bindings,
    listeners,
    begin(store, openMailbox) {
      listeners.follow(organization);
      pipeline = startPipeline({
        server: { ...server, role },
        clock,
        journal,
        organization,
        settings: () => organization.server(server.name)?.transport ?? defaults,
        store,
        openMailbox,
        openRelay: openSend(sendServer(modules, nextSessionId)),
      });
      return pipeline;
    },
    async close(how) {
      if (how === "power-cut") return void (await Promise.all([pipeline?.close(how), listeners.close(how)]));
      await pipeline?.close(how);
      await listeners.close(how);
    },
  };
}

/** The sending side: what it knows and holds, and how it proves itself to another Hub. */
const sendServer = (
  { server, role, options, clock, journal, organization, names, presentations, sourceAddress }: TransportModules,
  nextSessionId: () => string,
): SendServer => ({
  name: server.name,
  fqdn: server.fqdn,
  role,
  localAddress: sourceAddress,
  clock,
  journal,
  nextSessionId,
  names,
  organization,
  intraOrgTls: options.intraOrgTls,
  hubTrust: options.hubTrust,
  disputed: options.disputed,
  store: server.store,
  presentations,
  trust: server.trust,
  authenticate(target, { channelBinding, serverCertificateSha256 }) {
    const authenticator = createAuthenticator({
      from: server.fqdn,
      to: target.fqdn,
      key: server.machineKey,
      channelBinding,
      serverCertificateSha256,
      now: clock.now(),
    });
    const { machineKey } = organization.server(target.name) ?? target;
    return {
      blob: authenticator.blob,
      checkAnswer: (answer) => machineKey !== null && authenticator.checkAnswer(answer, machineKey).outcome,
    };
  },
});
