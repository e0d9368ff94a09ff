import type { Clock, LabClock } from "../../base/index.ts";
import type { KeySource } from "../../certificates/index.ts";
import type { Directory, LocalCopy } from "../../directory/index.ts";
import type { EventLog } from "../../logging/index.ts";
import type { DeliveryQueues } from "../../transport/queue/index.ts";
import type { LabErrands, QueueView, ServerApi, Topology } from "../api/index.ts";
import { certificateApi } from "./certificate-api.ts";
import { certificateUseApi } from "./certificate-use-api.ts";
import { configurationApi } from "./configuration-api.ts";
import { explainApi } from "./explain-api.ts";
import { edgeSyncApi, type EdgeSyncSide } from "./edge-sync-api.ts";
import { noTransport } from "../errors.ts";
import { eventsApi } from "./events-api.ts";
import type { InstalledServer } from "../server/install.ts";
import { labTimeApi } from "../ground/lab-time.ts";
import type { Listeners } from "../server/listeners.ts";

/** What the cmdlets of one server reach: its store and queues, and its own directory. */
export interface ServerApiModules {
  server: InstalledServer;
  topology: Pick<Topology, "disputed" | "renewalKeepsIis" | "smtpCertificates" | "overwriteQuestion">;
  clock: Clock;
  labClock: LabClock;
  eventLog: EventLog;
  organization: LocalCopy;
  directory: Directory;
  keys: KeySource;
  ownAddresses: readonly string[];
  /** Undefined on a server without a running transport role. */
  queues: () => DeliveryQueues | undefined;
  listeners: () => Listeners | undefined;
  edgeSync: () => EdgeSyncSide | undefined;
}

/** What a server answers by itself. */
export type OwnServerApi = Omit<ServerApi, keyof LabErrands>;

/** The server as cmdlets see it. Everything that goes in and comes out is plain data. */
export function serverApi(modules: ServerApiModules): OwnServerApi {
  const { server, topology, organization, directory, queues, edgeSync } = modules;
  const write = async (...writes: Parameters<Directory["write"]>[0]): Promise<void> =>
    organization.caughtUp(await directory.write(writes));
  const transport = (): DeliveryQueues => {
    const found = queues();
    if (!found) throw noTransport(server.name);
    return found;
  };
  return {
    name: server.name,
    roles: server.roles,
    overwriteQuestion: topology.overwriteQuestion,
    ...configurationApi({ ...modules, write }),
    ...certificateApi({ ...modules, write }),
    ...explainApi(modules),
    ...certificateUseApi(modules),
    ...edgeSyncApi({ server, organization, side: edgeSync }),
    ...labTimeApi(modules.labClock, server.clockSkewMs),
    ...eventsApi(modules.eventLog),
    queues: async () => [submissionQueue(server.name), ...transport().views()],
    retryQueue: async (identity) => transport().retry(identity),
  };
}

/** Always there, and always empty to look at: what is taken in is categorized at once. Source: [bb125237]. */
const submissionQueue = (server: string): QueueView => ({
  identity: `${server}\\Submission`,
  deliveryType: "Undefined",
  nextHopDomain: "Submission",
  nextHopConnector: null,
  status: "Ready",
  messageCount: 0,
  lastError: null,
  lastRetryTime: null,
  nextRetryTime: null,
  messages: [],
});
