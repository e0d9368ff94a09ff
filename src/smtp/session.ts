import type { Endpoint } from "./endpoint.ts";

/** The verb that started TLS: the standard one, or Exchange's own between its servers. */
export type TlsVerb = "STARTTLS" | "X-ANONYMOUSTLS";

/** What the handshake really did. Encrypted and authenticated are two facts, kept apart. */
export interface TlsFacts {
  verb: TlsVerb;
  /** As Node names it: `TLSv1.3`. */
  protocol: string;
  /** The standard name of the cipher suite. */
  cipher: string;
  /** The certificate this side presented: its thumbprint, 40 upper-case hex digits; undefined when it sent none. */
  presented: string | undefined;
  /** The certificate the other side presented. */
  received: PeerCertificate | undefined;
}

/** What is recorded of a certificate that a peer presented. */
export interface PeerCertificate {
  thumbprint: string;
  subject: string;
  selfSigned: boolean;
  notAfter: Date;
}

/** How the peer's identity was established. `x-exps` is the stand-in for Kerberos (docs/fidelity.md#x-exps). */
export type AuthenticationMeans = "none" | "password" | "x-exps" | "direct-trust" | "chain";

export interface Authentication {
  by: AuthenticationMeans;
  /** `PROEXCHANGE\EX2007SE$` for a server, the mailbox's address for a user, empty for nobody. */
  identity: string;
}

/**
 * One row of a Send or Receive protocol log. `log` says which; the server keeps one stream of each.
 * Source: [aa997624].
 */
export interface ProtocolRow {
  kind: "protocolRow";
  log: "SmtpSend" | "SmtpReceive";
  server: string;
  at: Date;
  connectorId: string;
  sessionId: string;
  /** From 0, one up per row of the session. */
  sequence: number;
  /** Undefined on Send rows before the connection exists. */
  local: Endpoint | undefined;
  remote: Endpoint;
  /** `+` connect, `-` disconnect, `>` sent by this server, `<` received by it, `*` information. */
  event: "+" | "-" | ">" | "<" | "*";
  data: string;
  context: string;
}

/** One record per session and side, at its end. Holds facts; nothing secret fits into it. */
export interface SessionRecord {
  kind: "session";
  side: "send" | "receive";
  server: string;
  connectorId: string;
  sessionId: string;
  startedAt: Date;
  endedAt: Date;
  local: Endpoint | undefined;
  remote: Endpoint;
  /** The name the other side gave: in its EHLO, or in its greeting. */
  peerName: string;
  tls: TlsFacts | undefined;
  authentication: Authentication;
  /** Internet message ids of what was handed over in it, in order. */
  messages: readonly string[];
  /** Why it ended early, where it did. */
  failure: string | undefined;
}
