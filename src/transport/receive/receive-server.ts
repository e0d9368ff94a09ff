import type { SecureContext } from "node:tls";
import type { ApplicationEvent, Clock, Decision, DecisionRecord, Journal } from "../../base/index.ts";
import type { StoredCertificate } from "../../certificates/index.ts";
import type { ExchangeServer, ReceiveConnector } from "../../directory/index.ts";
import type {
  Authentication,
  Endpoint,
  ProtocolRow,
  SessionRecord,
  SmtpAddress,
  SmtpReply,
  TlsFacts,
} from "../../smtp/index.ts";
import type { Envelope } from "../mail-item.ts";
import type { Permission } from "./permissions.ts";

/** What this stage reports. */
export type ReceiveEvent = ProtocolRow | SessionRecord | ApplicationEvent | DecisionRecord;

/** A certificate of this server together with the TLS context that presents it. */
export interface Presentation {
  certificate: StoredCertificate;
  secureContext: SecureContext;
  /** Its key may not be used: a handshake that is begun with it fails. */
  keyWithheld?: true;
}

/** What the receiving stage needs of the server it belongs to. */
export interface ReceiveServer {
  /** NetBIOS host name: `Ex2007EE`. */
  readonly name: string;
  readonly fqdn: string;
  /** `foreign`: somebody else's host, which strips nothing from a message and marks nothing in it. */
  readonly role: "hub" | "edge" | "foreign";
  /** NetBIOS domain, upper case: `PROEXCHANGE`. */
  readonly domain: string;
  readonly clock: Clock;
  readonly journal: Journal<ReceiveEvent>;
  nextSessionId(): string;
  /** Asked anew for every connection; a session keeps the settings that it started with. */
  connectors(): readonly ReceiveConnector[];
  /** The Exchange server of this server's directory that has this FQDN, whatever its case. */
  exchangeServer(fqdn: string): ExchangeServer | undefined;
  /** What STARTTLS presents to everyone but Exchange servers; no outcome: it is not offered. Source: [bb430748]. */
  startTlsCertificate(connector: ReceiveConnector): Decision<Presentation | undefined>;
  /** What X-ANONYMOUSTLS presents; no outcome: it is not offered. Source: [bb430790]. */
  internalCertificate(connector: ReceiveConnector): Decision<Presentation | undefined>;
  /**
   * Whether what a client presented is the certificate of the Exchange server that it says it is, by direct trust.
   *
   * @param presented DER, the peer's own first; empty when it presented none
   */
  judgeExchangePeer(peer: ExchangeServer, presented: readonly Buffer[]): Decision<PeerVerdict>;
  /** Whether mail from `domain` (lower case) comes by mutual TLS or not at all: TLSReceiveDomainSecureList. */
  isSecuredDomain(domain: string): boolean;
  /** Whether what a client presented proves that it speaks for a secured domain, by chain. `presented` as above. */
  judgePartner(domain: string, presented: readonly Buffer[]): Decision<PartnerVerdict>;
  checkPassword(user: string, password: string): Promise<LogonIdentity | undefined>;
  exchangeAuth(blob: string, session: ExchangeAuthSession): Promise<ExchangeAuthAnswer>;
  /** Whether the organization accepts mail for `domain` (lower case). */
  isLocalDomain(domain: string): boolean;
  /** Whether a recipient in one of those domains is known not to exist: an Edge server's recipient lookup. */
  isUnknownRecipient(address: SmtpAddress): boolean;
  /**
   * Takes responsibility for a message: a 2xx reply means that it is on disk. A rejection becomes
   * `452 4.3.1 Insufficient system resources`, and the client keeps its copy.
   */
  accept(submission: Submission): Promise<SmtpReply>;
}

/** What a peer's certificate is worth. */
export interface PeerVerdict {
  kind: "trusted" | "untrusted";
  reason: string;
}

/** The same of a partner, with the status that event texts name: `Valid`, `UntrustedRoot`, `SubjectMismatch`, … */
export interface PartnerVerdict extends PeerVerdict {
  status: string;
}

/** Who logged on with a password. */
export interface LogonIdentity {
  /** As rows and records show it. */
  identity: string;
  /** The addresses it may send as. */
  addresses: readonly string[];
}

/** What an X-EXPS blob must be bound to. Ours: docs/fidelity.md#x-exps. */
export interface ExchangeAuthSession {
  /** The name that the client gave in its EHLO. */
  ehloName: string;
  /** The TLS exporter's 32 octets, label `EXPORTER-Channel-Binding`, no context. */
  channelBinding: Buffer;
  /** Of the certificate that this server presented: 64 upper-case hex digits. */
  serverCertificateSha256: string;
}

export type ExchangeAuthAnswer =
  /** `server`: name or FQDN of the server that proved itself; `answer`: this server's proof, for the 235 reply. */
  | { kind: "accepted"; server: string; answer: string }
  /** `error`: the word of event 1035: `LogonDenied`, `IllegalMessage`, … */
  | { kind: "refused"; error: string };

/** One message as a session hands it over. */
export interface Submission {
  envelope: Envelope;
  /** The content with this server's Received header in front, and a Message-ID where it had none. */
  content: Buffer;
  /** With its angle brackets. */
  internetMessageId: string;
  session: SubmissionSession;
}

/** What the later stages may want to know of the session that a message came by. */
export interface SubmissionSession {
  sessionId: string;
  /** `Ex2007EE\Default Ex2007EE`. */
  connectorId: string;
  local: Endpoint;
  remote: Endpoint;
  ehloName: string;
  tls: TlsFacts | undefined;
  authentication: Authentication;
  permissions: ReadonlySet<Permission>;
}
