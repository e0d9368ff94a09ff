import { readFile } from "node:fs/promises";
import { openKeySource } from "../certificates/index.ts";
import type { Directory } from "../directory/index.ts";
import { type Endpoint, headerValues } from "../smtp/index.ts";
import { smtpPort } from "../dns/index.ts";
import { holdDialog } from "../world/index.ts";
import { type Accounts, openAccounts } from "./server/accounts.ts";
import type { Lab, LabErrands, LabOptions, Topology } from "./api/index.ts";
import { noTransport, unknownMailbox } from "./errors.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { useInLab } from "./answers/certificate-use-api.ts";
import { explainInLab } from "./answers/explain-in-lab.ts";
import { closers, type Foundation, layFoundation } from "./ground/foundation.ts";
import { foundAuthorities, openAuthorityOffice } from "./outside/authority-files.ts";
import { labErrands } from "./outside/errands.ts";
import { nameDomains } from "./network.ts";
import { sendFromOutside } from "./outside/outside.ts";
import { organizationWrites, publish, serverWrites } from "./publish.ts";
import type { LabServer } from "./server/server.ts";
import { serverCertificates } from "./server/server-certificate.ts";
import { diskOf } from "./server/server-files.ts";
import { submitFromMailbox } from "./store-driver.ts";
import { subscribeDeclared } from "./subscribe.ts";
import { startWorld, type World } from "./outside/world.ts";

/**
 * Brings an organization up: claims addresses and folders, opens the directories, installs every server, starts what
 * listens, publishes it all in one write, starts queues and EdgeSync, and everybody outside. When it rejects, nothing
 * is left behind.
 *
 * Throws what its parts throw: ADDRESS_*, LAB_*, REDIS_*, DATABASE_*, CERT_*.
 */
export async function startLab(topology: Topology, options: LabOptions): Promise<Lab> {
  const ends = closers();
  try {
    const foundation = await layFoundation(topology, options, ends);
    const { directory, organization, names, clock } = foundation;
    const dnsSuffix = topology.domains[0] as string;
    const keys = openKeySource({ folder: options.keyCacheFolder, mode: topology.keys });
    ends.add(() => keys.close());
    const { dataFolder } = options;
    const authorities = await foundAuthorities(topology.world, { keys, at: clock.now(), dataFolder });
    const office = await openAuthorityOffice(authorities, { dataFolder, clock });
    ends.add(() => office.close());
    const { fleet, begin } = await startFleet({ topology, options, foundation, dnsSuffix, keys, authorities, ends });

    const accounts = await openAccounts(topology.mailboxes, dataFolder);
    const members = fleet.all.filter(({ installed }) => installed.site !== null);
    const servers = members.flatMap(({ installed, bindings }) => serverWrites(installed, bindings, organization));
    const writes = [...organizationWrites(topology, dnsSuffix, organization), ...servers, ...(await accounts.writes())];
    await publish(writes, directory, organization);

    // Before the queues begin: what an earlier start left in them may be for somebody outside.
    const world = await startWorld(topology.world, {
      ...foundation,
      keys,
      authorities,
      dataFolder,
      fqdnOf: (server) => fleet.named(server).installed.fqdn,
    });
    ends.add(() => world.close());
    const claimed = new Set(
      topology.world.hosts.flatMap(({ domains }) => domains.map(({ name }) => name.toLowerCase())),
    );
    const exchangers = nameDomains(names, organization, () => fleet.all, claimed);
    ends.add(() => exchangers.close());
    const now = (): Date => clock.now();
    const certificates = serverCertificates({ authorities, keys, now, activeDirectory: foundation });
    await certificates.recover(fleet.all);
    await begin();
    await subscribeDeclared(topology, fleet);
    const errands = labErrands({ authorities, office, world, fleet, certificates, now });
    const close = (): Promise<void> => ends.closeAll();
    return labOf({
      topology,
      dataFolder,
      foundation,
      fleet,
      errands,
      exchangers,
      world,
      accounts,
      close,
    });
  } catch (failure) {
    await ends.closeAll();
    throw failure;
  }
}

interface LabParts {
  topology: Topology;
  dataFolder: string;
  foundation: Foundation;
  fleet: Fleet;
  errands: LabErrands;
  exchangers: { refresh(): void };
  world: World;
  accounts: Accounts;
  close(): Promise<void>;
}

