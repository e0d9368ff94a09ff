import { newGuid } from "../../base/index.ts";
import { headerLength } from "../../smtp/index.ts";
import type { ReportedRecipient } from "./compose.ts";
import { asciiLine, asciiLines, decodeXtext, escapeHtml, quotedPrintable } from "./text.ts";
import { explain, headings, replyLine, type ReportKind, statusOf } from "./wording.ts";

/**
 * The part that people read, once as text and once as HTML.
 * Source: published 2007 NDRs (docs/fidelity.md#ndr), wording and order.
 */
export function readableParts(
  kind: ReportKind,
  server: string,
  content: Buffer,
  recipients: readonly ReportedRecipient[],
  at: Date,
): Buffer {
  const boundary = newGuid();
  const named = recipients.map(({ recipient, reply, willRetryUntil }) => ({
    address: asciiLine(recipient.address),
    paragraph: explain(kind, statusOf(reply), willRetryUntil && willRetryUntil.getTime() - at.getTime()),
  }));
  const headers = asciiLines(content.subarray(0, headerLength(content)).toString("latin1")).trimEnd();
  const alternative = (type: string, text: string): string =>
    `\r\n--${boundary}\r\nContent-Type: ${type}; charset="us-ascii"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(text)}\r\n`;
  return Buffer.from(
    [
      `Content-Type: multipart/alternative; differences=Content-Type;\r\n\tboundary="${boundary}"\r\n`,
      alternative("text/plain", plainText(kind, server, headers, named, recipients)),
      alternative("text/html", html(kind, server, headers, named, recipients)),
      `\r\n--${boundary}--\r\n`,
    ].join(""),
  );
}

/** A recipient, and what people are told of it. */
interface Named {
  address: string;
  paragraph: string | undefined;
}

function plainText(
  kind: ReportKind,
  server: string,
  headers: string,
  named: readonly Named[],
  recipients: readonly ReportedRecipient[],
): string {
  const diagnosed = recipients.flatMap((recipient) => [
    asciiLine(recipient.recipient.address),
    ...diagnosis(recipient),
    "",
  ]);
  return [
    headings[kind],
    "",
    ...named.flatMap(({ address, paragraph }) => [
      `${address}<mailto:${address}>`,
      ...(paragraph === undefined ? [] : [paragraph]),
      "",
    ]),
    "_".repeat(32),
    "Sent by Microsoft Exchange Server 2007",
    ...Array<string>(6).fill(""),
    "Diagnostic information for administrators:",
    "",
    `Generating server: ${server}`,
    "",
    ...diagnosed,
    "Original message headers:",
    "",
    headers,
  ].join("\r\n");
}

/** `#550 5.1.1 … ##`, with the ORCPT where one was given and the refusing server's name in front where it was another. */
function diagnosis({ recipient, reply, remoteServer }: ReportedRecipient): string[] {
  const orcpt = recipient.orcpt === undefined ? "" : asciiLine(decodeXtext(recipient.orcpt));
  return [...(remoteServer === undefined ? [] : [asciiLine(remoteServer)]), `#${replyLine(reply)} ##${orcpt}`];
}

function html(
  kind: ReportKind,
  server: string,
  headers: string,
  named: readonly Named[],
  recipients: readonly ReportedRecipient[],
): string {
  const paragraphs = named.map(({ address, paragraph }) => {
    const link = `<a href="mailto:${escapeHtml(encodeURI(address))}">${escapeHtml(address)}</a>`;
    return `<p>${link}${paragraph === undefined ? "" : `<br>\r\n${escapeHtml(paragraph)}`}</p>`;
  });
  const diagnosed = recipients.map((recipient) => {
    const lines = [asciiLine(recipient.recipient.address), ...diagnosis(recipient)];
    return `<p>${lines.map(escapeHtml).join("<br>\r\n")}</p>`;
  });
  return [
    "<html>",
    "<head></head><body>",
    `<p><b><font color="#000066" size="3" face="Arial">${escapeHtml(headings[kind])}</font></b></p>`,
    `<font color="#000000" size="2" face="Tahoma">`,
    ...paragraphs,
    "</font>",
    `<hr><font color="#808080" size="1" face="Arial">Sent by Microsoft Exchange Server 2007</font>`,
    "<br><br><br><br><br><br>",
    `<font color="#808080" size="2" face="Tahoma"><p><b>Diagnostic information for administrators:</b></p>`,
    `<p>Generating server: ${escapeHtml(server)}</p>`,
    ...diagnosed,
    "<p>Original message headers:</p>",
    `<pre>${escapeHtml(headers)}</pre>`,
    "</font>",
    "</body>",
    "</html>",
  ].join("\r\n");
}
