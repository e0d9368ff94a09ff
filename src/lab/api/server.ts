import type { DirectoryObjects, ReceiveConnector, ServerRole, Site, TransportSettings } from "../../directory/index.ts";
import type { CertificateService } from "../../certificates/index.ts";
import type { Topology } from "./declared.ts";
import type { SynchronizationResult, SynchronizationStatus } from "../../edgesync/index.ts";
import type { LoggedEvent } from "../../logging/index.ts";
import type {
  EdgeSubscriptionExport,
  EdgeSubscriptionImport,
  EdgeSubscriptionView,
  SynchronizationRequest,
  SynchronizationTest,
} from "./edge-sync.ts";
import type { LabErrands } from "./errands.ts";
import type {
  NewCertificate,
  NewCertificateRequest,
  CertificateImport,
  CertificateExport,
  CertificateView,
  CertificateChange,
  CertificateEnabling,
  CertificateChoiceRequest,
  CertificateExplanation,
  CertificateUse,
} from "./certificates.ts";

/**
 * What cmdlets may ask of the server they run on. Every call is asynchronous, takes and returns plain data (it survives
 * `structuredClone`), and rejects with a LabError when what it is asked cannot be done. What a server knows nothing of, the lab
 * answers in its place: `LabErrands`.
 */
export interface ServerApi extends LabErrands {
  readonly name: string;
  readonly roles: readonly ServerRole[];
  readonly overwriteQuestion: Topology["overwriteQuestion"];
  /** Servers with a transport role, all or the one named; rejects SERVER_UNKNOWN. */
  transportServers(identity?: string): Promise<TransportServerView[]>;
  setTransportServer(identity: string, settings: Partial<TransportSettings>): Promise<void>;
  /** The certificates of this server's own store, in the order in which a connector would choose. */
  exchangeCertificates(): Promise<CertificateView[]>;
  /**
   * Connectors of every server, or those of one server (`Ex2007EE`) or one connector (`Ex2007EE\Default Ex2007EE`, or by its
   * name alone one of this server).
   */
  receiveConnectors(identity?: string): Promise<ReceiveConnectorView[]>;
  setReceiveConnector(identity: string, changes: ReceiveConnectorChanges): Promise<void>;
  /** Objects of one kind in this server's own directory: Active Directory, or an Edge server's ADAM. */
  configuration<K extends ConfigurationKind>(kind: K): Promise<readonly DirectoryObjects[K][]>;
  /**
   * Puts an object in its place, whole, new or not. A receive connector listens when this resolves. Rejects
   * EDGE_MANAGED_BY_SUBSCRIPTION on a subscribed Edge server for what EdgeSync replicates.
   */
  putConfiguration<K extends ConfigurationKind>(kind: K, object: DirectoryObjects[K]): Promise<void>;
  /** Removes an object; one that is not there is gone already. Rejects EDGE_MANAGED_BY_SUBSCRIPTION likewise. */
  removeConfiguration<K extends ConfigurationKind>(kind: K, object: DirectoryObjects[K]): Promise<void>;
  /** On an Edge server: begins a subscription and writes its file. Rejects EDGE_*. */
  exportEdgeSubscription(request: { fileName: string; overwrite: boolean }): Promise<EdgeSubscriptionExport>;
  /** On a Hub: takes a subscription file in. Rejects EDGE_*. */
  importEdgeSubscription(request: EdgeSubscriptionImport): Promise<EdgeSubscriptionView>;
  /** On a Hub: every subscription of the organization; on an Edge server its own, if there is one. */
  edgeSubscriptions(): Promise<readonly EdgeSubscriptionView[]>;
  /** Ends a subscription on this side. Rejects EDGE_SUBSCRIPTION_UNKNOWN. */
  removeEdgeSubscription(identity: string): Promise<void>;
  /** On a Hub: synchronizes with the Edge servers of its site now, or with one. Rejects EDGE_*; what fails later is a result. */
  startEdgeSynchronization(request: SynchronizationRequest): Promise<readonly SynchronizationResult[]>;
  /** On a Hub: how the Edge servers of its site stand. Rejects EDGE_*. */
  testEdgeSynchronization(request: SynchronizationTest): Promise<readonly SynchronizationStatus[]>;
  /**
   * What would come of a change to the certificates of this server, in lines. Rejects what the change would reject, as far as
   * that can be known before; nothing is changed.
   */
  previewCertificateChange(change: CertificateChange): Promise<readonly string[]>;
  /**
   * Makes a self-signed certificate in this server's store, which no service uses yet; `services` of what comes back are
   * those that it is to be enabled for. Rejects CERT_*.
   */
  newExchangeCertificate(request: NewCertificate): Promise<CertificateView>;
  /** Makes a request in this server's store, and writes it to a file. Rejects CERT_*, FILE_EXISTS. */
  newCertificateRequest(request: NewCertificateRequest): Promise<CertificateView>;
  /** Takes in a PKCS #12 file, or an authority's answer to a request. Rejects CERT_*, FILE_UNKNOWN. */
  importCertificate(request: CertificateImport): Promise<CertificateView>;
  /**
   * Writes a certificate with its key and chain as PKCS #12, or a request as PKCS #10; without a path it is only given
   * back. Rejects CERT_*, FILE_EXISTS.
   */
  exportCertificate(request: CertificateExport): Promise<Uint8Array>;
  /** Adds services. Rejects CERT_*. */
  enableExchangeCertificate(request: CertificateEnabling): Promise<void>;
  /** Rejects CERT_*; the internal transport certificate stays. */
  removeExchangeCertificate(thumbprint: string): Promise<void>;
  /**
   * Which certificate would be presented, and what becomes of every other one. Rejects CERT_CHOICE_*, and for a listing
   * FILE_UNKNOWN and CERT_LISTING_EMPTY.
   */
  explainCertificateChoice(request: CertificateChoiceRequest): Promise<CertificateExplanation>;
  /**
   * Everything that points at a certificate, or at any: what the server itself knows of. Asked through `Lab.server`, what
   * every server of the lab knows, and the sessions that have been.
   *
   * @param withDirectory false: without what its directory says, which another server of the same one has told
   */
  certificateUse(thumbprint?: string, withDirectory?: boolean): Promise<readonly CertificateUse[]>;
  /** This server's own queues, the submission queue first. */
  queues(): Promise<QueueView[]>;
  /** Connects at once and starts the retry timer anew; rejects QUEUE_UNKNOWN. */
  retryQueue(identity: string): Promise<void>;
  adSites(): Promise<AdSiteView[]>;
  /** Services of its Client Access and Unified Messaging roles that have no certificate, and what they carry in the clear. */
  servicesInTheClear(): Promise<readonly { service: CertificateService; traffic: string }[]>;
  /** Lab time, and what this server's clock shows. */
  labTime(): Promise<{ lab: Date; server: Date }>;
  /**
   * Moves lab time on towards `to`, with everything that is due on the way, for `forMs` of real time and the task that is
   * running then; a moment that has passed changes nothing. Whoever wants all of it asks again: so it can be watched, and
   * it stops when nobody asks.
   */
  moveLabTime(to: Date, forMs: number): Promise<LabTimeMoved>;
  /** What this server's Application log holds, the newest first. */
  events(filter: EventFilter): Promise<readonly EventView[]>;
}

