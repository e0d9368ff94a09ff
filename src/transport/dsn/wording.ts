import type { SmtpReply } from "../../smtp/index.ts";
import { asciiLine } from "./text.ts";

/** What a report says of its recipients, and what it asks its reader to do. */
export type ReportKind = "failed" | "delayed" | "delivered" | "relayed";

const redelivery = "Microsoft Exchange will not try to redeliver this message for you.";
const tellAdministrator = "provide the following diagnostic text to your system administrator.";
const tryLater = `${redelivery} Please try resending this message later, or ${tellAdministrator}`;

/** Source: seen in published 2007 NDRs and [bb232118]; docs/fidelity.md#ndr. 4.4.7: [queue-expired]. */
const explanations: Readonly<Record<string, string>> = {
  "4.4.7": `Microsoft Exchange has been trying to deliver this message without success and has stopped trying. Please try sending this message again, or ${tellAdministrator}`,
  "5.1.1": `The recipient's e-mail address was not found in the recipient's e-mail system. ${redelivery} Please check the e-mail address and try resending this message, or ${tellAdministrator}`,
  "5.2.2": `The recipient's mailbox is full. ${tryLater}`,
  "5.2.3": `This message is too large for the recipient. ${redelivery} Please shorten the message or remove attachments and try resending this message, or ${tellAdministrator}`,
  "5.3.4": `This message exceeds the maximum message size allowed. ${redelivery} Please shorten the message or remove attachments and try resending this message, or ${tellAdministrator}`,
  "5.4.4": `The e-mail system of this recipient could not be found. ${redelivery} Please check the e-mail address and try resending this message, or ${tellAdministrator}`,
  "5.7.1": `Your message wasn't delivered because of security policies. ${redelivery} Please ${tellAdministrator}`,
};

const otherwise = `A problem occurred during the delivery of this message. ${tryLater}`;

/**
 * One paragraph for whoever sent the message, by enhanced status code.
 *
 * @param triesForMs how long delivery will go on being tried, where it will
 */
export function explain(kind: ReportKind, status: string, triesForMs = 0): string | undefined {
  if (kind === "failed") return explanations[status] ?? otherwise;
  return kind === "delayed" ? delayed(triesForMs) : undefined;
}

/** Inferred: in the words of the 2010 edition, [cryer-delayed]. */
function delayed(triesForMs: number): string {
  const minutes = Math.max(0, Math.floor(triesForMs / 60_000));
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  return (
    "This message hasn't been delivered yet. Delivery will continue to be attempted. The server will keep trying to deliver this " +
    `message for the next ${days} days, ${hours} hours and ${minutes % 60} minutes. You'll be notified if the message can't be delivered by that time.`
  );
}

/** Inferred: the headings of delay and success are those of later editions; docs/fidelity.md#ndr. */
export const headings: Readonly<Record<ReportKind, string>> = {
  delayed: "Delivery is delayed to these recipients or distribution lists:",
  failed: "Delivery has failed to these recipients or distribution lists:",
  delivered: "Your message has been delivered to the following recipients:",
  relayed:
    "Delivery to these recipients or distribution lists is complete, but delivery notification was not sent by the destination:",
};

/** What the subject of a report begins with. */
export const subjectPrefixes: Readonly<Record<ReportKind, string>> = {
  failed: "Undeliverable",
  delayed: "Delivery delayed",
  delivered: "Delivered",
  relayed: "Relayed",
};

/**
 * The enhanced status code of a reply, or its class where it has none, or one that contradicts it: what hosts of others
 * say need not make sense. 550 4.4.7 does: so Exchange itself says that a message expired. Source: RFC 3463 §2.
 */
export function statusOf({ code, enhanced }: SmtpReply): string {
  const reached = code >= 200 && code < 300;
  if (enhanced !== undefined && enhanced.startsWith("2.") === reached) return enhanced;
  return `${reached ? 2 : code >= 400 && code < 500 ? 4 : 5}.0.0`;
}

/** A reply on one safe line. */
export const replyLine = (reply: SmtpReply): string =>
  asciiLine([String(reply.code), ...(reply.enhanced === undefined ? [] : [reply.enhanced]), ...reply.lines].join(" "));
