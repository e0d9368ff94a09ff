import { addressKey, domainOf, type SmtpAddress, type SmtpReply } from "../../smtp/index.ts";
import type { EnvelopeRecipient } from "../mail-item.ts";
import type { Answer, Outcome } from "./answer.ts";
import { refusedClaim } from "./claim.ts";
import {
  isReply,
  type MailCommand,
  type OfferedExtensions,
  offeredExtensions,
  parseMail,
  parseRcpt,
} from "./command-line.ts";
import type { DataReader } from "./data-reader.ts";
import { judgeSender } from "./domain-security.ts";
import type { Submission } from "./receive-server.ts";
import { chunkReceived, replies } from "./replies.ts";
import type { ReceiveSession } from "./session.ts";
import { prepareSubmission } from "./submission.ts";

/** The mail transactions of a session, one after the other: sender, recipients, content. */
export class Transaction {
  /** Internet message ids of what was taken, in order. */
  readonly messages: string[] = [];
  readonly #session: ReceiveSession;
  readonly #offered: OfferedExtensions;
  #sender: MailCommand | undefined;
  #recipients: EnvelopeRecipient[] = [];
  /** The content so far, once a first BDAT has come. */
  #chunks: { list: Buffer[]; sizeBytes: number } | undefined;
  /** The BDAT whose octets are coming in. */
  #bdat: { octets: number; last: boolean; outOfSequence: SmtpReply | undefined; tooLarge: boolean } | undefined;
  #ordinal = 0;

  constructor(session: ReceiveSession) {
    this.#session = session;
    this.#offered = offeredExtensions(session.connector);
  }

  get isOpen(): boolean {
    return this.#sender !== undefined;
  }

  reset(): void {
    this.#sender = undefined;
    this.#recipients = [];
    this.#chunks = undefined;
    this.#session.identity.endPartner();
  }

