import {
  type Authorities,
  type KeySource,
  type Presentations,
  presentations,
  type TlsSettings,
} from "../certificates/index.ts";
import { skewedClock } from "../base/index.ts";
import { type Directory, followDirectory, isEdge, type LocalCopy, objectWrite } from "../directory/index.ts";
import type { Ending } from "../transport/mail-item.ts";
import { edgeSyncPort, smtpPort } from "../dns/index.ts";
import type { DeclaredServer, LabOptions, Topology } from "./api/index.ts";
import { serverNotInstalled, unknownServer } from "./errors.ts";
import type { Closers, Foundation } from "./ground/foundation.ts";
import { type InstalledServer, installServer, servicesOfOne, type Setup } from "./server/install.ts";
import { nameServer } from "./network.ts";
import { publish, serverWrites } from "./publish.ts";
import { type LabServer, type ServerPlace, startServer } from "./server/server.ts";

/** The servers of a lab, those that run and those that have been stopped. */
export interface Fleet {
  /** In the lab file's order; without those that are not installed yet. */
  readonly all: readonly LabServer[];
  /** Throws SERVER_UNKNOWN, SERVER_NOT_INSTALLED. */
  named(name: string): LabServer;
  stop(name: string, how: Ending): Promise<void>;
  /** Starts a stopped server again, at the same place, on what it had on disk; installs one that is not there yet. */
  start(name: string): Promise<void>;
}

/** What a fleet is made from. */
export interface FleetModules {
  topology: Topology;
  options: LabOptions;
  foundation: Foundation;
  dnsSuffix: string;
  keys: KeySource;
  authorities: Authorities;
  ends: Closers;
}

/** The client's part of a port, next to the one that servers use among themselves. */
const clientPort = 587;

/**
 * Installs every server and starts what listens. What the directories must hold of them is `declare`d next; only then do
 * they `begin`.
 */
export async function startFleet(modules: FleetModules): Promise<{ fleet: Fleet; begin(): Promise<void> }> {
  const { topology, foundation, ends } = modules;
  const shared = sharedModules(modules);
  const servers = new Map<string, LabServer>();
  const put = (server: LabServer): void => void servers.set(server.installed.name.toLowerCase(), server);
  const all = (): LabServer[] => topology.servers.flatMap(({ name }) => servers.get(name.toLowerCase()) ?? []);

  const declaredAs = (name: string): DeclaredServer => {
    const found = topology.servers.find((server) => server.name.toLowerCase() === name.toLowerCase());
    const known = topology.servers.map((server) => server.name);
    if (!found) throw unknownServer(name, known);
    return found;
  };
  const named = (name: string): LabServer => {
    const found = servers.get(declaredAs(name).name.toLowerCase());
    if (!found) throw serverNotInstalled(name);
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
  const install = async (server: InstalledServer): Promise<LabServer> => {
    const { directory, organization } = foundation;
    const own = isEdge(server) ? await ownDirectory(server, modules) : { directory, organization };
    const started = await startServer(server, { ...shared(server), ...own, place: placeOf(server, foundation) });
    put(started);
    return started;
  };
  const isThere = ({ name, present }: DeclaredServer): boolean => present || isKnown(name, foundation.organization);
  for (const server of await installAll(topology.servers.filter(isThere), modules)) await install(server);
  return {
    fleet: {
      get all() {
        return all();
      },
      named,
      stop: (name, how) => named(name).close(how),
      async start(name) {
        const before = servers.get(declaredAs(name).name.toLowerCase());
        if (!before) {
          const [installed] = await installAll([declaredAs(name)], modules);
          const joined = await install(installed as InstalledServer);
          await declareServer(joined);
          return begin(joined);
        }
        await before.close();
        const again = { ...shared(before.installed), ...before.own, place: sameAgain(before, foundation) };
        const server = await startServer(before.installed, again);
        put(server);
        await begin(server);
      },
    },
    async begin() {
      for (const server of all()) {
        if (isEdge(server.installed)) await declareServer(server);
        await begin(server);
      }
    },
  };
}

/** Setup, twenty servers at a time: a thousand half-made certificates at once only take memory. */
async function installAll(
  servers: readonly DeclaredServer[],
  { topology, options, foundation, dnsSuffix, keys, authorities }: FleetModules,
): Promise<InstalledServer[]> {
  const { journal } = foundation;
  const at = foundation.clock.now();
  const setup: Setup = {
    dataFolder: options.dataFolder,
    dnsSuffix,
    keys,
    at,
    authorities,
    servicesOfOne: servicesOfOne(topology),
    journal,
  };
  const installed: InstalledServer[] = [];
  let next = 0;
  const installer = async (): Promise<void> => {
    for (let place = next++; place < servers.length; place = next++)
      installed[place] = await installServer(servers[place] as DeclaredServer, setup);
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
  return ({ fqdn, tlsSettings, clockSkewMs }: InstalledServer) => ({
    ...foundation,
    clock: skewedClock(foundation.clock, clockSkewMs),
    labClock: foundation.clock,
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

/** A server that Setup has put into the directory, at this start or at an earlier one. */
const isKnown = (name: string, organization: LocalCopy): boolean => organization.server(name) !== undefined;

/**
 * What Setup writes about a single server: of an Edge server into its ADAM, and in the organization's place the machine
 * that it is on its own; of any other one that joins the organization, into Active Directory.
 */
async function declareServer({ installed, bindings, own }: LabServer): Promise<void> {
  const { name, fqdn } = installed;
  const writes = serverWrites(installed, bindings, own.organization);
  if (!isEdge(installed)) return own.organization.caughtUp(await own.directory.write(writes));
  const itself = objectWrite("organization", { name, dnsSuffix: fqdn.slice(fqdn.indexOf(".") + 1) });
  await publish([itself, ...writes], own.directory, own.organization);
}
