import { join } from "node:path";
import type { Clock, Database, EventJournal, LabClock } from "../../base/index.ts";
import type { KeySource, Presentations } from "../../certificates/index.ts";
import { defaultTransportSettings, type Directory, isEdge, isHub, type LocalCopy } from "../../directory/index.ts";
import type { Names } from "../../dns/index.ts";
import { type ProtocolLogs, startEventLog, startProtocolLogs } from "../../logging/index.ts";
import { type Endpoint, formatEndpoint, parseEndpoint } from "../../smtp/index.ts";
import { type MailboxStore, openMailboxStore, storeDriverChannel } from "../../transport/deliver/index.ts";
import type { Ending, OpenChannel } from "../../transport/mail-item.ts";
import type { Pipeline } from "../../transport/pipeline.ts";
import { openQueueStore } from "../../transport/queue/index.ts";
import { checkLogon } from "./accounts.ts";
import type { ListenerView, Topology } from "../api/index.ts";
import { ServerJournal, watchCertificates } from "./certificate-watch.ts";
import type { EdgeSyncSide } from "../answers/edge-sync-api.ts";
import { startEdgeSync } from "./edge-sync.ts";
import type { LabEvent } from "./events.ts";
import type { InstalledServer } from "./install.ts";
import { type OwnServerApi, serverApi } from "../answers/server-api.ts";
import { startTransport, type TransportRole } from "./transport.ts";

/** What the servers of one process share, what is this one's own, and where it stands. */
export interface ServerModules {
  topology: Topology;
  /** Its own, which may be off. */
  clock: Clock;
  labClock: LabClock;
  /** The lab's journal: hears every fact, but not the rows of protocol logs. */
  journal: EventJournal<LabEvent>;
  /** Active Directory; of an Edge server, its own ADAM. */
  organization: LocalCopy;
  directory: Directory;
  names: Names;
  /** Of the queues. */
  database: Database;
  keys: KeySource;
  presentations: Presentations;
  /** NetBIOS domain name. */
  domain: string;
  dataFolder: string;
  logsFolder: string;
  place: ServerPlace;
}

/** Where a server is to listen, and what its connections come from. */
export interface ServerPlace {
  smtp: Endpoint;
  client: Endpoint;
  edgeSync: Endpoint;
  source: string | undefined;
}

/** One server of a lab. `begin` starts its queues and EdgeSync, once the directory holds what they need. */
export interface LabServer {
  readonly installed: InstalledServer;
  readonly api: OwnServerApi;
  /** Its own directory. */
  readonly own: { directory: Directory; organization: LocalCopy };
  /** Where Setup's receive connectors listen, in their order; none without a transport role. */
  readonly bindings: readonly Endpoint[];
  /** The address that headers name. */
  readonly address: string;
  /** Undefined without a transport role, before `begin` and after `close`. */
  readonly pipeline: Pipeline | undefined;
  readonly edgeSync: EdgeSyncSide | undefined;
  /** Undefined without a Mailbox role. */
  readonly mailboxStore: MailboxStore | undefined;
  readonly logs: ProtocolLogs;
  begin(mailboxServer: (fqdn: string) => LabServer | undefined): Promise<void>;
  listeners(): ListenerView[];
  flush(): Promise<void>;
  close(how?: Ending): Promise<void>;
}