  mail(rest: string): Outcome {
    const session = this.#session;
    if (!session.hello) return replies.sendHello;
    if (this.#sender) return replies.senderAlreadySpecified;
    const command = this.#acceptableMail(rest);
    if (isReply(command)) {
      session.identity.endPartner();
      return command;
    }
    this.#sender = command;
    if (session.log.verbose) {
      const mark = `${session.log.sessionId};${session.startedAt.toISOString()};${++this.#ordinal}`;
      session.log.row("*", mark, "receiving message");
    }
    return replies.senderOk;
  }

  /** MAIL as it was given, or why it is refused. Makes the session a partner where Domain Security says so. */
  #acceptableMail(rest: string): MailCommand | SmtpReply {
    const { connector, tls } = this.#session;
    // Source: [bb125140] RequireTLS.
    if (connector.requireTls && !tls) return replies.mustStartTls;
    const unproven = refusedClaim(this.#session);
    if (unproven) return unproven;
    const command = parseMail(rest, this.#offered);
    const unsecured = isReply(command) ? undefined : judgeSender(this.#session, command.from);
    const refusal = unsecured ?? this.#whyNotSubmit();
    if (refusal || isReply(command)) return refusal ?? command;
    if (command.sizeBytes > this.#sizeLimit()) return replies.messageTooLarge;
    return this.#maySendAs(command.from) ? command : replies.cannotSendAs;
  }

  rcpt(rest: string): Outcome {
    const session = this.#session;
    if (!session.hello) return replies.sendHello;
    if (!this.#sender) return replies.needMail;
    if (this.#chunks) return replies.badSequence;
    const recipient = parseRcpt(rest, this.#offered);
    if (isReply(recipient)) return recipient;
    if (this.#recipients.length >= session.connector.maxRecipientsPerMessage) return replies.tooManyRecipients;
    const refusal = this.#whyNotTo(recipient.address);
    if (refusal) return refusal;
    this.#recipients.push(recipient);
    return replies.recipientOk;
  }

  /** Source: [aa997170] Accept-Any-Recipient; recipient lookup on an Edge server: [bb232177]. */
  #whyNotTo(address: SmtpAddress): SmtpReply | undefined {
    const { server, identity } = this.#session;
    if (identity.permissions.has("SMTPAcceptAnyRecipient")) return undefined;
    if (!server.isLocalDomain(domainOf(address))) return replies.unableToRelay;
    return server.isUnknownRecipient(address) ? replies.userUnknown : undefined;
  }

  data(): Outcome {
    const refusal = this.#whyNoContent();
    if (refusal) return refusal;
    // Source: RFC 3030 §2, §3: not after BDAT, and not for binary content.
    if (this.#chunks || this.#sender?.body === "BINARYMIME") return replies.badSequence;
    this.#session.input.readData(this.#sizeLimit());
    return replies.startMailInput;
  }

  dataReceived(content: DataReader): Outcome {
    if (content.malformed) return this.#refuse(replies.invalidContent);
    if (content.tooLarge) return this.#refuse(replies.messageTooLarge);
    return this.#submit(content.chunks);
  }

  /**
   * `BDAT octets [LAST]`. The octets follow whatever the reply will be, so they are read even when they are refused.
   * Source: RFC 3030 §2.
   */
  bdat(rest: string): Outcome {
    if (!this.#offered.chunking) return replies.notImplemented;
    const [, digits, last] = /^(\d{1,15})( +LAST)?$/i.exec(rest) ?? [];
    if (digits === undefined) return replies.invalidArguments;
    const octets = Number(digits);
    const total = octets + (this.#chunks?.sizeBytes ?? 0);
    const outOfSequence = this.#whyNoContent();
    const tooLarge = total > this.#sizeLimit();
    this.#bdat = { octets, last: last !== undefined, outOfSequence, tooLarge };
    if (octets === 0) return this.octetsReceived([]);
    this.#session.input.readOctets(octets, !outOfSequence && !tooLarge);
    return undefined;
  }

  octetsReceived(chunks: readonly Buffer[]): Outcome {
    const bdat = this.#bdat;
    if (!bdat) throw new Error("Octets without a BDAT");
    this.#bdat = undefined;
    if (bdat.outOfSequence) return bdat.outOfSequence;
    if (bdat.tooLarge) return this.#refuse(replies.messageTooLarge);
    this.#chunks ??= { list: [], sizeBytes: 0 };
    for (const chunk of chunks) this.#chunks.list.push(chunk);
    this.#chunks.sizeBytes += bdat.octets;
    return bdat.last ? this.#submit(this.#chunks.list) : chunkReceived(bdat.octets);
  }

  /** Source: [aa997170] SMTP-Submit. */
  #whyNotSubmit(): SmtpReply | undefined {
    const { identity } = this.#session;
    if (identity.permissions.has("SMTPSubmit")) return undefined;
    return identity.authentication.by === "none" ? replies.notAuthenticated : replies.notAllowed;
  }

  #whyNoContent(): SmtpReply | undefined {
    if (!this.#session.hello) return replies.sendHello;
    if (!this.#sender) return replies.needMail;
    return this.#recipients.length === 0 ? replies.needRcpt : undefined;
  }

  /** Source: [aa997170] Accept-Any-Sender. Inferred: anyone may use the null sender, and a partner its own domain. */
  #maySendAs(from: SmtpAddress | ""): boolean {
    const { permissions, ownAddresses, partner } = this.#session.identity;
    if (from === "" || permissions.has("SMTPAcceptAnySender") || domainOf(from) === partner) return true;
    return ownAddresses.some((own) => addressKey(own) === addressKey(from));
  }

  #sizeLimit(): number {
    const { connector, identity } = this.#session;
    return identity.permissions.has("BypassMessageSizeLimit") ? Infinity : connector.maxMessageSizeBytes;
  }

  /** Refuses at the end of the content: the transaction is over. Source: [ff983902] event 1010. */
  #refuse(refusal: SmtpReply): Answer {
    const { connector, log } = this.#session;
    if (this.#sender)
      log.event({
        id: 1010,
        parameters: [connector.name, [refusal.code, refusal.enhanced, ...refusal.lines].join(" ")],
      });
    this.reset();
    return refusal;
  }

  #submit(chunks: readonly Buffer[]): Outcome {
    if (!this.#sender) throw new Error("Content without a sender");
    const { sizeBytes: _, ...mail } = this.#sender;
    const submission = prepareSubmission(this.#session, { ...mail, recipients: this.#recipients }, chunks);
    if (isReply(submission)) return this.#refuse(submission);
    this.reset();
    return this.#hand(submission);
  }

  async #hand(submission: Submission): Promise<Answer> {
    try {
      const reply = await this.#session.server.accept(submission);
      if (reply.code < 300) this.messages.push(submission.internetMessageId);
      return reply;
    } catch {
      return replies.insufficientResources; // nothing is on disk: the client keeps its copy
    }
  }
}
