import type { TLSSocket } from "node:tls";
import type { Decision } from "../../base/index.ts";
import { peerCertificates, readPresented } from "../../certificates/index.ts";
import type { ExchangeServer } from "../../directory/index.ts";
import type { PeerCertificate, TlsFacts, TlsVerb } from "../../smtp/index.ts";
import type { Outcome } from "./answer.ts";
import { isDirectTrustPeer } from "./claim.ts";
import type { Hello } from "./hello.ts";
import type { Presentation } from "./receive-server.ts";
import { replies } from "./replies.ts";
import type { ReceiveSession } from "./session.ts";

/** A handshake that is about to begin. */
export interface StartingTls {
  verb: TlsVerb;
  presentation: Presentation;
  /** Whether the client is asked for a certificate. It need not have one, and the handshake judges none. */
  asksForCertificate: boolean;
}

/** A session inside TLS. */
export interface SecuredConnection {
  facts: TlsFacts;
  presentation: Presentation;
  /** What the client presented: DER, its own certificate first; empty when it presented none that can be read. */
  peerChain: readonly Buffer[];
  /** What an authentication inside this very session must be bound to. */
  channelBinding(): Buffer;
}

/**
 * What each verb would present to this client. To an Exchange server of our directory STARTTLS behaves as
 * X-ANONYMOUSTLS does. Ours: docs/fidelity.md#starttls-between-servers.
 */
export function offeredCertificates(
  session: ReceiveSession,
  exchange: ExchangeServer | undefined,
): { startTls: Presentation | undefined; anonymousTls: Presentation | undefined } {
  const { server, connector } = session;
  const anonymous = decided(session, "anonymous-tls-certificate", server.internalCertificate(connector));
  if (exchange) return { startTls: anonymous, anonymousTls: anonymous };
  const startTls = decided(session, "starttls-certificate", server.startTlsCertificate(connector));
  return { startTls, anonymousTls: anonymous };
}

function decided(
  { log }: ReceiveSession,
  about: string,
  { outcome, steps }: Decision<Presentation | undefined>,
): Presentation | undefined {
  log.decision(about, outcome?.certificate.thumbprint ?? "not offered", steps);
  return outcome;
}

export const startTls = (session: ReceiveSession): Outcome => begin(session, "STARTTLS", session.hello?.startTls);
export const anonymousTls = (session: ReceiveSession): Outcome =>
  begin(session, "X-ANONYMOUSTLS", session.hello?.anonymousTls);

function begin(session: ReceiveSession, verb: TlsVerb, presentation: Presentation | undefined): Outcome {
  if (!session.hello) return replies.sendHello;
  if (!presentation) return replies.notImplemented;
  if (session.identity.authentication.by !== "none") return replies.badSequence; // TLS would have to forget it
  const asksForCertificate = asksForCertificateAt(session, session.hello, verb);
  return { ...replies.tlsReady, afterwards: () => session.startTls({ verb, presentation, asksForCertificate }) };
}

/**
 * Between Hub and Edge both present certificates, whatever the verb; anybody else is asked by STARTTLS where the
 * connector is domain-secure. Source: [bb430753] direct trust, Domain Security, 2013 edition.
 */
const asksForCertificateAt = ({ server, connector }: ReceiveSession, { exchange }: Hello, verb: TlsVerb): boolean =>
  exchange ? isDirectTrustPeer(server, exchange) : verb === "STARTTLS" && connector.domainSecureEnabled;

/** Data and context of the rows that follow the handshake. Source: published logs (docs/fidelity.md#certificate-rows). */
export const receivedCertificateRows = (
  received: PeerCertificate | undefined,
): readonly [data: string, context: string][] =>
  received
    ? [
        ["", "Received certificate"],
        [received.thumbprint, "Certificate thumbprint"],
      ]
    : [];

export function securedConnection(socket: TLSSocket, { verb, presentation }: StartingTls): SecuredConnection {
  const peerChain = peerCertificates(socket);
  const { presented: received } = readPresented(peerChain);
  return {
    facts: {
      verb,
      protocol: socket.getProtocol() ?? "unknown",
      cipher: socket.getCipher().standardName,
      presented: presentation.certificate.thumbprint,
      received: received && {
        thumbprint: received.thumbprint,
        subject: received.subject,
        selfSigned: received.selfSigned,
        notAfter: received.notAfter,
      },
    },
    presentation,
    peerChain: received ? peerChain : [],
    channelBinding: () => socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0)),
  };
}

/**
 * The word for a failed handshake: this side's key may not be used, what came was not TLS or not acceptable, or nothing
 * came any more.
 * Source: published logs; which of OpenSSL's errors is which is Inferred (docs/fidelity.md#tls-failures).
 */
export function negotiationFailure(
  error: Error | undefined,
  { keyWithheld }: Pick<Presentation, "keyWithheld">,
): string {
  if (!error || !("code" in error) || !String(error.code).startsWith("ERR_SSL")) return "SocketError";
  return keyWithheld ? "NoCredentials" : "InvalidToken";
}
