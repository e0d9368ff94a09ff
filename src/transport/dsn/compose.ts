import { newGuid, newMessageId } from "../../base/index.ts";
import { foldHeader, formatDate, headerValue, reply, type SmtpAddress, type SmtpReply } from "../../smtp/index.ts";
import type { Envelope, EnvelopeRecipient, MailItem } from "../mail-item.ts";
import { readableParts } from "./readable.ts";
import { returnedPart } from "./returned.ts";
import { deliveryStatus } from "./status.ts";
import { asciiLine, hasEightBit } from "./text.ts";
import { type ReportKind, subjectPrefixes } from "./wording.ts";

/** A recipient that a report speaks of. */
export interface ReportedRecipient {
  recipient: EnvelopeRecipient;
  reply: SmtpReply;
  /** The server that gave the reply, where it was not this one. */
  remoteServer?: string;
  /** Until when delivery goes on being tried, where it does. */
  willRetryUntil?: Date;
}

/** What every kind of report is made from. */
interface ReportSource {
  item: MailItem;
  /** The content of the message that is reported on. */
  content: Buffer;
  /** FQDN of this server, which makes the report. */
  server: string;
  /** Lab time. */
  at: Date;
  /** Whom the report comes from. */
  postmaster: SmtpAddress;
}

/** A message to submit, from the null sender. */
export interface Report {
  envelope: Envelope;
  content: Buffer;
  /** With its angle brackets. */
  internetMessageId: string;
}

/**
 * Composes the non-delivery report to a message's sender.
 *
 * @returns undefined when nobody is to hear of it: the sender is the null sender, or no recipient asked for a report of
 *   failure by NOTIFY, where it is given
 * Source: published 2007 NDRs (docs/fidelity.md#ndr); [bb232118]; RFC 3461 §6, RFC 3464, RFC 6522.
 */
export const composeNdr = (source: ReportSource & { failed: readonly ReportedRecipient[] }): Report | undefined =>
  compose(
    "failed",
    source,
    source.failed.filter(({ recipient: { notify } }) => notify === undefined || notify.includes("FAILURE")),
  );

/** Inferred: as published reports of the 2010 edition have it, [serverfault-302791]. */
const messageDelayed = reply(400, "4.4.7", "Message delayed");

/**
 * Composes the report that a message is late and is still being tried.
 *
 * @param source.delayed who has not got it yet
 * @param source.until when it will be given up
 * @returns undefined when nobody is to hear of it: the sender is the null sender, or every recipient came with a NOTIFY
 *   without DELAY
 * Source: [bb232118]; RFC 3461 §4.1, RFC 3464 §2.3.9.
 */
export const composeDelayed = (
  source: ReportSource & { delayed: readonly EnvelopeRecipient[]; until: Date },
): Report | undefined =>
  compose(
    "delayed",
    source,
    source.delayed
      .filter(({ notify }) => notify === undefined || notify.includes("DELAY"))
      .map((recipient) => ({ recipient, reply: messageDelayed, willRetryUntil: source.until })),
  );

/**
 * Composes the report that recipients asked for by NOTIFY=SUCCESS.
 *
 * @param source.action `delivered` into the mailbox; `relayed` to a server that does not advertise DSN and so will
 *   never report (to one that does, nothing is reported here)
 * @returns undefined when nobody asked, or the sender is the null sender
 * Source: RFC 3461 §5.2, §6.2.
 */
export const composeDelivered = (
  source: ReportSource & { delivered: readonly ReportedRecipient[]; action: "delivered" | "relayed" },
): Report | undefined =>
  compose(
    source.action,
    source,
    source.delivered.filter(({ recipient: { notify } }) => notify?.includes("SUCCESS")),
  );

function compose(kind: ReportKind, source: ReportSource, recipients: readonly ReportedRecipient[]): Report | undefined {
  const { item, content, server, at, postmaster } = source;
  const sender = item.envelope.from;
  if (sender === "" || recipients.length === 0) return undefined;

  const internetMessageId = newMessageId(server);
  const boundary = newGuid();
  const subject = headerValue(content, "Subject") ?? "";
  const header = [
    "MIME-Version: 1.0\r\n",
    foldHeader("From", `<${asciiLine(postmaster)}>`),
    foldHeader("To", `<${asciiLine(sender)}>`),
    foldHeader("Date", formatDate(at)),
    `Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="${boundary}"\r\n`,
    "Content-Language: en-US\r\n",
    foldHeader("Message-ID", internetMessageId),
    foldHeader("Subject", `${subjectPrefixes[kind]}: ${asciiLine(subject).slice(0, maxSubjectLength)}`),
  ].join("");
  const parts = [
    readableParts(kind, server, content, recipients, at),
    part("message/delivery-status", deliveryStatus(kind, server, item, content, recipients)),
    returnedPart(item.envelope, content, kind === "failed"),
  ];
  const body = parts.flatMap((each) => [Buffer.from(`\r\n--${boundary}\r\n`), each]);
  const message = Buffer.concat([Buffer.from(header), ...body, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { envelope: reportEnvelope(sender, message), content: message, internetMessageId };
}

/** Ours: a longer subject is cut, so that the header stays within any server's limits. */
const maxSubjectLength = 255;

const part = (type: string, text: string): Buffer => Buffer.from(`Content-Type: ${type}\r\n\r\n${text}`, "latin1");

/** A report never asks for a report. Source: RFC 3461 §6.1, RFC 5321 §4.5.5. */
const reportEnvelope = (to: SmtpAddress, content: Buffer): Envelope => ({
  from: "",
  recipients: [{ address: to, notify: ["NEVER"] }],
  body: hasEightBit(content) ? "8BITMIME" : "7BIT",
});
