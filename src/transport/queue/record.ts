import { messageOf } from "../../base/index.ts";
import type { MailItem } from "../mail-item.ts";
import { queueRecordUnreadable } from "./errors.ts";

/*
 * The records of the queue tables, as docs/formats.md#queue-tables has them. An item: one byte of version, four bytes
 * with the length of its description (big-endian), the description in JSON, then the content, octet by octet.
 */
const version = 1;
const headLength = 5;

type Described = Omit<MailItem, "id" | "receivedAt"> & { receivedAt: string };

export function encodeItem(item: MailItem, content: Buffer): Buffer {
  const { id: _, receivedAt, ...rest } = item;
  const described: Described = { ...rest, receivedAt: receivedAt.toISOString() };
  const description = Buffer.from(JSON.stringify(described), "utf8");
  const head = Buffer.alloc(headLength);
  head.writeUInt8(version, 0);
  head.writeUInt32BE(description.length, 1);
  return Buffer.concat([head, description, content]);
}

/** Throws QUEUE_RECORD_UNREADABLE. */
export function decodeItem(key: string, id: number, record: Buffer): MailItem {
  assertVersion(key, record);
  const text = record.subarray(headLength, contentStart(record));
  const { receivedAt, ...rest } = parse(key, text) as Described;
  return { ...rest, id, receivedAt: new Date(receivedAt) };
}

export const itemContent = (record: Buffer): Buffer => record.subarray(contentStart(record));

/** What has changed since the item was written. */
export interface Progress {
  /** The addresses of the recipients that are still to be served. */
  remaining: readonly string[];
  /** Its sender has been told that it is late, or did not want to be. */
  delayTold: boolean;
}

/** Format 1 is an array of the remaining addresses; 2 an object. */
const progressVersion = 2;

export const encodeProgress = (progress: Progress): Buffer =>
  Buffer.concat([Buffer.of(progressVersion), Buffer.from(JSON.stringify(progress), "utf8")]);

/** Throws QUEUE_RECORD_UNREADABLE. */
export function decodeProgress(key: string, record: Buffer): Progress {
  if (record[0] === progressVersion) return parse(key, record.subarray(1)) as Progress;
  assertVersion(key, record);
  return { remaining: parse(key, record.subarray(1)) as string[], delayTold: false };
}

const contentStart = (record: Buffer): number => headLength + record.readUInt32BE(1);

function assertVersion(key: string, record: Buffer): void {
  if (record[0] !== version) throw queueRecordUnreadable(key, `its format is ${record[0] ?? "empty"}, not ${version}`);
}

function parse(key: string, text: Buffer): unknown {
  try {
    return JSON.parse(text.toString("utf8"));
  } catch (failure) {
    throw queueRecordUnreadable(key, messageOf(failure));
  }
}
