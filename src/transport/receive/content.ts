import { newMessageId } from "../../base/index.ts";
import {
  foldHeader,
  headerLength,
  type Hop,
  receivedHeader,
  type SmtpReply,
  withoutHeaders,
} from "../../smtp/index.ts";
import { replies } from "./replies.ts";

/** What is asked of a message's content before it is taken, and what is added to it. */
export interface ContentRules {
  hop: Hop;
  maxHeaderSizeBytes: number;
  maxHopCount: number;
  maxLocalHopCount: number;
  /** Beginnings of the names of headers that this session may not bring in. */
  strippedHeaders: readonly string[];
  /** Header fields in which this server says whom the message comes from. */
  evaluation: string;
  /** Whether another server's word on that, which the message brings, stands in place of it. */
  keepsEvaluation: boolean;
}

/** A content that may be taken, whole. */
export interface AcceptableContent {
  content: Buffer;
  internetMessageId: string;
}

/**
 * Puts this server's Received header in front of a message, and what it vouches for, and checks the header that it came
 * with: its size, the hops it has behind it, and what the header firewall takes away.
 *
 * @param chunks the content as received, in order
 * @returns the reply that refuses it: 552 5.3.4 or 554 5.4.6
 * Source: [bb125140] for the limits; header firewall: [bb232136]. Ours: a missing Message-ID is added here.
 */
export function prepareContent(chunks: readonly Buffer[], rules: ContentRules): AcceptableContent | SmtpReply {
  const message = withHeader(chunks);
  const headerEnd = headerLength(message);
  if (headerEnd > rules.maxHeaderSizeBytes) return replies.headerTooLarge;
  const brought = scanHeader(message, headerEnd, rules.hop.by.name);
  if (brought.hops > rules.maxHopCount || brought.localHops > rules.maxLocalHopCount) return replies.hopCountExceeded;

  const left = rules.strippedHeaders.length === 0 ? message : withoutHeaders(message, rules.strippedHeaders);
  const internetMessageId = brought.messageId ?? newMessageId(rules.hop.by.name);
  const added = [
    receivedHeader(rules.hop),
    rules.keepsEvaluation && brought.evaluated ? "" : rules.evaluation,
    brought.messageId === undefined ? foldHeader("Message-ID", internetMessageId) : "",
  ];
  return { content: Buffer.concat([Buffer.from(added.join(""), "latin1"), left]), internetMessageId };
}

/**
 * The whole message. One that begins with the continuation of no field gets an empty header, so that what it begins with
 * does not continue a field of ours.
 */
function withHeader(chunks: readonly Buffer[]): Buffer {
  const [first, ...more] = chunks.filter((chunk) => chunk.length > 0);
  if (!first) return Buffer.alloc(0);
  if (first[0] === 32 || first[0] === 9) return Buffer.concat([Buffer.from("\r\n"), first, ...more]);
  return more.length === 0 ? first : Buffer.concat([first, ...more]);
}

interface ScannedHeader {
  hops: number;
  localHops: number;
  messageId: string | undefined;
  /** Whether a server has already said whom the message comes from. */
  evaluated: boolean;
}

/** One pass over the header's lines. A line ends at its LF: in binary content a bare one is possible. */
function scanHeader(message: Buffer, headerEnd: number, serverName: string): ScannedHeader {
  const found: ScannedHeader = { hops: 0, localHops: 0, messageId: undefined, evaluated: false };
  const local = ` by ${serverName.toLowerCase()} `;
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
      } else if (name === "x-ms-exchange-organization-authas:") {
        found.evaluated = true;
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
