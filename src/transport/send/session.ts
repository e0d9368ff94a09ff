import { type Endpoint, formatReply } from "../../smtp/index.ts";
import type { Channel } from "../mail-item.ts";
import { authenticate } from "./authenticate.ts";
import { SendChannel } from "./channel.ts";
import {
  type ClientConnection,
  ConnectionEnd,
  connectTo,
  type Extensions,
  parseExtensions,
  readReply,
} from "./connection.ts";
import { replyFor, sayGoodbye, settle } from "./ending.ts";
import type { SessionRules } from "./rules.ts";
import { judgePeer, startTls, tlsMissing } from "./secure.ts";
import type { SendServer } from "./send-server.ts";
import { SessionLog } from "./session-log.ts";
import { goodbye, isRefusal, type Session, type SessionRefusal } from "./stage.ts";

/**
 * Opens one session and brings it to the point where mail may go: connect, EHLO, TLS, judge the peer's certificate,
 * EHLO, authenticate; which of these there are, the rules say. Where TLS is required nothing but EHLO and QUIT is ever
 * said in the clear.
 *
 * @param host the peer's name, or its address in brackets
 * @param cut ends the session on the spot, now or later
 * @returns a channel, or why there is none
 * Source: [bb691338], TLS between Hubs cannot be turned off; order of the rows: docs/fidelity.md#send-rows.
 */
export async function openSession(
  server: SendServer,
  host: string,
  remote: Endpoint,
  rules: SessionRules,
  cut?: AbortSignal,
): Promise<Channel | SessionRefusal> {
  const log = new SessionLog(server, rules, remote);
  const destroy = (): void => connection?.destroy();
  log.information("", "attempting to connect");
  let connection: ClientConnection | undefined;
  try {
    connection = await connectTo({
      endpoint: remote,
      localAddress: server.localAddress,
      secureContext: server.presentations.clientSecureContext(),
      timeouts: server.timeouts,
      onReply: (text) => log.received(text),
      onEnd: (end) => {
        cut?.removeEventListener("abort", destroy);
        if (end.kind === "tls" && rules.tls === "required") tlsMissing({ server, rules, host });
        settle(log, end);
      },
    });
    cut?.addEventListener("abort", destroy);
    if (cut?.aborted) destroy();
    log.connected(connection.local);
    const session = { server, host, rules, log, connection };
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
  if (banner.code !== 220) return goodbye(banner);
  session.log.facts.peerName = banner.lines[0]?.split(" ")[0] ?? "";

  const inTheClear = await sayHello(session);
  if (isRefusal(inTheClear)) return inTheClear;
  const secured = await startTls(session, inTheClear);
  if (!secured) return inTheClear;
  if (isRefusal(secured)) return secured;
  const distrust = judgePeer(session, secured);
  if (distrust) return distrust;
  const encrypted = await sayHello(session);
  if (isRefusal(encrypted)) return encrypted;
  const { peer } = session.rules;
  if (peer.kind !== "hub") return encrypted;
  return (await authenticate(session, peer.server, secured, encrypted)) ?? encrypted;
}

/** After HELO the peer has no extensions, whatever it says. */
async function sayHello({ rules, log, connection }: Session): Promise<Extensions | SessionRefusal> {
  log.sent(rules.hello);
  const answer = await connection.command(rules.hello);
  const read = readReply(answer);
  if (read.code !== 250) return goodbye(read);
  return rules.hello.startsWith("HELO") ? new Map() : parseExtensions(answer);
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
