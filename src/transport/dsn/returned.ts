import { headerLength } from "../../smtp/index.ts";
import type { Envelope } from "../mail-item.ts";
import { hasEightBit } from "./text.ts";

/** A larger message comes back as its header only. Source: [bb124238], InternalDsnMaxMessageAttachSize, 10 MB. */
const attachLimitBytes = 10 * 1024 ** 2;

/**
 * What a report returns of the message it speaks of: the whole message to a sender who is to repair it, the header
 * where the sender wanted no more (RET=HDRS), in reports of success, and where the whole does not fit.
 * Organization, forest and routing headers stay behind.
 *
 * Source: RFC 3461 §4.3, §6.2; RFC 6522 §4; header firewall in DSNs: [bb232136].
 */
export function returnedPart(envelope: Envelope, content: Buffer, whole: boolean): Buffer {
  const headerEnd = headerLength(content);
  const header = withoutInnerHeaders(content.subarray(0, headerEnd));
  // A binary body can't travel inside a message that is not binary itself.
  const full = whole && envelope.ret !== "HDRS" && envelope.body !== "BINARYMIME" && content.length <= attachLimitBytes;
  const returned = full ? Buffer.concat([header, content.subarray(headerEnd)]) : header;
  const encoding = hasEightBit(returned) ? "Content-Transfer-Encoding: 8bit\r\n" : "";
  return Buffer.concat([
    Buffer.from(`Content-Type: ${full ? "message/rfc822" : "text/rfc822-headers"}\r\n${encoding}\r\n`),
    returned,
  ]);
}

const inner = /^(?:x-ms-exchange-(?:organization|forest)-[^:]*|received|resent-[^:]*):/i;

function withoutInnerHeaders(header: Buffer): Buffer {
  const fields = header.toString("latin1").split(/\r\n(?![ \t])/);
  return Buffer.from(fields.filter((field) => !inner.test(field)).join("\r\n"), "latin1");
}