/** How far lab time has got on its way. */
export interface LabTimeMoved {
  lab: Date;
  /** The task that is due next on the way; null where there is no way left. */
  due: string | null;
}

/** Which events are asked for; a field that is not given keeps none out. Names in any case. */
export interface EventFilter {
  sources?: readonly string[] | undefined;
  levels?: readonly string[] | undefined;
  ids?: readonly number[] | undefined;
  /** Later than this by the server's clock. */
  after?: Date | undefined;
  before?: Date | undefined;
  /** At most so many, the newest of those that are asked for. */
  newest?: number | undefined;
}

/** An event as the Application log holds it; its time is by the server's clock. */
export type EventView = LoggedEvent;

/** What cmdlets make, change and remove as whole objects. */
export type ConfigurationKind =
  | "acceptedDomain"
  | "remoteDomain"
  | "messageClassification"
  | "transportConfig"
  | "sendConnector"
  | "receiveConnector";

export interface TransportServerView extends TransportSettings {
  name: string;
}

export interface ReceiveConnectorView extends ReceiveConnector {
  /** `Server\Name`. */
  identity: string;
}

/** Everything of a connector that Set-ReceiveConnector may change. */
export type ReceiveConnectorChanges = Partial<Omit<ReceiveConnector, "server" | "name">>;

export interface QueueView {
  /** `Server\3`, `Server\Submission`, `Server\Unreachable`. */
  identity: string;
  deliveryType: string;
  nextHopDomain: string;
  /** Name of the Send connector that mail leaves by; null where none was chosen. */
  nextHopConnector: string | null;
  status: "Active" | "Ready" | "Retry" | "Suspended";
  messageCount: number;
  lastError: string | null;
  lastRetryTime: Date | null;
  nextRetryTime: Date | null;
  /** Internet message ids of what waits in it. */
  messages: readonly string[];
}

export interface AdSiteView extends Site {
  /** Names of the site's servers. */
  servers: readonly string[];
}