/** Starts one server: its logs, and what its roles need. Throws ADDRESS_IN_USE. */
export async function startServer(installed: InstalledServer, modules: ServerModules): Promise<LabServer> {
  const { name, roles } = installed;
  const { clock, organization, directory } = modules;
  const journal = ownJournal(modules.journal);
  const folder = join(modules.logsFolder, name);
  const settings = () => organization.server(name)?.transport ?? defaultTransportSettings;
  const logs = startProtocolLogs({ server: name, folder, journal, clock, settings });
  const eventLog = startEventLog({ server: name, folder, journal, clock, levels: levelsOf(modules.topology) });
  const mailboxStore = roles.includes("Mailbox")
    ? openMailboxStore(join(modules.dataFolder, "mailboxes", name))
    : undefined;
  const transport = await startTransportOf(installed, modules, journal);
  const ownAddresses = [...new Set((transport?.bindings ?? [modules.place.smtp]).map(({ address }) => address))];
  let pipeline: Pipeline | undefined;
  let edgeSync: EdgeSyncSide | undefined;
  let stopWatching = (): void => {};
  let open = true;

  return {
    installed,
    own: { directory, organization },
    api: serverApi({
      ...modules,
      server: installed,
      eventLog,
      ownAddresses,
      queues: () => pipeline?.queues,
      listeners: () => (open ? transport?.listeners : undefined),
      edgeSync: () => edgeSync,
    }),
    bindings: transport?.bindings ?? [],
    address: ownAddresses[0] ?? modules.place.smtp.address,
    get pipeline() {
      return pipeline;
    },
    get edgeSync() {
      return edgeSync;
    },
    mailboxStore,
    logs,
    async begin(mailboxServer) {
      const openMailbox: OpenChannel = async ({ nextHopDomain }) => {
        const store = mailboxServer(nextHopDomain)?.mailboxStore;
        if (!store) return { lastError: `451 4.4.0 ${nextHopDomain} has no mailbox store` };
        const mailboxOf = (address: string) => organization.mailboxByAddress(address)?.name;
        return storeDriverChannel({ hub: name, clock, mailboxOf, store });
      };
      const store = openQueueStore(modules.database, name);
      pipeline = transport?.begin(store, isHub(installed) ? openMailbox : undefined);
      edgeSync = transport && (await startEdgeSync(installed, modules, journal));
      if (transport)
        stopWatching = watchCertificates({
          ...modules,
          server: installed,
          journal,
          disputed: modules.topology.disputed,
        });
    },
    listeners: () => (open ? listenersOf(installed, organization, transport?.bindings ?? []) : []),
    flush: async () => void (await Promise.all([logs.flush(), eventLog.flush()])),
    async close(how = "in-order") {
      if (!open) return;
      open = false;
      stopWatching();
      const [syncing] = [edgeSync];
      pipeline = edgeSync = undefined;
      if (syncing?.role === "hub" && how === "power-cut") syncing.hub.abandon();
      else if (syncing?.role === "hub") await syncing.hub.close();
      else await syncing?.edge.close();
      await transport?.close(how);
      await Promise.all([logs.close(), eventLog.close()]);
    },
  };
}

const levelsOf = ({ event1035 }: Topology) => ({ 1035: event1035 === "error" ? "Error" : "Warning" }) as const;

function startTransportOf(
  server: InstalledServer,
  modules: ServerModules,
  journal: EventJournal<LabEvent>,
): Promise<TransportRole> | undefined {
  const { place, topology, organization, domain } = modules;
  if (!isHub(server) && !isEdge(server)) return undefined;
  const hub = isHub(server);
  return startTransport({
    ...modules,
    server,
    role: hub ? "hub" : "edge",
    options: topology,
    journal,
    checkPassword: async (user, password) => (hub ? checkLogon(organization, domain, user, password) : undefined), // nobody has an account on an Edge server
    sourceAddress: place.source,
    bindings: hub ? [place.smtp, place.client] : [place.smtp],
  });
}

/** A journal for one server's own witnesses; facts are passed on to the lab's. */
function ownJournal(lab: EventJournal<LabEvent>): EventJournal<LabEvent> {
  const journal = new ServerJournal();
  for (const kind of ["session", "message", "event", "decision", "directoryChange"] as const)
    journal.on(kind, (fact) => lab.report(fact));
  return journal;
}

/** Every enabled receive connector and where it listens, as the directory has it; those that Setup made come first. */
function listenersOf({ name }: InstalledServer, organization: LocalCopy, first: readonly Endpoint[]): ListenerView[] {
  const rank = ({ endpoint }: ListenerView): number => {
    const index = first.findIndex((one) => formatEndpoint(one) === formatEndpoint(endpoint));
    return index < 0 ? first.length : index;
  };
  return organization
    .receiveConnectors(name)
    .filter(({ enabled }) => enabled)
    .flatMap((connector) =>
      connector.bindings.flatMap((binding) => {
        const endpoint = parseEndpoint(binding);
        return endpoint ? [{ server: name, connector: `${name}\\${connector.name}`, endpoint }] : [];
      }),
    )
    .sort((one, other) => rank(one) - rank(other));
}
