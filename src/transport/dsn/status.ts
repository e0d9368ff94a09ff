import { formatDate, headerValue } from "../../smtp/index.ts";
import type { EnvelopeRecipient, MailItem } from "../mail-item.ts";
import { asciiLine, decodeXtext } from "./text.ts";
import { replyLine, type ReportKind, statusOf } from "./wording.ts";
import type { ReportedRecipient } from "./compose.ts";

/**
 * The message/delivery-status part: one group of fields for the message, one for each recipient.
 * Source: RFC 3464 §2; order and `X-Display-Name` as in published 2007 NDRs (docs/fidelity.md#ndr).
 */
export function deliveryStatus(
  kind: ReportKind,
  server: string,
  item: MailItem,
  content: Buffer,
  recipients: readonly ReportedRecipient[],
): string {
  const { envid } = item.envelope;
  const from = receivedFrom(content);
  const perMessage = [
    ...(envid === undefined ? [] : [`Original-Envelope-Id: ${asciiLine(decodeXtext(envid))}`]),
    `Reporting-MTA: dns;${server}`,
    ...(from === undefined ? [] : [`Received-From-MTA: dns;${from}`]),
    `Arrival-Date: ${formatDate(item.receivedAt)}`,
  ];
  return [perMessage, ...recipients.map((recipient) => recipientFields(kind, recipient))]
    .map((fields) => fields.map((field) => `${field}\r\n`).join(""))
    .join("\r\n");
}

function recipientFields(kind: ReportKind, reported: ReportedRecipient): string[] {
  const { recipient, reply, remoteServer, willRetryUntil } = reported;
  const address = asciiLine(recipient.address);
  return [
    ...originalRecipient(recipient),
    `Final-Recipient: rfc822;${address}`,
    `Action: ${kind}`,
    `Status: ${statusOf(reply)}`,
    ...(remoteServer === undefined ? [] : [`Remote-MTA: dns;${asciiLine(remoteServer)}`]),
    `Diagnostic-Code: smtp;${replyLine(reply)}`,
    ...(willRetryUntil === undefined ? [] : [`Will-Retry-Until: ${formatDate(willRetryUntil)}`]),
    `X-Display-Name: ${address}`,
  ];
}

/** Only where the client gave one. Source: RFC 3461 §6.3 (d). */
function originalRecipient({ orcpt }: EnvelopeRecipient): string[] {
  return orcpt === undefined ? [] : [`Original-Recipient: ${asciiLine(decodeXtext(orcpt))}`];
}

/** The name that the sending host gave: it stands in the Received header that this server wrote on top. */
function receivedFrom(content: Buffer): string | undefined {
  const name = /^from (\S+) /.exec(headerValue(content, "Received") ?? "")?.[1];
  return name === undefined ? undefined : asciiLine(name);
}
