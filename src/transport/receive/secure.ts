import type { TLSSocket } from "node:tls";
import type { Decision } from "../../base/index.ts";
import type { StoredCertificate } from "../../certificates/index.ts";
import type { ExchangeServer } from "../../directory/index.ts";
import type { TlsFacts, TlsVerb } from "../../smtp/index.ts";
import type { Outcome } from "./answer.ts";
import type { Presentation } from "./receive-server.ts";
import { replies } from "./replies.ts";
import type { ReceiveSession } from "./session.ts";

/** A handshake that is about to begin. */
export interface StartingTls {
  verb: TlsVerb;
  presentation: Presentation;
}

/** A session inside TLS. */
export interface SecuredConnection {
  facts: TlsFacts;
  presentation: Presentation;
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
  session: ReceiveSession,
  about: string,
  decision: Decision<Presentation | undefined>,
): Presentation | undefined {
  const { server, log } = session;
  const outcome = decision.outcome?.certificate.thumbprint ?? "not offered";
  const steps = decision.steps.map(({ source, text }) => ({ source, text }));
  server.journal.report({
    kind: "decision",
    server: server.name,
    at: server.clock.now(),
    about,
    subject: log.sessionId,
    outcome,
    steps,
  });
  for (const { event } of decision.steps) if (event) log.event(event);
  return decision.outcome;
}

export const startTls = (session: ReceiveSession): Outcome => begin(session, "STARTTLS", session.hello?.startTls);
export const anonymousTls = (session: ReceiveSession): Outcome =>
  begin(session, "X-ANONYMOUSTLS", session.hello?.anonymousTls);

function begin(session: ReceiveSession, verb: TlsVerb, presentation: Presentation | undefined): Outcome {
  if (!session.hello) return replies.sendHello;
  if (!presentation) return replies.notImplemented;
  if (session.authentication.by !== "none") return replies.badSequence; // TLS would have to forget it
  return { ...replies.tlsReady, afterwards: () => session.startTls({ verb, presentation }) };
}

/** Data and context of the rows that follow the go-ahead. Source: published logs (docs/fidelity.md#certificate-rows). */
export const certificateRows = (certificate: StoredCertificate): [data: string, context: string][] => [
  ["", "Sending certificate"],
  [certificate.subject, "Certificate subject"],
  [certificate.issuer, "Certificate issuer name"],
  [certificate.serialNumber, "Certificate serial number"],
  [certificate.thumbprint, "Certificate thumbprint"],
  [certificate.alternateNames.join(";"), "Certificate alternate names"],
];

export function securedConnection(socket: TLSSocket, { verb, presentation }: StartingTls): SecuredConnection {
  return {
    facts: {
      verb,
      protocol: socket.getProtocol() ?? "unknown",
      cipher: socket.getCipher().standardName,
      presented: presentation.certificate.thumbprint,
      received: undefined, // nobody is asked for a certificate here
    },
    presentation,
    channelBinding: () => socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0)),
  };
}

/**
 * The word for a failed handshake: what came was not TLS or not acceptable, or nothing came any more.
 * Source: published logs; which of OpenSSL's errors is which is Inferred (docs/fidelity.md#tls-failures).
 */
export const negotiationFailure = (error: Error | undefined): string =>
  error && "code" in error && String(error.code).startsWith("ERR_SSL") ? "InvalidToken" : "SocketError";
