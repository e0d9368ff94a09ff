import type {
  ProtocolLoggingLevel,
  ReceiveConnector,
  ServerRole,
  Site,
  TransportSettings,
} from "../directory/index.ts";
import type { CertificateService } from "../certificates/index.ts";
import type { Endpoint, SessionRecord, SmtpReply } from "../smtp/index.ts";
import type { ApplicationEvent, DecisionRecord } from "../base/index.ts";
import type { MessageRecord } from "../transport/mail-item.ts";

/**
 * What cmdlets may ask of the server they run on. Every call is asynchronous, takes and returns plain data (it survives
 * `structuredClone`), and rejects with a LabError when what it is asked cannot be done.
 */
export interface ServerApi {
  readonly name: string;
  /** Servers with a transport role, all or the one named; rejects SERVER_UNKNOWN. */
  transportServers(identity?: string): Promise<TransportServerView[]>;
  setTransportServer(identity: string, settings: Partial<TransportSettings>): Promise<void>;
  /** The certificates of this server's own store, in the order in which a connector would choose. */
  exchangeCertificates(): Promise<CertificateView[]>;
  /** Connectors of every server, or those of one server (`Ex2007EE`) or one connector (`Ex2007EE\Default Ex2007EE`). */
  receiveConnectors(identity?: string): Promise<ReceiveConnectorView[]>;
  setReceiveConnector(identity: string, changes: ReceiveConnectorChanges): Promise<void>;
  /** This server's own queues, the submission queue first. */
  queues(): Promise<QueueView[]>;
  /** Connects at once and starts the retry timer anew; rejects QUEUE_UNKNOWN. */
  retryQueue(identity: string): Promise<void>;
  adSites(): Promise<AdSiteView[]>;
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
  status: "Valid" | "DateInvalid" | "Invalid" | "Untrusted";
  /** Whether it is the one the directory publishes for this server. */
  internalTransport: boolean;
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
  /** The server it connects to, and which of its receive connectors. */
  via: string;
  connector: "Default" | "Client";
  /** The name it gives in EHLO. */
  ehlo: string;
  tls: OutsideTls;
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
  /** Calls back after any new fact; returns a function that ends it. */
  onFact(listener: () => void): () => void;
}

/** A running lab. `close` ends everything it started. */
export interface Lab {
  readonly id: string;
  /** One line: which directory it uses. */
  readonly directoryDescription: string;
  readonly serverNames: readonly string[];
  readonly logsFolder: string;
  readonly dataFolder: string;
  readonly facts: LabFacts;
  readonly clockNow: () => Date;
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
  delivered(mailbox: string): Promise<DeliveredMessage[]>;
  /** The Received headers of a delivered message, unfolded, the last hop first. */
  receivedHeaders(message: DeliveredMessage): Promise<string[]>;
  /** Resolves when nothing is busy, every server's copy of the directory is current, and the logs are on disk. */
  settled(): Promise<void>;
  /** Protocol-log files of one server, flushed, oldest first. */
  protocolLogs(server: string, log: "SmtpSend" | "SmtpReceive"): Promise<string[]>;
  /** Takes one server off the network, as if it were shut down. */
  stopServer(name: string): Promise<void>;
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
  keys: "cached" | "fresh" | "p256";
  sites: readonly { name: string; hubSite: boolean }[];
  siteLinks: readonly { name: string; sites: readonly string[]; cost: number }[];
  servers: readonly {
    name: string;
    site: string;
    roles: readonly ServerRole[];
    /** Declared address; undefined: assigned from the lab's own loopback range. */
    address: string | undefined;
    protocolLogging: ProtocolLoggingLevel;
  }[];
  mailboxes: readonly { name: string; server: string; addresses: readonly string[]; password: string | undefined }[];
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
