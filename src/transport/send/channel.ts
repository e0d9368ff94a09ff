import { dotStuffed, formatReply, reply, type SmtpReply, withoutHeaders } from "../../smtp/index.ts";
import type { AttemptOutcome, Channel, Delivery, RecipientOutcome } from "../mail-item.ts";
import { type ClientConnection, ConnectionEnd, type Extensions, readReply } from "./connection.ts";
import { bodyRefusal, envelopeCommands } from "./envelope.ts";
import { envelopeOutcome, recipientOutcome, refusesTheSession, type Replying } from "./outcome.ts";
import { replyFor, sayGoodbye } from "./ending.ts";
import type { SessionRules } from "./rules.ts";
import type { SessionLog } from "./session-log.ts";

/**
 * Mail over a session that is as encrypted, judged and authenticated as its rules have it: one message at a time, in two
 * writes where the peer offers PIPELINING and CHUNKING. It stays open between messages; whoever opened it decides when
 * that ends.
 */
export class SendChannel implements Channel {
  readonly #rules: SessionRules;
  readonly #log: SessionLog;
  readonly #connection: ClientConnection;
  readonly #offered: Extensions;
  readonly #peer: Replying;
  #closing = false;
  #current: Promise<unknown> = Promise.resolve();

  constructor(
    session: { host: string; rules: SessionRules; log: SessionLog; connection: ClientConnection },
    offered: Extensions,
  ) {
    const { host, rules } = session;
    this.#rules = rules;
    this.#log = session.log;
    this.#connection = session.connection;
    this.#offered = offered;
    const isOurs = rules.peer.kind === "hub" || rules.peer.kind === "direct-trust";
    this.#peer = { host, isOurs, reportsDelivery: offered.has("DSN") };
  }

  get usable(): boolean {
    return !this.#closing && this.#connection.ended === undefined;
  }

  deliver(delivery: Delivery, content: Buffer): Promise<AttemptOutcome> {
    const attempt = this.#deliver(delivery, content);
    this.#current = attempt;
    return attempt;
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    await Promise.allSettled([this.#current]);
    await sayGoodbye(this.#log, this.#connection);
  }

  /** Those whose mail may not go this way wait, whatever becomes of the others. */
  async #deliver(delivery: Delivery, content: Buffer): Promise<AttemptOutcome> {
    const waiting = delivery.recipients.map(({ address }) => this.#rules.withheld(address));
    if (waiting.every((reason) => reason === undefined)) return this.#attempt(delivery, content);
    const recipients = delivery.recipients.filter((_, n) => waiting[n] === undefined);
    const outcome = recipients.length > 0 ? await this.#attempt({ ...delivery, recipients }, content) : answered([]);
    if (outcome.kind === "connectionFailed") return outcome;
    const others = [...outcome.recipients];
    return answered(
      waiting.map((reply) => (reply ? { kind: "deferred", reply } : (others.shift() as RecipientOutcome))),
    );
  }

  async #attempt(delivery: Delivery, content: Buffer): Promise<AttemptOutcome> {
    const refusal = bodyRefusal(delivery.item.envelope.body, this.#offered);
    if (refusal) return answered(delivery.recipients.map(() => recipientOutcome(refusal, this.#peer)));
    try {
      return await this.#transact(delivery, withoutHeaders(content, this.#rules.strippedHeaders));
    } catch (failure) {
      if (!(failure instanceof ConnectionEnd)) throw failure;
      return { kind: "connectionFailed", lastError: formatReply(replyFor(failure)) };
    }
  }

  async #transact(delivery: Delivery, content: Buffer): Promise<AttemptOutcome> {
    this.#log.information(String(delivery.item.id), "sending message");
    const envelopeReplies = await this.#sendEnvelope(envelopeCommands(delivery, content.length, this.#offered));
    const refused = envelopeReplies.find((answer) => refusesTheSession(answer, this.#peer));
    if (refused) return this.#giveUp(refused);

    const { recipients, accepted, open } = envelopeOutcome(envelopeReplies, this.#peer);
    if (!accepted) {
      if (open) await this.#reset();
      return answered(recipients as RecipientOutcome[]);
    }
    const final = await this.#sendContent(content);
    if (refusesTheSession(final, this.#peer)) return this.#giveUp(final);
    const decided = recipientOutcome(final, this.#peer);
    if (decided.kind === "delivered") this.#log.handedOver(delivery.item.internetMessageId);
    else await this.#reset();
    return answered(recipients.map((outcome) => outcome ?? decided));
  }

  /** MAIL and every RCPT: in one write where the peer offers PIPELINING. Source: RFC 2920 §3.1. */
  async #sendEnvelope(commands: readonly string[]): Promise<SmtpReply[]> {
    if (!this.#offered.has("PIPELINING")) {
      const replies: SmtpReply[] = [];
      for (const command of commands) replies.push(await this.#command(command));
      return replies;
    }
    for (const command of commands) this.#log.sent(command);
    const replies = await this.#connection.request(`${commands.join("\r\n")}\r\n`, commands.length);
    return replies.map(readReply);
  }

  /** The content and its reply: BDAT in one write where the peer offers CHUNKING, else DATA. Source: RFC 3030 §2. */
  async #sendContent(content: Buffer): Promise<SmtpReply> {
    if (this.#offered.has("CHUNKING")) {
      const command = `BDAT ${content.length} LAST`;
      this.#log.sent(command);
      return this.#request(Buffer.concat([Buffer.from(`${command}\r\n`), content]));
    }
    const goAhead = await this.#command("DATA");
    if (goAhead.code === 354) return this.#request(dotStuffed(content));
    return goAhead.code >= 400 ? goAhead : reply(0, "", formatReply(goAhead));
  }

  async #reset(): Promise<void> {
    const answer = await this.#command("RSET");
    if (answer.code !== 250) this.#connection.end();
  }

  /** The peer wants none of this server's mail now: the session ends, and the queue waits. */
  async #giveUp(refused: SmtpReply): Promise<AttemptOutcome> {
    const lastError = formatReply(refused.code === 0 ? dropped : refused);
    this.#log.facts.failure = lastError;
    this.#closing = true;
    await sayGoodbye(this.#log, this.#connection);
    return { kind: "connectionFailed", lastError };
  }

  #command(line: string): Promise<SmtpReply> {
    this.#log.sent(line);
    return this.#request(`${line}\r\n`);
  }

  async #request(bytes: string | Buffer): Promise<SmtpReply> {
    return readReply((await this.#connection.request(bytes, 1))[0] as string);
  }
}

const dropped = reply(421, "4.4.2", "Connection dropped due to SocketError");

const answered = (recipients: readonly RecipientOutcome[]): AttemptOutcome => ({ kind: "answered", recipients });