/** The lab as everybody above sees it. */
function labOf(parts: LabParts): Lab {
  const { topology, dataFolder, foundation, fleet, errands, exchangers, world, accounts, close } = parts;
  const { clock, facts, logsFolder, directoryDescription, names } = foundation;

  const endpointOf = (name: string, connector: "Default" | "Client"): Endpoint => {
    const server = fleet.named(name);
    const wanted = `${server.installed.name}\\${connector} `;
    const found = server.listeners().find((listener) => listener.connector.startsWith(wanted));
    if (!found) throw noTransport(name);
    return found.endpoint;
  };
  const homeOf = (mailbox: string): LabServer => {
    const declared = topology.mailboxes.find(({ name }) => name === mailbox);
    const known = topology.mailboxes.map(({ name }) => name);
    if (!declared) throw unknownMailbox(mailbox, known);
    return fleet.named(declared.server);
  };
  const settled = async (): Promise<void> => {
    await clock.quiet();
    await Promise.all([foundation.flushJournal(), ...fleet.all.map((server) => server.flush())]);
  };

  return {
    id: topology.id,
    directoryDescription,
    serverNames: () => fleet.all.map(({ installed }) => installed.name),
    logsFolder,
    dataFolder,
    diskOf: (server) => diskOf(fleet.named(server).installed),
    facts,
    clockNow: () => clock.now(),
    advance: async (byMs) => void (await clock.advance(new Date(clock.now().getTime() + byMs))),
    server: (name) => ({
      ...fleet.named(name).api,
      ...errands,
      certificateUse: useInLab(fleet, facts),
      explainCertificateChoice: explainInLab(fleet, name),
    }),
    listeners: () => fleet.all.flatMap((server) => server.listeners()),
    mailboxes: () =>
      topology.mailboxes.map(({ name, server, addresses: [address = ""] }) => ({
        name,
        server,
        address,
        password: accounts.passwords.get(name) ?? "",
      })),
    send: (message) => submitFromMailbox(message, topology.mailboxes, fleet.all, clock.now()),
    outsideSend: async (message) => {
      const { by } = message;
      if (by.kind === "host") return world.outsideSend(message, by.host);
      return sendFromOutside(message, by, endpointOf(by.via, by.connector), clock.now());
    },
    dialog: async (server, connector, lines) =>
      (await holdDialog({ endpoint: endpointOf(server, connector), lines })).transcript,
    delivered: async (mailbox) =>
      mailbox.includes("@") ? world.delivered(mailbox) : ((await homeOf(mailbox).mailboxStore?.list(mailbox)) ?? []),
    headerValues: async ({ path }, name) => headerValues(await readFile(path), name),
    outsideHosts: () => world.outsideHosts(),
    attackers: () => world.attackers(),
    attackerHeard: (name) => world.attackerHeard(name),
    directoryObjects: async (server) => {
      const { installed, own } = fleet.named(server);
      const instance = installed.site === null ? `adam:${installed.name}` : "ad";
      return storedObjects(own.directory, instance);
    },
    ...errands,
    settled,
    async protocolLogs(server, log) {
      const found = fleet.named(server);
      const files = found.logs.files(log); // a file that is begun while the others are flushed is not there yet
      await found.flush();
      return files;
    },
    intercept: (server, endpoint, port = smtpPort) =>
      names.intercept(fleet.named(server).installed.fqdn, port, endpoint),
    located: (server, port) => names.locateTruly(fleet.named(server).installed.fqdn, port),
    stopServer: (name, how = "in-order") => fleet.stop(name, how),
    async startServer(name) {
      await fleet.start(name);
      exchangers.refresh();
    },
    close,
  };
}

/** Every object of a directory, keyed as `redis-cli` shows it behind the lab's prefix. */
async function storedObjects(directory: Directory, instance: string): ReturnType<Lab["directoryObjects"]> {
  const { changes } = await directory.changesSince(undefined);
  return changes.flatMap((change) => {
    if (change.kind === "removed") return [];
    const attributes = Object.entries(change.object.attributes).map(([name, value]) => [name, JSON.stringify(value)]);
    return [{ key: `${instance}:object:${change.object.id}`, attributes: Object.fromEntries(attributes) }];
  });
}
