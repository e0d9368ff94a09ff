import { createServer, type Server } from "node:net";
import { systemCodeOf } from "../base/index.ts";
import type { Endpoint } from "../smtp/index.ts";
import type { Topology } from "./api.ts";
import type { Capabilities } from "./capabilities.ts";
import { addressUnavailable, noLoopbackLeft } from "./errors.ts";

/** Where the servers of one lab listen. Ours: docs/adr/0009-addresses.md. */
export interface AddressPlan {
  /** Where to bind a server's Default and Client connectors; port 0 means that the system chooses. */
  bindingsOf(server: string): { default: Endpoint; client: Endpoint };
  /** What a server's outgoing connections bind to; undefined where all servers share one address. */
  sourceOf(server: string): string | undefined;
  release(): Promise<void>;
}

const guardPort = 50_999;
const perSite = 250;

/**
 * Claims a range of loopback addresses for a lab, `127.<lab>.0.0/16`, by holding a guard socket in it, and gives every
 * server an address there: the third octet is its site. Labs with more than 250 sites, or a site with more than 250
 * servers, are numbered flat. Where a machine has one loopback address only, servers differ by port.
 *
 * Throws ADDRESS_UNAVAILABLE for a declared address that this machine does not have, ADDRESS_NONE_LEFT when 254 labs run.
 */
export async function claimAddresses(topology: Topology, capabilities: Capabilities): Promise<AddressPlan> {
  const declared = new Map(
    topology.servers.flatMap(({ name, address }) => (address ? [[name, address] as const] : [])),
  );
  for (const [server, address] of declared) await assertBindable(server, address);

  const guard = capabilities.severalAddresses ? await claimRange() : undefined;
  const assigned = guard ? numberServers(topology, guard.lab) : new Map<string, string>();
  const someAddress = [...declared.values(), ...assigned.values()][0];
  const low = capabilities.lowPorts && someAddress !== undefined && (await isFree({ address: someAddress, port: 25 }));
  const ports = low ? { smtp: 25, client: 587 } : { smtp: 2525, client: 2587 };
  return {
    bindingsOf(server) {
      const address = declared.get(server) ?? assigned.get(server);
      if (address === undefined) return { default: anyPort("127.0.0.1"), client: anyPort("127.0.0.1") };
      return { default: { address, port: ports.smtp }, client: { address, port: ports.client } };
    },
    sourceOf: (server) => declared.get(server) ?? assigned.get(server),
    release: async () => void (guard && (await closed(guard.socket))),
  };
}

const anyPort = (address: string): Endpoint => ({ address, port: 0 });

/** The address of every server in `127.<lab>.0.0/16`, by its place in the topology. Pure. */
export function numberServers(topology: Pick<Topology, "sites" | "servers">, lab: number): Map<string, string> {
  const sites = topology.sites.map((site) => topology.servers.filter((server) => server.site === site.name));
  const bySite = sites.length <= perSite && sites.every((servers) => servers.length <= perSite);
  const rows = bySite
    ? sites
    : Array.from({ length: Math.ceil(topology.servers.length / perSite) }, (_, row) =>
        topology.servers.slice(row * perSite, (row + 1) * perSite),
      );
  return new Map(
    rows.flatMap((servers, row) =>
      servers.map((server, place) => [server.name, `127.${lab}.${row + 1}.${place + 1}`] as const),
    ),
  );
}

async function claimRange(): Promise<{ lab: number; socket: Server }> {
  for (let lab = 1; lab <= 254; lab++) {
    const socket = await listening({ address: `127.${lab}.255.254`, port: guardPort });
    if (socket) return { lab, socket };
  }
  throw noLoopbackLeft();
}

/** A mail server of this machine may hold port 25 at every address: then the whole lab moves up. */
async function isFree(endpoint: Endpoint): Promise<boolean> {
  const socket = await listening(endpoint);
  if (socket) await closed(socket);
  return socket !== undefined;
}

async function assertBindable(server: string, address: string): Promise<void> {
  try {
    const socket = await listening({ address, port: 0 });
    if (socket) await closed(socket);
  } catch (failure) {
    throw addressUnavailable(server, address, failure);
  }
}

/** A listening socket, or undefined when the endpoint is taken. */
async function listening({ address, port }: Endpoint): Promise<Server | undefined> {
  const socket = createServer((connection) => connection.destroy());
  try {
    await new Promise<void>((resolve, reject) => socket.once("error", reject).listen({ host: address, port }, resolve));
    return socket.unref();
  } catch (failure) {
    if (systemCodeOf(failure) === "EADDRINUSE") return undefined;
    throw failure;
  }
}

const closed = (socket: Server): Promise<void> => new Promise((resolve) => socket.close(() => resolve()));
