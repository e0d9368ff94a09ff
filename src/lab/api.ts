import type {
  DirectoryObjects,
  ProtocolLoggingLevel,
  ReceiveConnector,
  ServerRole,
  Site,
  TransportSettings,
} from "../directory/index.ts";
import type {
  CandidateFate,
  CertificateService,
  CertificateStatus,
  DeclaredCertificate,
  ExpiryRules,
  KeySize,
  TlsSettings,
} from "../certificates/index.ts";
import type {
  DirectoryChangeRecord,
  EdgeSyncSchedule,
  SynchronizationResult,
  SynchronizationStatus,
} from "../edgesync/index.ts";
import type { Endpoint, SessionRecord, SmtpReply } from "../smtp/index.ts";
import type { ApplicationEvent, DecisionRecord } from "../base/index.ts";
import type { LoggedEvent } from "../logging/index.ts";
import type { Ending, MessageRecord } from "../transport/mail-item.ts";
import type { DeclaredWorld, HostFault } from "../world/index.ts";

/**
 * What cmdlets may ask of the server they run on. Every call is asynchronous, takes and returns plain data (it survives
 * `structuredClone`), and rejects with a LabError when what it is asked cannot be done.
 */
export interface ServerApi {
  readonly name: string;
  readonly roles: readonly ServerRole[];
  /** Servers with a transport role, all or the one named; rejects SERVER_UNKNOWN. */
  transportServers(identity?: string): Promise<TransportServerView[]>;
  setTransportServer(identity: string, settings: Partial<TransportSettings>): Promise<void>;
  /** The certificates of this server's own store, in the order in which a connector would choose. */
  exchangeCertificates(): Promise<CertificateView[]>;
  /** Connectors of every server, or those of one server (`Ex2007EE`) or one connector (`Ex2007EE\Default Ex2007EE`). */
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
  /**
   * Adds services. With `overwriteDefault`, and SMTP among them, it takes the place of the internal transport certificate.
   * Rejects CERT_*.
   */
  enableExchangeCertificate(request: {
    thumbprint: string;
    services: readonly CertificateService[];
    overwriteDefault: boolean;
  }): Promise<void>;
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
   */
  certificateUse(thumbprint?: string): Promise<readonly CertificateUse[]>;
  /** This server's own queues, the submission queue first. */
  queues(): Promise<QueueView[]>;
  /** Connects at once and starts the retry timer anew; rejects QUEUE_UNKNOWN. */
  retryQueue(identity: string): Promise<void>;
  adSites(): Promise<AdSiteView[]>;
  /** Services of its Client Access and Unified Messaging roles that have no certificate, and what they carry in the clear. */
  servicesInTheClear(): Promise<readonly { service: CertificateService; traffic: string }[]>;
  /** Lab time, and what this server's clock shows. */
  labTime(): Promise<{ lab: Date; server: Date }>;
  /** Moves lab time on, with everything that is due on the way. Rejects LAB_TIME_PAST: it never goes back. */
  setLabTime(to: Date): Promise<void>;
  /** What this server's Application log holds, the newest first. */
  events(filter: EventFilter): Promise<readonly EventView[]>;
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

export interface EdgeSubscriptionExport {
  /** The file as it really lies on this machine. */
  path: string;
  edgeServerFqdn: string;
  /** Until when the first synchronization must have been. */
  expiresAt: Date;
}

export interface EdgeSubscriptionImport {
  fileName: string;
  site: string;
  createInternetSendConnector: boolean;
  createInboundSendConnector: boolean;
}

export interface EdgeSubscriptionView {
  /** The Edge server's name. */
  name: string;
  /** Null on an Edge server that has not been synchronized yet. */
  site: string | null;
  /** The DNS suffix of the Edge server. */
  domain: string;
  fqdn: string;
  subscribedAt: Date;
}

export interface SynchronizationRequest {
  /** One Edge server; without it all of the site. */
  targetServer?: string;
  forceFullSync?: boolean;
  /** Moves the cookie although something failed. */
  forceUpdateCookie?: boolean;
}

export interface SynchronizationTest {
  targetServer?: string;
  /** Compare contents; false: look at cookies and lease only. */
  compare: boolean;
  excludeRecipients: boolean;
  /** Only this recipient, by any of its addresses. */
  verifyRecipient?: string;
  /** How many differences to list at most. */
  maxReportSize: number;
}

/** What a certificate is made like, or asked for. */
export interface WantedCertificateFields {
  /** `c=US,o=Contoso,cn=mail.contoso.com`; default: the server's host name as CN. */
  subjectName?: string;
  /** DNS names; without any, the server's host name and FQDN. The CN is added where it is not among them. */
  domainNames?: readonly string[];
  friendlyName?: string;
  /** Default: what the lab's keys are. */
  keySize?: KeySize;
  privateKeyExportable?: boolean;
  /** Thumbprint of one in this server's store, whose names and settings it has where no others are given: a renewal. */
  like?: string;
}

export interface NewCertificate extends WantedCertificateFields {
  /** Default: of the one that it is like, or IMAP, POP and SMTP. */
  services?: readonly CertificateService[];
}

export interface NewCertificateRequest extends WantedCertificateFields {
  path: string;
  /** DER; otherwise PEM. */
  binaryEncoded: boolean;
  overwrite: boolean;
}

export interface CertificateImport {
  path: string;
  /** Of a PKCS #12 file. */
  password?: string;
  friendlyName?: string;
  /** Of a key that comes with the file. */
  privateKeyExportable: boolean;
}

export interface CertificateExport {
  /** Of a certificate, or of a request that waits. */
  thumbprint: string;
  path?: string;
  /** Of the PKCS #12 file. */
  password?: string;
  /** DER; otherwise base64. */
  binaryEncoded: boolean;
  overwrite: boolean;
}

export interface TransportServerView extends TransportSettings {
  name: string;
}

export interface CertificateView {
  thumbprint: string;
  services: readonly CertificateService[];
  subject: string;
  issuer: string;
  serialNumber: string;
  notBefore: Date;
  notAfter: Date;
  certificateDomains: readonly string[];
  hasPrivateKey: boolean;
  privateKeyExportable: boolean;
  isSelfSigned: boolean;
  publicKeySize: number;
  rootCaType: string;
  friendlyName: string;
  status: CertificateStatus | "PendingRequest";
  enhancedKeyUsage: readonly string[];
  /** SHA-1 of its public key, 40 upper-case hex digits. */
  keyIdentifier: string;
  x509Version: number;
  /** DER; of a pending request, the request's. */
  der: Uint8Array;
  /** Whether it is the one the directory publishes for this server. */
  internalTransport: boolean;
}

export interface CertificateChoiceRequest {
  /** A connector, another Exchange server, or a domain; without it every receive connector of the server. */
  target?: string;
  /** In place of a target: what a receive connector of that name would present for STARTTLS. */
  fqdn?: string;
  /** A file with the certificates to choose among, as a real server lists them; without it those of this server. */
  listingPath?: string;
}

/** What `explainCertificateChoice` found out. */
export interface CertificateExplanation {
  choices: readonly CertificateChoice[];
  /** What a listing does not say and was taken for granted; empty for a server's own certificates. */
  assumptions: readonly string[];
}

/** One selection and its candidates. */
export interface CertificateChoice {
  selection: "Inbound STARTTLS" | "Inbound X-ANONYMOUSTLS" | "Outbound STARTTLS" | "Outbound X-ANONYMOUSTLS";
  /** The connector, server or domain that it is made for. */
  about: string;
  /** Thumbprint; null where none is presented. */
  chosen: string | null;
  /** In the order in which they are tried. `source` as `bb430748#5`. */
  candidates: readonly {
    thumbprint: string;
    subject: string;
    fate: CandidateFate<never>["fate"];
    reason: string;
    source: string;
  }[];
  /** In order; `event` is the id of what would be logged. */
  steps: readonly { source: string; text: string; event: number | null }[];
}

/** One thing that points at a certificate. */
export interface CertificateUse {
  kind:
    | "Service"
    | "ReceiveConnector"
    | "SendConnector"
    | "DirectoryEntry"
    | "EdgeSubscription"
    | "EdgeSyncCredential"
    | "Session";
  /** The service, the connector, the directory, or the peer. */
  where: string;
  /** The server whose certificate it is, or was. */
  server: string;
  thumbprint: string;
  detail: string;
  /** Whether a store still holds the certificate. */
  inStore: boolean;
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

/** A message to send from a mailbox of the lab. */
export interface MailboxMessage {
  /** The mailbox's name or any of its addresses. */
  from: string;
  /** Mailbox names, or addresses. */
  to: readonly string[];
  subject: string;
  text: string;
  /** Pads the text so that the content has at least this size. */
  sizeBytes?: number;
}

/** How an outside client uses TLS: where it is offered, not at all, or only with it. */
export type OutsideTls = "opportunistic" | "never" | "required";

/** A message that somebody outside the organization brings over SMTP. */
export interface OutsideMessage {
  /**
   * How it comes: from a host of the world to the mail exchangers of the recipients' domain, as that host sends; or from
   * a client of no name to one connector of one server.
   */
  by:
    | { kind: "host"; host: string }
    | {
        kind: "client";
        via: string;
        connector: "Default" | "Client";
        /** The name it gives in EHLO. */
        ehlo: string;
        tls: OutsideTls;
      };
  from: string;
  /** Addresses; mailbox names are not known outside. */
  to: readonly string[];
  subject: string;
  text: string;
  sizeBytes?: number;
}

/** What the outside client saw. */
export interface OutsideOutcome {
  /** The id it gave the message. */
  internetMessageId: string;
  /** Thumbprint of the certificate the server presented; undefined when the session was not encrypted. */
  presented: string | undefined;
  /** Recipients that the server took responsibility for. */
  accepted: readonly string[];
  /** Every refusal in order, by the command that met it; a recipient where it was RCPT. */
  refused: readonly { command: string; recipient: string | undefined; reply: SmtpReply }[];
}

/** A message as it lies in a mailbox. */
export interface DeliveredMessage {
  mailbox: string;
  internetMessageId: string;
  /** The `.eml` file. */
  path: string;
  deliveredAt: Date;
}

/** What an authority is to answer, and where; both files are on the disk of the server `on`. */
export interface CertificateIssue {
  authority: string;
  on: string;
  request: string;
  answer: string;
}

/** A certificate that somebody outside the organization presents. */
export type OutsideCertificate = Pick<
  CertificateView,
  "thumbprint" | "subject" | "issuer" | "isSelfSigned" | "notBefore" | "notAfter"
>;

/** Somebody else's mail host. */
export interface OutsideHostView {
  /** Its FQDN. */
  name: string;
  domains: readonly string[];
  endpoint: Endpoint;
  /** Whether the lab has started it; of one that it has not, no more is known than the certificate it was given. */
  ours: boolean;
  /** Thumbprint of the certificate that it presents now; null: none, or it is not known. */
  presents: string | null;
  /** What it presents, and has presented under faults, in the order in which they were made. */
  certificates: readonly OutsideCertificate[];
}

/** Somebody in the middle. */
export interface AttackerView {
  name: string;
  /** The server or outside host whose port it stands before. */
  before: string;
  /** Whether it stands in the way now. */
  present: boolean;
  endpoint: Endpoint;
  /** The lookalikes that it has shown, in order. */
  certificates: readonly OutsideCertificate[];
}

/** A place where somebody can connect. */
export interface ListenerView {
  server: string;
  /** `Ex2007EE\Default Ex2007EE`. */
  connector: string;
  endpoint: Endpoint;
}

/** The facts that the lab's journals have collected, oldest first. `expect` steps and reports read these. */
export interface LabFacts {
  sessions(): readonly SessionRecord[];
  messages(): readonly MessageRecord[];
  events(): readonly ApplicationEvent[];
  decisions(): readonly DecisionRecord[];
  /** What EdgeSync has changed on Edge servers. */
  directoryChanges(): readonly DirectoryChangeRecord[];
  /** Calls back after any new fact; returns a function that ends it. */
  onFact(listener: () => void): () => void;
}

/** A running lab. `close` ends everything it started. */
export interface Lab {
  readonly id: string;
  /** One line: which directory it uses. */
  readonly directoryDescription: string;
  /** Of the servers that are installed. */
  serverNames(): readonly string[];
  readonly logsFolder: string;
  readonly dataFolder: string;
  readonly facts: LabFacts;
  readonly clockNow: () => Date;
  /** Moves lab time on by so much, with everything that is due on the way; resolves when nothing is busy. */
  advance(byMs: number): Promise<void>;
  server(name: string): ServerApi;
  listeners(): readonly ListenerView[];
  /** Name, primary address, server and password of each mailbox; for `up` and for clients that log on. */
  mailboxes(): readonly { name: string; address: string; server: string; password: string }[];
  /** Submits through the store driver to a Hub of the mailbox's site; resolves with the Internet message id. */
  send(message: MailboxMessage): Promise<string>;
  /** Has an outside client bring one message; refusals are part of the outcome. */
  outsideSend(message: OutsideMessage): Promise<OutsideOutcome>;
  /**
   * Holds a raw SMTP conversation with a receive connector; resolves with all that was said.
   * Rejects DIALOG_MALFORMED, and DIALOG_MISMATCH where the server says something else.
   *
   * @param lines `C: ` is said, `S: ` must be heard (`*` for what varies), `absent: ` must not; `TLS` does the handshake
   */
  dialog(server: string, connector: "Default" | "Client", lines: readonly string[]): Promise<readonly string[]>;
  /** What lies in a mailbox of the lab, or at an outside host for an address of its domains. */
  delivered(mailbox: string): Promise<DeliveredMessage[]>;
  outsideHosts(): readonly OutsideHostView[];
  /** Changes an outside host while it runs; without a fault it is again as declared. Rejects HOST_UNKNOWN. */
  setHostFault(host: string, fault: HostFault | undefined): Promise<void>;
  /**
   * Replaces a server's internal transport certificate on its disk; undefined: the server has its own back. Rejects CERT_*.
   *
   * @param published whether the directory names the new one for the server
   */
  setServerCertificate(
    server: string,
    certificate: DeclaredCertificate | undefined,
    published?: boolean,
  ): Promise<void>;
  attackers(): readonly AttackerView[];
  /** Lets an attacker stand in the way, or go. Rejects ATTACKER_UNKNOWN. */
  setAttacker(name: string, present: boolean): Promise<void>;
  /** All that an attacker could read so far, in order. Rejects ATTACKER_UNKNOWN. */
  attackerHeard(name: string): Promise<string>;
  /**
   * The objects of one server's own directory as its store holds them, by key without the lab's prefix:
   * `adam:Edge1:object:server/Ex2007EE`, and each attribute as JSON.
   */
  directoryObjects(server: string): Promise<readonly { key: string; attributes: Readonly<Record<string, string>> }[]>;
  /**
   * Has an authority answer the request in a file on a server's disk, and leaves the answer there: a `.p7b` brings the
   * authorities above it, any other file is the certificate alone, PEM. Resolves with the thumbprint. Rejects CERT_*, FILE_UNKNOWN.
   */
  issueFromRequest(issue: CertificateIssue): Promise<string>;
  /**
   * Has an outside host trust the certificate in a file on a server's disk, as whoever installs it there would. Resolves with
   * the thumbprint. Rejects CERT_*, FILE_UNKNOWN, HOST_UNKNOWN.
   */
  trustCertificate(trust: { host: string; on: string; file: string; password?: string }): Promise<string>;
  /** Carries a file from one server's disk to another's, as an administrator would. Rejects FILE_UNKNOWN. */
  carryFile(file: string, from: string, to: string): Promise<void>;
  /** The header fields of that name in a delivered message, unfolded, the topmost first: of Received the last hop. */
  headerValues(message: DeliveredMessage, name: string): Promise<string[]>;
  /** Resolves when nothing is busy, every server's copy of the directory is current, and the logs are on disk. */
  settled(): Promise<void>;
  /** Protocol-log files of one server, flushed, oldest first. */
  protocolLogs(server: string, log: "SmtpSend" | "SmtpReceive"): Promise<string[]>;
  /**
   * Puts somebody in the way of a server's port, until the returned function is called.
   *
   * @param port as others know it: 25, or 50636 of an Edge server
   */
  intercept(server: string, endpoint: Endpoint, port?: number): () => void;
  /** Where a server's port is; undefined where nothing listens on it. */
  located(server: string, port: number): Endpoint | undefined;
  /** Takes one server off the network, as if it were shut down; or as if its power were cut: without a word to anybody. */
  stopServer(name: string, how?: Ending): Promise<void>;
  /** Starts a server that was stopped, on what it had on disk; installs one that the lab file has join later. */
  startServer(name: string): Promise<void>;
  close(): Promise<void>;
}

/** The declared organization, checked: what `lab:` in a scenario file says, with every default filled in. */
export interface Topology {
  id: string;
  organization: string;
  domains: readonly string[];
  /** Undefined: the moment of the start. */
  clock: Date | undefined;
  intraOrgTls: "starttls" | "x-anonymoustls";
  hubTrust: "direct-trust" | "exchange";
  /** Whether a certificate that is made like another one takes IIS over from it. */
  renewalKeepsIis: boolean;
  expiry: ExpiryRules;
  keys: "cached" | "fresh" | "p256";
  sites: readonly { name: string; hubSite: boolean }[];
  siteLinks: readonly { name: string; sites: readonly string[]; cost: number }[];
  servers: readonly DeclaredServer[];
  mailboxes: readonly DeclaredMailbox[];
  edgeSync: EdgeSyncSchedule;
  world: DeclaredWorld;
}

export interface DeclaredServer {
  name: string;
  /** Null for an Edge server: only a subscription gives it one. */
  site: string | null;
  roles: readonly ServerRole[];
  /** Declared address; undefined: assigned from the lab's own loopback range. */
  address: string | undefined;
  protocolLogging: ProtocolLoggingLevel;
  /** Whether it is there from the start; otherwise Setup runs when it is started for the first time. */
  present: boolean;
  /** Of an Edge server; undefined: the organization's. */
  dnsSuffix: string | undefined;
  /** How far its clock is ahead of lab time; below zero, behind it. */
  clockSkewMs: number;
  /** Setup is given /NoSelfSignedCertificates. */
  noSelfSignedCertificates: boolean;
  tlsSettings: TlsSettings;
  /** What it has in place of the certificate that Setup makes; undefined: that one. */
  certificate: DeclaredCertificate | undefined;
  /** Certificates it has beside the one that Setup makes, enabled for SMTP, the last one the newest. */
  certificates: readonly DeclaredCertificate[];
  /** Authorities in its trusted root store. */
  trusts: readonly string[];
  /** Of an Edge server: the site that it is subscribed to, and synchronized, when the lab is up; undefined: to none. */
  subscription: string | undefined;
}

export interface DeclaredMailbox {
  name: string;
  server: string;
  addresses: readonly string[];
  password: string | undefined;
  requireSenderAuthentication: boolean;
  safeSenders: readonly string[];
}

export interface LabOptions {
  /** `auto`, `embedded`, `redis` (a private one, required), or a URL. */
  directory: string;
  logsFolder: string;
  /** Where queues, mailboxes, stores and the embedded directory lie. */
  dataFolder: string;
  /** Append to existing logs (`up`) or move them to `<id>.previous` first (`run`). */
  keepLogs: boolean;
  /** `HUBEDGE_PROBE`: answers forced for this machine's capabilities. */
  probe: readonly string[];
  /** `HUBEDGE_REDIS`, where set. */
  redisUrl: string | undefined;
  /** `~/.cache/hubedge/keys` by default. */
  keyCacheFolder: string;
  /** Where programs are looked for: `PATH`. */
  path: string;
  /** This process, and how to ask whether another one runs: a lab's log folder has one holder. */
  process: { id: number; isRunning(id: number): boolean };
}
