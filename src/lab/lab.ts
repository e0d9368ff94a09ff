import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, EventJournal, newMessageId, openDatabase, runningClock } from "../base/index.ts";
import { openKeySource, presentations } from "../certificates/index.ts";
import { type DirectoryWrite, followDirectory, objectWrite, openDirectory } from "../directory/index.ts";
import { collectFacts, startJournalFile } from "../logging/index.ts";
import { headerValues, receivedHeader } from "../smtp/index.ts";
import { holdDialog } from "../world/index.ts";
import { openAccounts } from "./accounts.ts";
import { claimAddresses } from "./addresses.ts";
import type { Lab, LabOptions, ListenerView, MailboxMessage, Topology } from "./api.ts";
import { probeCapabilities } from "./capabilities.ts";
import { composeMessage } from "./compose-message.ts";
import { noTransport, unknownMailbox, unknownServer } from "./errors.ts";
import type { LabEvent } from "./events.ts";
import { installServer, serverWrites } from "./install.ts";
import { claimLogFolder } from "./log-folder.ts";
import { sendFromOutside } from "./outside.ts";
import { type LabServer, startServer } from "./server.ts";

/**
 * Brings an organization up: claims addresses and folders, opens the directory, installs every server, starts what
 * listens, publishes it all in one write, and starts the queues. When it rejects, nothing is left behind.
 *
 * Throws what its parts throw: ADDRESS_*, LAB_*, REDIS_*, DATABASE_*, CERT_*.
 */
export async function startLab(topology: Topology, options: LabOptions): Promise<Lab> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return await assemble(topology, options, closers, close);
  } catch (failure) {
    await close();
    throw failure;
  }
}

async function assemble(
  topology: Topology,
  options: LabOptions,
  closers: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<Lab> {
  // What the lab stands on: addresses, folders, time, the journal and its first listeners.
  const capabilities = await probeCapabilities(options.probe);
  const addresses = await claimAddresses(topology, capabilities);
  closers.push(() => addresses.release());
  const logs = await claimLogFolder(options.logsFolder, topology.id, options.process, options.keepLogs);
  closers.push(() => logs.release());
  const clock = runningClock(topology.clock ?? new Date());
  closers.push(async () => clock.stop());
  const journal = new EventJournal<LabEvent>();
  const facts = collectFacts(journal);
  const journalFile = startJournalFile({ folder: logs.folder, process: "lab", journal, clock });
  closers.push(() => journalFile.close());

  // The directory, and this process's copy of it.
  const opened = await openDirectory({
    choice: options.directory,
    redisUrl: options.redisUrl,
    lab: topology.id,
    instance: "ad",
    dataFolder: options.dataFolder,
    path: options.path,
    probe: options.probe,
    now: () => clock.now(),
    fresh: !options.keepLogs,
  });
  closers.push(() => opened.close());
  const organization = await followDirectory(opened.directory);
  closers.push(async () => organization.close());
  const database = openDatabase(join(options.dataFolder, "queue"));
  closers.push(() => database.close());

  // Setup: certificates and machine keys, then listeners, then one write that publishes everything.
  const keys = openKeySource({ folder: options.keyCacheFolder, mode: topology.keys });
  closers.push(() => keys.close());
  const dnsSuffix = topology.domains[0] as string;
  const domain = (dnsSuffix.split(".")[0] as string).toUpperCase();
  const at = clock.now();
  const installed = await severalAtATime(topology.servers, (server) =>
    installServer(server, { dataFolder: options.dataFolder, dnsSuffix, keys, at }),
  );
  const shared = {
    topology,
    clock,
    journal,
    organization,
    directory: opened.directory,
    database,
    presentations: presentations(),
    domain,
  };
  const servers = new Map<string, LabServer>();
  for (const server of installed) {
    const { dataFolder } = options;
    const place = { bindings: addresses.bindingsOf(server.name), source: addresses.sourceOf(server.name) };
    const started = await startServer(server, { ...shared, dataFolder, logsFolder: logs.folder, place });
    servers.set(server.name.toLowerCase(), started);
    closers.push(() => started.close());
  }
  const accounts = await openAccounts(topology.mailboxes, options.dataFolder);
  const writes = [
    ...organizationWrites(topology, dnsSuffix),
    ...[...servers.values()].flatMap((server) => serverWrites(server.installed, server.bindings, organization)),
    ...(await accounts.writes()),
  ];
  await organization.caughtUp(await opened.directory.write(writes));
  const byFqdn = new Map([...servers.values()].map((server) => [server.installed.fqdn.toLowerCase(), server]));
  for (const server of servers.values()) server.begin((fqdn) => byFqdn.get(fqdn.toLowerCase()));

  const serverNamed = (name: string): LabServer => {
    const found = servers.get(name.toLowerCase());
    if (!found)
      throw unknownServer(
        name,
        [...servers.values()].map((server) => server.installed.name),
      );
    return found;
  };
  const listeners = (): ListenerView[] => [...servers.values()].flatMap((server) => server.listeners());
  const endpointOf = (server: string, connector: "Default" | "Client") => {
    const wanted = `${connector} ${serverNamed(server).installed.name}`;
    const found = serverNamed(server)
      .listeners()
      .find((listener) => listener.connector.endsWith(`\\${wanted}`));
    if (!found) throw noTransport(server);
    return found.endpoint;
  };

  return {
    id: topology.id,
    directoryDescription: opened.description,
    serverNames: installed.map(({ name }) => name),
    logsFolder: logs.folder,
    dataFolder: options.dataFolder,
    facts,
    clockNow: () => clock.now(),
    server: (name) => serverNamed(name).api,
    listeners,
    mailboxes: () =>
      topology.mailboxes.map(({ name, server, addresses: [address = ""] }) => ({
        name,
        server,
        address,
        password: accounts.passwords.get(name) ?? "",
      })),
    send: (message) => submitFromMailbox(message, topology, servers, clock),
    outsideSend: async (message) => sendFromOutside(message, endpointOf(message.via, message.connector), clock.now()),
    dialog: async (server, connector, lines) =>
      (await holdDialog({ endpoint: endpointOf(server, connector), lines })).transcript,
    async delivered(mailbox) {
      const declared = topology.mailboxes.find(({ name }) => name === mailbox);
      if (!declared)
        throw unknownMailbox(
          mailbox,
          topology.mailboxes.map(({ name }) => name),
        );
      return (await serverNamed(declared.server).mailboxStore?.list(mailbox)) ?? [];
    },
    receivedHeaders: async ({ path }) => headerValues(await readFile(path), "Received"),
    async settled() {
      await clock.quiet();
      await Promise.all([journalFile.flush(), ...[...servers.values()].map((server) => server.flush())]);
    },
    async protocolLogs(server, log) {
      const found = serverNamed(server);
      await found.flush();
      return found.logs.files(log);
    },
    stopServer: (name) => serverNamed(name).close(),
    close,
  };
}

/** Does `work` for each, twenty at a time: a thousand half-made certificates at once only take memory. */
async function severalAtATime<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let place = next++; place < items.length; place = next++) results[place] = await work(items[place] as T);
  };
  await Promise.all(Array.from({ length: 20 }, worker));
  return results;
}

