import { join } from "node:path";
import { type Clock, type Database, EventJournal } from "../base/index.ts";
import type { Presentations } from "../certificates/index.ts";
import { defaultTransportSettings, type Directory, type LocalCopy } from "../directory/index.ts";
import type { Names } from "../dns/index.ts";
import { type ProtocolLogs, startEventLog, startProtocolLogs } from "../logging/index.ts";
import type { Endpoint } from "../smtp/index.ts";
import { type MailboxStore, openMailboxStore, storeDriverChannel } from "../transport/deliver/index.ts";
import type { OpenChannel } from "../transport/mail-item.ts";
import type { Pipeline } from "../transport/pipeline.ts";
import { openQueueStore } from "../transport/queue/index.ts";
import { checkLogon } from "./accounts.ts";
import type { ListenerView, ServerApi, Topology } from "./api.ts";
import type { LabEvent } from "./events.ts";
import { type Hub, startHub } from "./hub.ts";
import type { InstalledServer } from "./install.ts";
import { serverApi } from "./server-api.ts";

/** What the servers of one process share, and where this one stands. */
export interface ServerModules {
  topology: Topology;
  clock: Clock;
  /** The lab's journal: hears every fact, but not the rows of protocol logs. */
  journal: EventJournal<LabEvent>;
  organization: LocalCopy;
  names: Names;
  directory: Directory;
  database: Database;
  presentations: Presentations;
  /** NetBIOS domain name. */
  domain: string;
  dataFolder: string;
  logsFolder: string;
  place: { bindings: { default: Endpoint; client: Endpoint }; source: string | undefined };
}

/** One server of a lab. `begin` starts its queues, once the directory holds what it needs. */
export interface LabServer {
  readonly installed: InstalledServer;
  readonly api: ServerApi;
  /** Where its connectors listen; undefined without a Hub Transport role. */
  readonly bindings: { default: Endpoint; client: Endpoint } | undefined;
  /** The address that headers name. */
  readonly address: string;
  /** Undefined without a Hub Transport role, before `begin` and after `close`. */
  readonly pipeline: Pipeline | undefined;
  /** Undefined without a Mailbox role. */
  readonly mailboxStore: MailboxStore | undefined;
  readonly logs: ProtocolLogs;
  begin(mailboxServer: (fqdn: string) => LabServer | undefined): void;
  listeners(): ListenerView[];
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Starts one server: its logs, and what its roles need. Throws ADDRESS_IN_USE. */
export async function startServer(installed: InstalledServer, modules: ServerModules): Promise<LabServer> {
  const { name, roles } = installed;
  const { clock, organization, topology } = modules;
  const journal = ownJournal(modules.journal);
  const folder = join(modules.logsFolder, name);
  const settings = () => organization.server(name)?.transport ?? defaultTransportSettings;
  const logs = startProtocolLogs({ server: name, folder, journal, clock, settings });
  const eventLog = startEventLog({ server: name, folder, journal, clock });
  const mailboxStore = roles.includes("Mailbox")
    ? openMailboxStore(join(modules.dataFolder, "mailboxes", name))
    : undefined;
  const hub = roles.includes("HubTransport")
    ? await startHub({
        server: installed,
        options: topology,
        domain: modules.domain,
        clock,
        journal,
        organization,
        names: modules.names,
        presentations: modules.presentations,
        checkPassword: (user, password) => checkLogon(organization, modules.domain, user, password),
        sourceAddress: modules.place.source,
        bindings: modules.place.bindings,
      })
    : undefined;
  let pipeline: Pipeline | undefined;
  let open = true;

  return {
    installed,
    api: serverApi({
      server: installed,
      clock,
      organization,
      directory: modules.directory,
      queues: () => pipeline?.queues,
    }),
    bindings: hub?.bindings,
    address: hub?.bindings.default.address ?? modules.place.bindings.default.address,
    get pipeline() {
      return pipeline;
    },
    mailboxStore,
    logs,
    begin(mailboxServer) {
      const openMailbox: OpenChannel = async ({ nextHopDomain }) => {
        const store = mailboxServer(nextHopDomain)?.mailboxStore;
        if (!store) return { lastError: `451 4.4.0 ${nextHopDomain} has no mailbox store` };
        const mailboxOf = (address: string) => organization.mailboxByAddress(address)?.name;
        return storeDriverChannel({ hub: name, clock, mailboxOf, store });
      };
      pipeline = hub?.begin(openQueueStore(modules.database, name), openMailbox);
    },
    listeners: () => (hub && open ? listenersOf(name, hub) : []),
    flush: async () => void (await Promise.all([logs.flush(), eventLog.flush()])),
    async close() {
      if (!open) return;
      open = false;
      pipeline = undefined;
      await hub?.close();
      await Promise.all([logs.close(), eventLog.close()]);
    },
  };
}

/** A journal for one server's own witnesses; facts are passed on to the lab's. */
function ownJournal(lab: EventJournal<LabEvent>): EventJournal<LabEvent> {
  const journal = new EventJournal<LabEvent>();
  for (const kind of ["session", "message", "event", "decision"] as const) journal.on(kind, (fact) => lab.report(fact));
  return journal;
}

const listenersOf = (name: string, { bindings }: Hub): ListenerView[] => [
  { server: name, connector: `${name}\\Default ${name}`, endpoint: bindings.default },
  { server: name, connector: `${name}\\Client ${name}`, endpoint: bindings.client },
];
