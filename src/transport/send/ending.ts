import { formatReply, reply, type SmtpReply } from "../../smtp/index.ts";
import { type ClientConnection, type ConnectionEnd, readReply } from "./connection.ts";
import type { SessionLog } from "./session-log.ts";

/** QUIT, and the end; a peer that does not answer is not waited for. Never rejects. */
export async function sayGoodbye(log: SessionLog, connection: ClientConnection): Promise<void> {
  if (connection.ended) return;
  const impatience = setTimeout(() => connection.destroy(), 5_000);
  log.sent("QUIT");
  log.leaving = true;
  await connection.command("QUIT").catch(() => "");
  clearTimeout(impatience);
  connection.end();
}

/** The last row and the record of a session that had come about. */
export function settle(log: SessionLog, end: ConnectionEnd): void {
  if (end.kind === "tls")
    log.information("", `TLS negotiation failed with error ${end.by === "Remote" ? "SocketError" : "InvalidToken"}`);
  if (end.kind !== "closed" && !log.leaving) log.facts.failure ??= formatReply(replyFor(end));
  log.disconnected(end.by);
  log.close();
}

/** What Exchange says of a connection that broke. Source: [aa563688]; which for a failed handshake: Inferred. */
export function replyFor(end: ConnectionEnd): SmtpReply {
  if (end.reply !== undefined && /^[45]\d\d/.test(end.reply)) return readReply(end.reply);
  switch (end.kind) {
    case "refused":
      return reply(421, "4.2.1", "Unable to connect");
    case "timedOut":
      return reply(421, "4.4.1", "Connection timed out");
    case "tls":
      return reply(454, "4.7.0", "Failed to establish appropriate TLS channel");
    case "closed":
    case "dropped":
    case "protocol":
      return reply(421, "4.4.2", "Connection dropped due to SocketError");
  }
}
