import {
  type Authority,
  type KeySource,
  type Presentations,
  presentations,
  type TlsSettings,
} from "../certificates/index.ts";
import { type Directory, followDirectory, isEdge, type LocalCopy, objectWrite } from "../directory/index.ts";
import { edgeSyncPort, smtpPort } from "../dns/index.ts";
import type { DeclaredServer, LabOptions, Topology } from "./api.ts";
import { unknownServer } from "./errors.ts";
import type { Closers, Foundation } from "./foundation.ts";
import { type InstalledServer, installServer, type Setup } from "./install.ts";
import { nameServer } from "./network.ts";
import { publish, serverWrites } from "./publish.ts";
import { type LabServer, type ServerPlace, startServer } from "./server.ts";

/** The servers of a lab, those that run and those that have been stopped. */
export interface Fleet {
  readonly all: readonly LabServer[];
  readonly names: readonly string[];
  /** Throws SERVER_UNKNOWN. */
  named(name: string): LabServer;
  stop(name: string, how: "in-order" | "power-cut"): Promise<void>;
  /** Starts a stopped server again, at the same place, on what it had on disk. */
  start(name: string): Promise<void>;
}

/** What a fleet is made from. */
export interface FleetModules {
  topology: Topology;
  options: LabOptions;
  foundation: Foundation;
  dnsSuffix: string;
  keys: KeySource;
  authorities: ReadonlyMap<string, Authority>;
  ends: Closers;
}

/** The client's part of a port, next to the one that servers use among themselves. */
const clientPort = 587;

/**
 * Installs every server and starts what listens. What the directories must hold of them is `declare`d next; only then do
 * they `begin`.
 */
export async function startFleet(modules: FleetModules): Promise<{ fleet: Fleet; begin(): Promise<void> }> {
  const { foundation, ends } = modules;
  const installed = await installAll(modules);
  const shared = sharedModules(modules);
  const servers = new Map<string, LabServer>();
  const put = (server: LabServer): void => void servers.set(server.installed.name.toLowerCase(), server);
  const all = (): LabServer[] => [...servers.values()];

  const named = (name: string): LabServer => {
    const found = servers.get(name.toLowerCase());
    const known = installed.map((server) => server.name);
    if (!found) throw unknownServer(name, known);
    return found;
  };
  const byFqdn = (fqdn: string): LabServer | undefined =>
    all().find((server) => server.installed.fqdn.toLowerCase() === fqdn.toLowerCase());
  const begin = async (server: LabServer): Promise<void> => {
    await server.begin(byFqdn);
    nameServer(foundation.names, server);
  };

  ends.add(async () => {
    for (const server of all().reverse()) await server.close();
  });
  for (const server of installed) {
    const own = isEdge(server) ? await ownDirectory(server, modules) : foundation;
    put(await startServer(server, { ...shared(server), ...own, place: placeOf(server, foundation) }));
  }
  return {
    fleet: {
      get all() {
        return all();
      },
      names: installed.map(({ name }) => name),
      named,
      stop: (name, how) => named(name).close(how),
      async start(name) {
        const before = named(name);
        await before.close();
        const again = { ...shared(before.installed), ...before.own, place: sameAgain(before, foundation) };
        const server = await startServer(before.installed, again);
        put(server);
        await begin(server);
      },
    },
    async begin() {
      for (const server of all()) {
        if (isEdge(server.installed)) await declareEdge(server);
        await begin(server);
      }
    },
  };
}

/** Setup, twenty servers at a time: a thousand half-made certificates at once only take memory. */
async function installAll({
  topology,
  options,
  foundation,
  dnsSuffix,
  keys,
  authorities,
}: FleetModules): Promise<InstalledServer[]> {
  const setup: Setup = { dataFolder: options.dataFolder, dnsSuffix, keys, at: foundation.clock.now(), authorities };
  const installed: InstalledServer[] = [];
  let next = 0;
  const installer = async (): Promise<void> => {
    for (let place = next++; place < topology.servers.length; place = next++)
      installed[place] = await installServer(topology.servers[place] as DeclaredServer, setup);
  };
  await Promise.all(Array.from({ length: 20 }, installer));
  return installed;
}

/** What servers have in common: TLS contexts too, where they take part in the same versions and ciphers. */
function sharedModules({ topology, options, foundation, keys }: FleetModules) {
  const made = new Map<string, Presentations>();
  const presentationsFor = (settings: TlsSettings): Presentations => {
    const key = JSON.stringify(settings);
    const held = made.get(key) ?? presentations(settings);
    made.set(key, held);
    return held;
  };
  return ({ fqdn, tlsSettings }: InstalledServer) => ({
    ...foundation,
    topology,
    dataFolder: options.dataFolder,
    keys,
    presentations: presentationsFor(tlsSettings),
    domain: (fqdn.split(".")[1] ?? "").toUpperCase(),
  });
}

/** ADAM: the one directory that an Edge server is given. */
async function ownDirectory(
  { name }: InstalledServer,
  { foundation, ends }: FleetModules,
): Promise<{ directory: Directory; organization: LocalCopy }> {
  const { directory } = await foundation.openAdam(name);
  const organization = await followDirectory(directory);
  ends.add(() => organization.close());
  return { directory, organization };
}

const placeOf = ({ name }: InstalledServer, { addresses }: Foundation): ServerPlace => ({
  smtp: addresses.placeOf(name, smtpPort),
  client: addresses.placeOf(name, clientPort),
  edgeSync: addresses.placeOf(name, edgeSyncPort),
  source: addresses.sourceOf(name),
});

/** Where it was before: others know it there. */
function sameAgain({ installed, bindings }: LabServer, foundation: Foundation): ServerPlace {
  const fresh = placeOf(installed, foundation);
  const [smtp = fresh.smtp, client = fresh.client] = bindings;
  return {
    ...fresh,
    smtp,
    client,
    edgeSync: foundation.names.locateTruly(installed.fqdn, edgeSyncPort) ?? fresh.edgeSync,
  };
}

/** What Setup leaves in an Edge server's ADAM: in the organization's place, the machine that it is on its own. */
async function declareEdge({ installed, bindings, own }: LabServer): Promise<void> {
  const { name, fqdn } = installed;
  const itself = objectWrite("organization", { name, dnsSuffix: fqdn.slice(fqdn.indexOf(".") + 1) });
  const writes = serverWrites(installed, bindings, own.organization);
  await publish([itself, ...writes], own.directory, own.organization);
}
