import { createServer, type Server } from "node:net";
import { systemCodeOf } from "../../base/index.ts";
import type { Endpoint } from "../../smtp/index.ts";
import type { Topology } from "../api/index.ts";
import type { Capabilities } from "./capabilities.ts";
import { addressUnavailable, noLoopbackLeft } from "../errors.ts";

/** Where everybody in one lab listens. Ours: docs/adr/0009-addresses.md. */
export interface AddressPlan {
  /**
   * Where to bind what others look for at `port` of a server, an outside host or an attacker; port 0 means that the
   * system chooses.
   */
  placeOf(name: string, port: number): Endpoint;
  /** What its outgoing connections bind to; undefined where all share one address. */
  sourceOf(name: string): string | undefined;
  release(): Promise<void>;
}

const guardPort = 50_999;
const perSite = 250;
/** The third octet of those that are in no site. */
const perimeter = 251;
const outside = 252;
const between = 253;

/**
 * Claims a range of loopback addresses for a lab, `127.<lab>.0.0/16`, by holding a guard socket in it, and gives everybody
 * an address there: the third octet of a server is its site, 251 is the perimeter, where Edge servers are, 252 has the
 * outside hosts and 253 the attackers. Labs with more than 250 sites, or a site with more than 250 servers, are numbered
 * flat. Where a machine has one loopback address only, all differ by port.
 *
 * Throws ADDRESS_UNAVAILABLE for a declared address that this machine does not have, ADDRESS_NONE_LEFT when 254 labs run.
 */
export async function claimAddresses(topology: Topology, capabilities: Capabilities): Promise<AddressPlan> {
  const declared = new Map(
    topology.servers.flatMap(({ name, address }) => (address ? [[name, address] as const] : [])),
  );
  for (const [server, address] of declared) await assertBindable(server, address);

  const guard = capabilities.severalAddresses ? await claimRange() : undefined;
  const assigned = guard ? numberAll(topology, guard.lab) : new Map<string, string>();
  const someAddress = [...declared.values(), ...assigned.values()][0];
  const low = capabilities.lowPorts && someAddress !== undefined && (await isFree({ address: someAddress, port: 25 }));
  const addressOf = (name: string): string | undefined => declared.get(name) ?? assigned.get(name);
  return {
    placeOf(name, port) {
      const address = addressOf(name);
      if (address === undefined) return { address: "127.0.0.1", port: 0 };
      return { address, port: low || port > 1023 ? port : 2500 + (port === 25 ? 25 : 87) };
    },
    sourceOf: addressOf,
    release: async () => void (guard && (await closed(guard.socket))),
  };
}

/** The address of everybody in `127.<lab>.0.0/16`, by the place in the topology. Pure. */
export function numberAll(topology: Pick<Topology, "sites" | "servers" | "world">, lab: number): Map<string, string> {
  const inSites = topology.servers.filter(({ site }) => site !== null);
  const sites = topology.sites.map((site) => inSites.filter((server) => server.site === site.name));
  const bySite = sites.length <= perSite && sites.every((servers) => servers.length <= perSite);
  const rows = bySite ? sites : inRows(inSites);
  const address = (row: number, place: number): string => `127.${lab}.${row}.${place + 1}`;
  const row = (number: number, members: readonly { name: string }[]): [string, string][] =>
    members.map(({ name }, place) => [name, address(number, place)]);
  return new Map([
    ...rows.flatMap((servers, index) => row(index + 1, servers)),
    ...row(
      perimeter,
      topology.servers.filter(({ site }) => site === null),
    ),
    ...row(
      outside,
      topology.world.hosts.filter(({ at }) => at === undefined),
    ),
    ...row(between, topology.world.attackers),
  ]);
}

const inRows = <T>(members: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(members.length / perSite) }, (_, row) =>
    members.slice(row * perSite, (row + 1) * perSite),
  );

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
