import type { ExchangeServer } from "../../directory/index.ts";
import { type Endpoint, formatReply, reply, type SmtpReply, type TlsVerb } from "../../smtp/index.ts";
import type { Channel } from "../mail-item.ts";
import { SendChannel } from "./channel.ts";
import {
  type ClientConnection,
  ConnectionEnd,
  connectTo,
  type Extensions,
  parseExtensions,
  readReply,
  type Secured,
} from "./connection.ts";
import { replyFor, sayGoodbye, settle } from "./ending.ts";
import type { SendServer } from "./send.ts";
import { intraOrganizationConnector, SessionLog } from "./session-log.ts";
import { channelBindingOf, machineAccount, tlsFacts } from "./tls.ts";

/** Why no mail can go over a session, in the words of a reply: the peer's, or those Exchange uses for its own. */
interface SessionRefusal {
  refusal: SmtpReply;
  /** Say QUIT first; an untrusted peer is told nothing more. */
  farewell: boolean;
}

interface Session {
  server: SendServer;
  target: ExchangeServer;
  log: SessionLog;
  connection: ClientConnection;
}

const isRefusal = (outcome: object): outcome is SessionRefusal => "refusal" in outcome;

/**
 * Opens one session to another Hub and brings it to the point where mail may go: connect, EHLO, TLS, judge the peer's
 * certificate, EHLO, authenticate. Nothing but EHLO and QUIT is ever said in the clear.
 *
 * @param cut ends the session on the spot, now or later
 * @returns a channel, or why there is none
 * Source: [bb691338], TLS between Hubs cannot be turned off; order of the rows: docs/fidelity.md#send-rows.
 */
export async function openSession(
  server: SendServer,
  target: ExchangeServer,
  remote: Endpoint,
  cut?: AbortSignal,
): Promise<Channel | SessionRefusal> {
  const log = new SessionLog(server, remote);
  const destroy = (): void => connection?.destroy();
  log.information("", "attempting to connect");
  let connection: ClientConnection | undefined;
  try {
    connection = await connectTo({
      endpoint: remote,
      localAddress: server.localAddress,
      secureContext: server.secureContext(),
      timeouts: server.timeouts,
      onReply: (text) => log.received(text),
      onEnd: (end) => {
        cut?.removeEventListener("abort", destroy);
        settle(log, end);
      },
    });
    cut?.addEventListener("abort", destroy);
    if (cut?.aborted) destroy();
    log.connected(connection.local);
    const session = { server, target, log, connection };
    const offered = await prepare(session);
    if (!isRefusal(offered)) return new SendChannel(session, offered);
    await refuse(session, offered);
    return offered;
  } catch (failure) {
    return broken(log, connection, failure);
  }
}

/** The stages in order; the first that refuses ends it. */
async function prepare(session: Session): Promise<Extensions | SessionRefusal> {
  const banner = readReply(await session.connection.banner());
  if (banner.code !== 220) return { refusal: banner, farewell: true };
  session.log.facts.peerName = banner.lines[0]?.split(" ")[0] ?? "";

  const inTheClear = await sayHello(session);
  if (isRefusal(inTheClear)) return inTheClear;
  const secured = await startTls(session, inTheClear);
  if (isRefusal(secured)) return secured;
  const distrust = judgePeer(session, secured);
  if (distrust) return distrust;
  const encrypted = await sayHello(session);
  if (isRefusal(encrypted)) return encrypted;
  return (await authenticate(session, secured, encrypted)) ?? encrypted;
}

async function sayHello({ server, log, connection }: Session): Promise<Extensions | SessionRefusal> {
  const line = `EHLO ${server.fqdn}`;
  log.sent(line);
  const answer = await connection.command(line);
  const read = readReply(answer);
  return read.code === 250 ? parseExtensions(answer) : { refusal: read, farewell: true };
}

async function startTls(session: Session, offered: Extensions): Promise<Secured | SessionRefusal> {
  const { server, target, log, connection } = session;
  const verb: TlsVerb = server.intraOrgTls === "starttls" ? "STARTTLS" : "X-ANONYMOUSTLS";
  if (!offered.has(verb)) {
    raise(server, 2015, [intraOrganizationConnector, target.fqdn, target.fqdn]);
    return { refusal: reply(451, "5.7.3", `${verb} is required to send mail`), farewell: true };
  }
  log.sent(verb);
  const answer = readReply(await connection.command(verb));
  if (answer.code !== 220) return { refusal: answer, farewell: true };
  const secured = await connection.startTls();
  const facts = tlsFacts(verb, secured);
  log.facts.tls = facts;
  if (facts.received) log.receivedCertificate(facts.received.thumbprint);
  return secured;
}

/** Before the second EHLO: a peer that is not who the directory says hears nothing more, not even QUIT. */
function judgePeer({ server, target, log }: Session, { certificate }: Secured): SessionRefusal | undefined {
  const { outcome, steps } = server.judge(target, certificate);
  server.journal.report({
    kind: "decision",
    server: server.name,
    at: server.clock.now(),
    about: "peer-certificate",
    subject: log.sessionId,
    outcome: `${outcome.kind}: ${outcome.reason}`,
    steps: steps.map(({ source, text }) => ({ source, text })),
  });
  for (const { event } of steps) if (event) raise(server, event.id, event.parameters);
  if (outcome.kind === "trusted") return undefined;
  return { refusal: reply(454, "4.7.5", `Certificate validation failure, Reason:${outcome.reason}`), farewell: false };
}

/** X-EXPS, the stand-in for Kerberos; the server's answer is checked before any mail goes. */
async function authenticate(
  session: Session,
  secured: Secured,
  offered: Extensions,
): Promise<SessionRefusal | undefined> {
  const { server, target, log, connection } = session;
  if (!(offered.get("X-EXPS") ?? "").split(" ").includes("EXCHANGEAUTH"))
    return { refusal: reply(451, "5.7.3", "Cannot achieve Exchange Server authentication"), farewell: true };
  const attempt = server.authenticate(target, channelBindingOf(secured));
  log.sent("X-EXPS EXCHANGEAUTH");
  log.sent("<Binary Data>");
  log.masked = true;
  const answer = readReply(await connection.command(`X-EXPS EXCHANGEAUTH ${attempt.blob}`));
  log.masked = false;
  if (answer.code === 235 && attempt.checkAnswer(answer.lines.join(" "))) {
    log.facts.authentication = { by: "x-exps", identity: machineAccount(target) };
    return undefined;
  }
  log.information("", "Outbound Authentication failed with LogonDenied");
  raise(server, 2017, ["LogonDenied", intraOrganizationConnector, "ExchangeAuth", `SMTPSVC/${target.fqdn}`]);
  const heard = answer.code >= 400 ? answer : reply(454, "4.7.0", "Temporary authentication failure");
  return { refusal: heard, farewell: true };
}

/** Ends a session that was refused at one of its stages. */
async function refuse({ log, connection }: Session, { refusal, farewell }: SessionRefusal): Promise<void> {
  log.facts.failure = formatReply(refusal);
  if (farewell) await sayGoodbye(log, connection);
  else connection.destroy();
}

function broken(log: SessionLog, connection: ClientConnection | undefined, failure: unknown): SessionRefusal {
  if (!(failure instanceof ConnectionEnd)) {
    connection?.destroy();
    throw failure;
  }
  log.facts.failure ??= formatReply(replyFor(failure));
  log.close();
  return { refusal: replyFor(failure), farewell: false };
}

function raise(server: SendServer, id: number, parameters: readonly string[]): void {
  server.journal.report({ kind: "event", server: server.name, at: server.clock.now(), id, parameters });
}
