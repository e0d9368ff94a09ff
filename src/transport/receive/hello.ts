import { isIP } from "node:net";
import type { ExchangeServer } from "../../directory/index.ts";
import { reply, type SmtpReply } from "../../smtp/index.ts";
import type { Outcome } from "./answer.ts";
import { isDirectTrustPeer, judgeClaim } from "./claim.ts";
import { offeredExtensions } from "./command-line.ts";
import type { Presentation } from "./receive-server.ts";
import { replies } from "./replies.ts";
import { offeredCertificates } from "./secure.ts";
import type { ReceiveSession } from "./session.ts";

/** What a client said of itself, and what that opens to it. */
export interface Hello {
  /** As given; empty when it gave no name. */
  name: string;
  /** Whether it said EHLO. */
  extended: boolean;
  /** The Exchange server of our directory that it says it is. The name alone grants nothing. */
  exchange: ExchangeServer | undefined;
  /** What STARTTLS and X-ANONYMOUSTLS would present; undefined: not offered. */
  startTls: Presentation | undefined;
  anonymousTls: Presentation | undefined;
}

/** `EHLO name`: the connector's extensions, one per line. */
export function ehlo(session: ReceiveSession, rest: string): Outcome {
  const refusal = meet(session, rest, true);
  return refusal ?? { code: 250, lines: [greeting(session), ...keywords(session)] };
}

/** `HELO name`: one line, no extensions. */
export function helo(session: ReceiveSession, rest: string): Outcome {
  return meet(session, rest, false) ?? reply(250, "", greeting(session));
}

function meet(session: ReceiveSession, name: string, extended: boolean): SmtpReply | undefined {
  if (!isAcceptableName(session, name)) return replies.invalidDomainName;
  const exchange = name === "" ? undefined : session.server.exchangeServer(name);
  const offered =
    extended && !session.tls
      ? offeredCertificates(session, exchange)
      : { startTls: undefined, anonymousTls: undefined };
  session.transaction.reset();
  session.peerName = name;
  session.hello = { name, extended, exchange, ...offered };
  if (exchange) judgeClaim(session, exchange);
  return undefined;
}

const greeting = (session: ReceiveSession): string => `${session.fqdn} Hello [${session.wire.remote.address}]`;

/** Source: [bb125140] RequireEHLODomain; the refusal: [bb123686]. Ours: an underscore is let pass, as hosts have them. */
function isAcceptableName(session: ReceiveSession, name: string): boolean {
  if (name === "") return !session.connector.requireEhloDomain;
  const literal = /^\[(?:IPv6:)?([^\]]*)\]$/i.exec(name)?.[1];
  if (literal !== undefined) return isIP(literal) !== 0;
  return name.length <= 255 && /^[\w-]+(?:\.[\w-]+)*\.?$/.test(name);
}

/**
 * The keyword lines of an EHLO reply, in Exchange's order. Each stands for something that works.
 * Source: [dd535395] and captures (docs/fidelity.md#ehlo), where NTLM, GSSAPI and XEXCH50 are told apart as absent.
 */
function keywords(session: ReceiveSession): string[] {
  const { connector, hello } = session;
  const offered = offeredExtensions(connector);
  const lines: [boolean, string][] = [
    [offered.size, sizeKeyword(session)],
    [connector.pipeliningEnabled, "PIPELINING"],
    [offered.dsn, "DSN"],
    [connector.enhancedStatusCodesEnabled, "ENHANCEDSTATUSCODES"],
    [hello?.startTls !== undefined, "STARTTLS"],
    [hello?.anonymousTls !== undefined, "X-ANONYMOUSTLS"],
    [offersLogin(session), "AUTH LOGIN"],
    [offersExchangeAuth(session), "X-EXPS EXCHANGEAUTH"],
    [offered.eightBitMime, "8BITMIME"],
    [offered.binaryMime, "BINARYMIME"],
    [offered.chunking, "CHUNKING"],
  ];
  return lines.filter(([offered]) => offered).map(([, line]) => line);
}

/** Source: published replies: no number where the connector says so, or where the session may exceed it. */
function sizeKeyword({ connector, identity }: ReceiveSession): string {
  const silent = connector.sizeEnabled === "EnabledWithoutValue" || identity.permissions.has("BypassMessageSizeLimit");
  return silent ? "SIZE" : `SIZE ${connector.maxMessageSizeBytes}`;
}

/** Source: [bb124253] BasicAuth, BasicAuthRequireTLS. */
export function offersLogin({ connector, hello, tls }: ReceiveSession): boolean {
  const { authMechanism } = connector;
  if (!hello?.extended || !authMechanism.includes("BasicAuth")) return false;
  return tls !== undefined || !authMechanism.includes("BasicAuthRequireTLS");
}

/**
 * Ours: only inside TLS, and only to those who say they are a Hub of our directory. Edge servers are no members of a
 * domain: whether Exchange shows them the keyword is not known (docs/fidelity.md#direct-trust).
 */
export const offersExchangeAuth = ({ server, connector, hello, tls }: ReceiveSession): boolean =>
  connector.authMechanism.includes("ExchangeServer") &&
  server.role === "hub" &&
  tls !== undefined &&
  hello?.extended === true &&
  hello.exchange !== undefined &&
  !isDirectTrustPeer(server, hello.exchange);
