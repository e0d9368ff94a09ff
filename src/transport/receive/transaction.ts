import { addressKey, domainOf, type SmtpReply } from "../../smtp/index.ts";
import type { Envelope, EnvelopeRecipient } from "../mail-item.ts";
import type { Answer, Outcome } from "./answer.ts";
import {
  isReply,
  type MailCommand,
  type OfferedExtensions,
  offeredExtensions,
  parseMail,
  parseRcpt,
} from "./command-line.ts";
import { prepareContent } from "./content.ts";
import type { DataReader } from "./data-reader.ts";
import type { Permission } from "./permissions.ts";
import { chunkReceived, replies } from "./replies.ts";
import type { ReceiveSession } from "./session.ts";

/** Headers that a session without the right may not bring in. Source: [bb232136]. */
const guardedHeaders: readonly [Permission, string][] = [
  ["AcceptOrganizationHeaders", "x-ms-exchange-organization-"],
  ["AcceptForestHeaders", "x-ms-exchange-forest-"],
];

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
  }

  mail(rest: string): Outcome {
    const session = this.#session;
    if (!session.hello) return replies.sendHello;
    if (this.#sender) return replies.senderAlreadySpecified;
    const refusal = this.#whyNoMail();
    if (refusal) return refusal;
    const command = parseMail(rest, this.#offered);
    if (isReply(command)) return command;
    if (command.sizeBytes > this.#sizeLimit()) return replies.messageTooLarge;
    if (!this.#maySendAs(command.from)) return replies.cannotSendAs;
    this.#sender = command;
    if (session.log.verbose) {
      const mark = `${session.log.sessionId};${session.startedAt.toISOString()};${++this.#ordinal}`;
      session.log.row("*", mark, "receiving message");
    }
    return replies.senderOk;
  }

  rcpt(rest: string): Outcome {
    const session = this.#session;
    if (!session.hello) return replies.sendHello;
    if (!this.#sender) return replies.needMail;
    if (this.#chunks) return replies.badSequence;
    const recipient = parseRcpt(rest, this.#offered);
    if (isReply(recipient)) return recipient;
    if (this.#recipients.length >= session.connector.maxRecipientsPerMessage) return replies.tooManyRecipients;
    const mayRelay = session.permissions.has("SMTPAcceptAnyRecipient");
    if (!mayRelay && !session.server.isLocalDomain(domainOf(recipient.address))) return replies.unableToRelay;
    this.#recipients.push(recipient);
    return replies.recipientOk;
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

  /** Source: [bb125140] RequireTLS; [aa997170] SMTP-Submit. Ours: docs/fidelity.md#exchange-names. */
  #whyNoMail(): SmtpReply | undefined {
    const session = this.#session;
    if (session.connector.requireTls && !session.tls) return replies.mustStartTls;
    const claimed = session.hello?.exchange;
    if (claimed && session.authenticatedServer !== claimed.name) {
      if (!session.authenticationReported) session.log.authenticationFailed("LogonDenied", "ExchangeAuth");
      session.authenticationReported = true;
      return replies.temporaryAuthenticationFailure;
    }
    if (session.permissions.has("SMTPSubmit")) return undefined;
    return session.authentication.by === "none" ? replies.notAuthenticated : replies.notAllowed;
  }

  #whyNoContent(): SmtpReply | undefined {
    if (!this.#session.hello) return replies.sendHello;
    if (!this.#sender) return replies.needMail;
    return this.#recipients.length === 0 ? replies.needRcpt : undefined;
  }

  /** Source: [aa997170] Accept-Any-Sender. Inferred: anyone may use the null sender. */
  #maySendAs(from: string): boolean {
    const { permissions, ownAddresses } = this.#session;
    if (from === "" || permissions.has("SMTPAcceptAnySender")) return true;
    return ownAddresses.some((own) => addressKey(own) === addressKey(from));
  }

  #sizeLimit(): number {
    const { connector, permissions } = this.#session;
    return permissions.has("BypassMessageSizeLimit") ? Infinity : connector.maxMessageSizeBytes;
  }

  /** Refuses at the end of the content: the transaction is over. Source: [ff981907] event 1010. */
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
    const session = this.#session;
    const sender = this.#sender;
    if (!sender) throw new Error("Content without a sender");
    const { connector, wire, permissions } = session;
    const prepared = prepareContent(chunks, {
      hop: {
        from: { name: session.hello?.name || `[${wire.remote.address}]`, address: wire.remote.address },
        by: { name: session.fqdn, address: wire.local.address },
        with: session.tls ? "smtp-tls" : "smtp",
        at: session.server.clock.now(),
      },
      maxHeaderSizeBytes: connector.maxHeaderSizeBytes,
      maxHopCount: connector.maxHopCount,
      maxLocalHopCount: connector.maxLocalHopCount,
      strippedHeaders: guardedHeaders.filter(([right]) => !permissions.has(right)).map(([, prefix]) => prefix),
    });
    if (isReply(prepared)) return this.#refuse(prepared);
    const { sizeBytes: _, ...mail } = sender;
    const envelope: Envelope = { ...mail, recipients: this.#recipients };
    this.reset();
    return this.#hand(envelope, prepared.content, prepared.internetMessageId);
  }

  async #hand(envelope: Envelope, content: Buffer, internetMessageId: string): Promise<Answer> {
    const { server, log, wire, hello, tls, authentication, permissions } = this.#session;
    const { sessionId, connectorId } = log;
    const session = {
      sessionId,
      connectorId,
      local: wire.local,
      remote: wire.remote,
      ehloName: hello?.name ?? "",
      tls: tls?.facts,
      authentication,
      permissions,
    };
    try {
      const reply = await server.accept({ envelope, content, internetMessageId, session });
      if (reply.code < 300) this.messages.push(internetMessageId);
      return reply;
    } catch {
      return replies.insufficientResources; // nothing is on disk: the client keeps its copy
    }
  }
}
