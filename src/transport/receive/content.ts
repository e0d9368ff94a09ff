import { newMessageId } from "../../base/index.ts";
import { foldHeader, headerLength, type Hop, receivedHeader, type SmtpReply } from "../../smtp/index.ts";
import { replies } from "./replies.ts";

/** What is asked of a message's content before it is taken. */
export interface ContentRules {
  hop: Hop;
  maxHeaderSizeBytes: number;
  maxHopCount: number;
  maxLocalHopCount: number;
  /** Names of headers, lower case, that this session may not bring in: each a prefix. */
  strippedHeaders: readonly string[];
}

/** A content that may be taken, whole. */
export interface AcceptableContent {
  content: Buffer;
  internetMessageId: string;
}

/**
 * Puts this server's Received header in front of a message and checks the header that it came with: its size, the hops
 * it has behind it, and what the header firewall takes away.
 *
 * @param chunks the content as received, in order; copied once, into the result
 * @returns the reply that refuses it: 552 5.3.4 or 554 5.4.6
 * Source: [bb125140] for the limits; header firewall: [bb232136]. Ours: a missing Message-ID is added here.
 */
export function prepareContent(chunks: readonly Buffer[], rules: ContentRules): AcceptableContent | SmtpReply {
  const received = Buffer.from(receivedHeader(rules.hop), "latin1");
  const whole = Buffer.concat([received, ...chunks]);
  const message = whole.subarray(received.length);
  const headerEnd = headerLength(message);
  if (headerEnd > rules.maxHeaderSizeBytes) return replies.headerTooLarge;

  const found = scanHeader(message, headerEnd, rules);
  if (found.hops > rules.maxHopCount || found.localHops > rules.maxLocalHopCount) return replies.hopCountExceeded;
  const internetMessageId = found.messageId ?? newMessageId(rules.hop.by.name);
  if (found.messageId !== undefined && found.stripped.length === 0) return { content: whole, internetMessageId };

  const added =
    found.messageId === undefined ? [Buffer.from(foldHeader("Message-ID", internetMessageId), "latin1")] : [];
  return { content: Buffer.concat([received, ...added, ...without(message, found.stripped)]), internetMessageId };
}

interface ScannedHeader {
  hops: number;
  localHops: number;
  messageId: string | undefined;
  /** Stretches of the message to leave out, in order. */
  stripped: readonly { start: number; end: number }[];
}

/**
 * One pass over the header's lines. A line ends at its LF: in binary content a bare one is possible, and what the
 * firewall must stop may not hide behind it.
 */
function scanHeader(message: Buffer, headerEnd: number, rules: ContentRules): ScannedHeader {
  const found = {
    hops: 0,
    localHops: 0,
    messageId: undefined as string | undefined,
    stripped: [] as { start: number; end: number }[],
  };
  const local = ` by ${rules.hop.by.name.toLowerCase()} `;
  for (let start = 0; start < headerEnd;) {
    const end = fieldEnd(message, start, headerEnd);
    const initial = (message[start] as number) | 32; // letters in lower case
    if (initial === r || initial === m || initial === x) {
      const text = message.toString("latin1", start, end);
      const name = text.slice(0, text.indexOf(":") + 1).toLowerCase();
      if (name.startsWith("received:")) {
        found.hops++;
        if (text.replace(/\s+/g, " ").toLowerCase().includes(local)) found.localHops++;
      } else if (name.startsWith("message-id")) {
        found.messageId ??= /<[^<>\s]+>/.exec(text)?.[0];
      } else if (rules.strippedHeaders.some((prefix) => name.startsWith(prefix))) {
        found.stripped.push({ start, end });
      }
    }
    start = end;
  }
  return found;
}

const [r, m, x] = [..."rmx"].map((letter) => letter.charCodeAt(0)) as [number, number, number];

/** Where the field at `start` ends, its folded lines included. */
function fieldEnd(message: Buffer, start: number, headerEnd: number): number {
  for (let from = start; ;) {
    const lf = message.indexOf(10, from);
    if (lf < 0 || lf + 1 >= headerEnd) return headerEnd;
    const next = message[lf + 1];
    if (next !== 32 && next !== 9) return lf + 1;
    from = lf + 1;
  }
}

/** The message in pieces, without the stripped stretches. */
function without(message: Buffer, stripped: ScannedHeader["stripped"]): Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const { start, end } of stripped) {
    pieces.push(message.subarray(from, start));
    from = end;
  }
  return [...pieces, message.subarray(from)];
}