const organizationWrites = (topology: Topology, dnsSuffix: string): DirectoryWrite[] => [
  objectWrite("organization", { name: topology.organization, dnsSuffix }),
  ...topology.domains.map((domainName, index) =>
    objectWrite("acceptedDomain", { name: domainName, domainName, domainType: "Authoritative", default: index === 0 }),
  ),
  ...topology.sites.map(({ name, hubSite }) => objectWrite("site", { name, hubSiteEnabled: hubSite })),
  ...topology.siteLinks.map(({ name, sites, cost }) =>
    objectWrite("siteLink", { name, sites, adCost: cost, exchangeCost: null }),
  ),
];

/**
 * The store driver's way in: a mailbox submits to a Hub on its own Mailbox server, else to one of its site.
 * Source: Mail Submission service, docs/fidelity.md#store-driver.
 */
async function submitFromMailbox(
  message: MailboxMessage,
  topology: Topology,
  servers: ReadonlyMap<string, LabServer>,
  clock: Clock,
): Promise<string> {
  const names = topology.mailboxes.map(({ name }) => name);
  const addressOf = (who: string): string => {
    if (who.includes("@")) return who;
    const found = topology.mailboxes.find(({ name }) => name === who)?.addresses[0];
    if (found === undefined) throw unknownMailbox(who, names);
    return found;
  };
  const sender = topology.mailboxes.find(
    ({ name, addresses }) => name === message.from || addresses.includes(message.from),
  );
  const home = sender && servers.get(sender.server.toLowerCase());
  if (!sender || !home) throw unknownMailbox(message.from, names);
  const hub = home.pipeline
    ? home
    : [...servers.values()].find(({ pipeline, installed }) => pipeline && installed.site === home.installed.site);
  if (!hub?.pipeline) throw noTransport(home.installed.name);

  const from = addressOf(message.from);
  const to = message.to.map(addressOf);
  const internetMessageId = newMessageId(home.installed.fqdn);
  const at = clock.now();
  const { subject, text, sizeBytes = 0 } = message;
  const mime = await composeMessage({
    from: { name: sender.name, address: from },
    to,
    subject,
    text,
    internetMessageId,
    at,
    sizeBytes,
  });
  const received = receivedHeader({
    from: { name: home.installed.fqdn, address: home.address },
    by: { name: hub.installed.fqdn, address: hub.address },
    with: "mapi",
    at,
  });
  await hub.pipeline.submit({
    envelope: { from, recipients: to.map((address) => ({ address })), body: "7BIT" },
    content: Buffer.concat([Buffer.from(received), mime]),
    internetMessageId,
    source: "STOREDRIVER",
  });
  return internetMessageId;
}
