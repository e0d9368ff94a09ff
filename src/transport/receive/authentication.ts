import { reply } from "../../smtp/index.ts";
import type { Answer, Outcome } from "./answer.ts";
import { offersExchangeAuth, offersLogin } from "./hello.ts";
import type { LogonIdentity } from "./receive-server.ts";
import { replies } from "./replies.ts";
import type { SecuredConnection } from "./secure.ts";
import type { ReceiveSession } from "./session.ts";

/**
 * `AUTH LOGIN [user]`: asks for the user and the password, in base64, and checks them. Nothing of either is logged.
 * Source: RFC 4954 §4; the challenges: draft-murchison-sasl-login.
 */
export function authenticate(session: ReceiveSession, rest: string): Outcome {
  const [mechanism = "", initial, ...more] = rest.split(/\s+/);
  if (!session.hello) return replies.sendHello;
  if (mechanism === "" || more.length > 0) return replies.invalidArguments;
  if (mechanism.toUpperCase() !== "LOGIN" || !offersLogin(session)) return replies.unrecognizedAuthentication;
  if (isTooLate(session)) return replies.badSequence;
  return initial === undefined
    ? challenge(session, "Username:", (line) => takeUser(session, line))
    : takeUser(session, initial);
}

function takeUser(session: ReceiveSession, line: string): Outcome {
  if (line === "*") return replies.authenticationCancelled;
  const user = fromBase64(line);
  if (user === undefined) return replies.invalidArguments;
  return challenge(session, "Password:", (password) => takePassword(session, user, password));
}

function takePassword(session: ReceiveSession, user: string, line: string): Outcome {
  if (line === "*") return replies.authenticationCancelled;
  const password = fromBase64(line);
  if (password === undefined) return replies.invalidArguments;
  return session.server.checkPassword(user, password).then(
    (who) =>
      who ? loggedOn(session, who) : logonFailed(session, "Login", "LogonDenied", replies.authenticationUnsuccessful),
    () => replies.temporaryAuthenticationFailure,
  );
}

function loggedOn(session: ReceiveSession, who: LogonIdentity): Answer {
  session.identity.ownAddresses = who.addresses;
  session.identity.become("user", { by: "password", identity: who.identity });
  session.log.row("*", who.identity, "authenticated");
  return replies.authenticated;
}

function challenge(session: ReceiveSession, prompt: string, next: (line: string) => Outcome): Answer {
  session.continuation = next;
  session.input.authenticating = true;
  return { ...reply(334, "", Buffer.from(prompt).toString("base64")), secret: true };
}

/**
 * `X-EXPS EXCHANGEAUTH blob`: how one Exchange server proves to another who it is. Stands in for Kerberos.
 * Ours: docs/fidelity.md#x-exps. Only the server that its EHLO named may come out of it.
 */
export function exchangeAuthenticate(session: ReceiveSession, rest: string): Outcome {
  const [mechanism = "", blob, ...more] = rest.split(/\s+/);
  const { server, connector, hello, tls } = session;
  if (!connector.authMechanism.includes("ExchangeServer") || server.role === "edge") return replies.notImplemented;
  if (!hello) return replies.sendHello;
  if (mechanism === "" || more.length > 0) return replies.invalidArguments;
  if (mechanism.toUpperCase() !== "EXCHANGEAUTH" || !tls || !offersExchangeAuth(session))
    return replies.unrecognizedAuthentication;
  if (isTooLate(session)) return replies.badSequence;
  return blob === undefined ? replies.invalidArguments : judgeBlob(session, tls, hello.name, blob);
}

async function judgeBlob(
  session: ReceiveSession,
  tls: SecuredConnection,
  ehloName: string,
  blob: string,
): Promise<Answer> {
  const refused = (error: string): Answer => {
    session.proofFailed = true;
    return logonFailed(session, "ExchangeAuth", error, replies.temporaryAuthenticationFailure);
  };
  try {
    const answer = await session.server.exchangeAuth(blob, {
      ehloName,
      channelBinding: tls.channelBinding(),
      serverCertificateSha256: tls.presentation.certificate.sha256,
    });
    if (answer.kind === "refused") return refused(answer.error);
    const claimed = session.hello?.exchange;
    if (!claimed || ![claimed.name, claimed.fqdn].some((name) => isSameName(name, answer.server)))
      return refused("LogonDenied");
    return serverAuthenticated(session, claimed.name, answer.answer);
  } catch {
    return replies.temporaryAuthenticationFailure; // the directory could not be asked: the client tries again later
  }
}

const isSameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function serverAuthenticated(session: ReceiveSession, server: string, answer: string): Answer {
  const identity = `${session.server.domain}\\${server.toUpperCase()}$`;
  session.identity.exchangeServer = server;
  session.identity.become("exchangeServer", { by: "x-exps", identity });
  session.log.row("*", identity, "authenticated");
  return { ...reply(235, "", answer), secret: true };
}

/** Source: [ff981907] event 1035, [hh994900] event 1012, [bb125140] MaxLogonFailures. */
function logonFailed(
  session: ReceiveSession,
  mechanism: "Login" | "ExchangeAuth",
  error: string,
  answer: Answer,
): Answer {
  const { connector, log, wire } = session;
  log.authenticationFailed(error, mechanism);
  session.authenticationReported = true;
  if (++session.logonFailures <= connector.maxLogonFailures) return answer;
  log.event({ id: 1012, parameters: [connector.name, String(connector.maxLogonFailures), wire.remote.address] });
  return { ...replies.tooManyErrors, afterwards: () => session.stopped("Local", "too many logon failures") };
}

/** Source: RFC 4954 §4: once in a session, and not inside a mail transaction. */
const isTooLate = (session: ReceiveSession): boolean =>
  session.identity.authentication.by !== "none" || session.transaction.isOpen;

/** Undefined for what is not base64. */
function fromBase64(text: string): string | undefined {
  if (text === "=") return ""; // RFC 4954 §4: an initial response of length zero
  const isBase64 = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  return isBase64 ? Buffer.from(text, "base64").toString("utf8") : undefined;
}
