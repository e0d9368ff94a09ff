import { readFile } from "node:fs/promises";
import { openKeySource, presentations } from "../certificates/index.ts";
import { smtpPort } from "../dns/index.ts";
import { type Endpoint, headerValues } from "../smtp/index.ts";
import { holdDialog } from "../world/index.ts";
import { type Accounts, openAccounts } from "./accounts.ts";
import type { Lab, LabOptions, Topology } from "./api.ts";
import { noTransport, unknownMailbox, unknownServer } from "./errors.ts";
import { type Closers, closers, type Foundation, layFoundation } from "./foundation.ts";
import { type InstalledServer, installServer, serverWrites } from "./install.ts";
import { sendFromOutside } from "./outside.ts";
import { organizationWrites, publish } from "./publish.ts";
import { type LabServer, startServer } from "./server.ts";
import { submitFromMailbox } from "./store-driver.ts";

/** A lab's servers by name, in lower case. */
type Servers = ReadonlyMap<string, LabServer>;

/**
 * Brings an organization up: claims addresses and folders, opens the directory, installs every server, starts what
 * listens, publishes it all in one write, and starts the queues. When it rejects, nothing is left behind.
 *
 * Throws what its parts throw: ADDRESS_*, LAB_*, REDIS_*, DATABASE_*, CERT_*.
 */
export async function startLab(topology: Topology, options: LabOptions): Promise<Lab> {
  const ends = closers();
  try {
    const foundation = await layFoundation(topology, options, ends);
    const dnsSuffix = topology.domains[0] as string;
    const installed = await installAll(topology, options, foundation, dnsSuffix, ends);
    const servers = await startAll(installed, topology, options, foundation, dnsSuffix, ends);
    const accounts = await openAccounts(topology.mailboxes, options.dataFolder);
    const { directory, organization } = foundation;
    const declared = [...servers.values()].flatMap((server) =>
      serverWrites(server.installed, server.bindings, organization),
    );
    const writes = [...organizationWrites(topology, dnsSuffix), ...declared, ...(await accounts.writes())];
    await publish(writes, directory, organization);

    const byFqdn = new Map([...servers.values()].map((server) => [server.installed.fqdn.toLowerCase(), server]));
    for (const server of servers.values()) server.begin((fqdn) => byFqdn.get(fqdn.toLowerCase()));
    return labOf({ topology, options, foundation, servers, accounts, close: () => ends.closeAll() });
  } catch (failure) {
    await ends.closeAll();
    throw failure;
  }
}

/** Setup, twenty servers at a time: a thousand half-made certificates at once only take memory. */
async function installAll(
  topology: Topology,
  { keyCacheFolder, dataFolder }: LabOptions,
  { clock }: Foundation,
  dnsSuffix: string,
  ends: Closers,
): Promise<InstalledServer[]> {
  const keys = openKeySource({ folder: keyCacheFolder, mode: topology.keys });
  ends.add(() => keys.close());
  const setup = { dataFolder, dnsSuffix, keys, at: clock.now() };
  const installed: InstalledServer[] = [];
  let next = 0;
  const installer = async (): Promise<void> => {
    for (let place = next++; place < topology.servers.length; place = next++)
      installed[place] = await installServer(topology.servers[place] as Topology["servers"][number], setup);
  };
  await Promise.all(Array.from({ length: 20 }, installer));
  return installed;
}

async function startAll(
  installed: readonly InstalledServer[],
  topology: Topology,
  { dataFolder }: LabOptions,
  foundation: Foundation,
  dnsSuffix: string,
  ends: Closers,
): Promise<Servers> {
  const domain = (dnsSuffix.split(".")[0] as string).toUpperCase();
  const shared = { ...foundation, topology, dataFolder, domain, presentations: presentations() };
  const servers = new Map<string, LabServer>();
  for (const server of installed) {
    const { addresses } = foundation;
    const place = { bindings: addresses.bindingsOf(server.name), source: addresses.sourceOf(server.name) };
    const started = await startServer(server, { ...shared, place });
    servers.set(server.name.toLowerCase(), started);
    if (started.bindings) foundation.names.setHost(server.fqdn, smtpPort, started.bindings.default);
    ends.add(() => started.close());
  }
  return servers;
}

interface LabParts {
  topology: Topology;
  options: LabOptions;
  foundation: Foundation;
  servers: Servers;
  accounts: Accounts;
  close(): Promise<void>;
}

/** The lab as everybody above sees it. */
function labOf({ topology, options, foundation, servers, accounts, close }: LabParts): Lab {
  const { clock, facts, logsFolder, directoryDescription } = foundation;
  const all = [...servers.values()];
  const names = all.map(({ installed }) => installed.name);

  const serverNamed = (name: string): LabServer => {
    const found = servers.get(name.toLowerCase());
    if (!found) throw unknownServer(name, names);
    return found;
  };
  const endpointOf = (name: string, connector: "Default" | "Client"): Endpoint => {
    const server = serverNamed(name);
    const wanted = `${server.installed.name}\\${connector} ${server.installed.name}`;
    const found = server.listeners().find((listener) => listener.connector === wanted);
    if (!found) throw noTransport(name);
    return found.endpoint;
  };
  const homeOf = (mailbox: string): LabServer => {
    const declared = topology.mailboxes.find(({ name }) => name === mailbox);
    const known = topology.mailboxes.map(({ name }) => name);
    if (!declared) throw unknownMailbox(mailbox, known);
    return serverNamed(declared.server);
  };

  return {
    id: topology.id,
    directoryDescription,
    serverNames: names,
    logsFolder,
    dataFolder: options.dataFolder,
    facts,
    clockNow: () => clock.now(),
    server: (name) => serverNamed(name).api,
    listeners: () => all.flatMap((server) => server.listeners()),
    mailboxes: () =>
      topology.mailboxes.map(({ name, server, addresses: [address = ""] }) => ({
        name,
        server,
        address,
        password: accounts.passwords.get(name) ?? "",
      })),
    send: (message) => submitFromMailbox(message, topology.mailboxes, servers, clock.now()),
    outsideSend: async (message) => sendFromOutside(message, endpointOf(message.via, message.connector), clock.now()),
    dialog: async (server, connector, lines) =>
      (await holdDialog({ endpoint: endpointOf(server, connector), lines })).transcript,
    delivered: async (mailbox) => (await homeOf(mailbox).mailboxStore?.list(mailbox)) ?? [],
    receivedHeaders: async ({ path }) => headerValues(await readFile(path), "Received"),
    async settled() {
      await clock.quiet();
      await Promise.all([foundation.flushJournal(), ...all.map((server) => server.flush())]);
    },
    async protocolLogs(server, log) {
      const found = serverNamed(server);
      await found.flush();
      return found.logs.files(log);
    },
    intercept: (server, endpoint) => foundation.names.intercept(serverNamed(server).installed.fqdn, smtpPort, endpoint),
    stopServer: (name) => serverNamed(name).close(),
    close,
  };
}
