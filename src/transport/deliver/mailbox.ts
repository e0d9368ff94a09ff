import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { systemCodeOf, writeFileAtOnce } from "../../base/index.ts";
import { headerValue } from "../../smtp/index.ts";
import type { MailItem } from "../mail-item.ts";

/** A message as it lies in a mailbox. */
interface StoredMessage {
  mailbox: string;
  internetMessageId: string;
  /** The `.eml` file. */
  path: string;
  /** Lab time. */
  deliveredAt: Date;
}

/** Where a message comes from: a Hub and its id there tell it from every other one. */
interface DeliveryOrigin {
  hub: string;
  item: Pick<MailItem, "id" | "internetMessageId">;
  /** Lab time. */
  at: Date;
}

/** The mailboxes of one Mailbox server, a folder of `.eml` files each. */
export interface MailboxStore {
  /**
   * Puts a message into a mailbox; it is in the file when this resolves, whole or not at all. The same message of the
   * same Hub again makes no second file: a redelivery after a crash is seen as such.
   * Ours: files are not flushed one by one. They survive the death of the process, not of the machine.
   */
  deliver(mailbox: string, origin: DeliveryOrigin, content: readonly Uint8Array[]): Promise<StoredMessage>;
  /** What lies in a mailbox, oldest first. */
  list(mailbox: string): Promise<StoredMessage[]>;
}

/** The messages of one mailbox by their origin. */
type Shelf = Map<string, StoredMessage>;

/** Opens the mailboxes below `folder`; they are made as mail comes. */
export function openMailboxStore(folder: string): MailboxStore {
  const shelves = new Map<string, Promise<Shelf>>();

  const shelfOf = (mailbox: string): Promise<Shelf> => {
    const place = folderName(mailbox);
    const held = shelves.get(place);
    if (held) return held;
    const shelf = readShelf(mailbox, join(folder, place));
    shelves.set(place, shelf);
    shelf.catch(() => shelves.delete(place)); // to be read again, once it can be
    return shelf;
  };

  return {
    async deliver(mailbox, origin, content) {
      const shelf = await shelfOf(mailbox);
      const key = originKey(origin.hub, origin.item.id);
      const held = shelf.get(key);
      if (held) return held;
      const path = join(folder, folderName(mailbox), fileName(origin.at, key));
      const message = { mailbox, internetMessageId: origin.item.internetMessageId, path, deliveredAt: origin.at };
      writeFileAtOnce(path, Buffer.concat(content));
      shelf.set(key, message);
      return message;
    },
    async list(mailbox) {
      const messages = [...(await shelfOf(mailbox)).values()];
      return messages.sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0));
    },
  };
}

/** What an earlier process has left there. */
async function readShelf(mailbox: string, folder: string): Promise<Shelf> {
  const shelf: Shelf = new Map();
  for (const name of await filesIn(folder)) {
    const [, stamp, key] = /^(\d{8}T\d{9}Z)-(.+-\d{12,})\.eml$/.exec(name) ?? [];
    if (stamp === undefined || key === undefined) continue;
    shelf.set(key, await readMessage(mailbox, join(folder, name), stamp));
  }
  return shelf;
}

async function readMessage(mailbox: string, path: string, stamp: string): Promise<StoredMessage> {
  const internetMessageId = headerValue(await readFile(path), "Message-ID") ?? "";
  return { mailbox, internetMessageId, path, deliveredAt: parseStamp(stamp) };
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (failure) {
    if (systemCodeOf(failure) === "ENOENT") return [];
    throw failure;
  }
}

const originKey = (hub: string, id: number): string => `${folderName(hub)}-${String(id).padStart(12, "0")}`;

/** `20080512T100000123Z-ex2007ee-000000000042.eml`: in the order of delivery wherever names are sorted. */
const fileName = (at: Date, key: string): string => `${at.toISOString().replace(/[-:.]/g, "")}-${key}.eml`;

const parseStamp = (stamp: string): Date =>
  new Date(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/, "$1-$2-$3T$4:$5:$6.$7Z"));

/**
 * A mailbox's name as a folder's name, on any file system: names differ in more than case, hold nothing special, are
 * no reserved word and not too long. Different mailboxes never share one.
 */
export function folderName(name: string): string {
  const plain = [...Buffer.from(name.toLowerCase(), "utf8")]
    .map((octet) => {
      const character = String.fromCharCode(octet);
      return /[a-z0-9_-]/.test(character) || character === "." ? character : `%${octet.toString(16).padStart(2, "0")}`;
    })
    .join("")
    .replace(/^\.|\.$/g, "%2e")
    .replace(/^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/, (word) => `%${word.charCodeAt(0).toString(16)}${word.slice(1)}`);
  if (plain !== "" && plain.length <= 120) return plain;
  return `${plain.slice(0, 80)}%${createHash("sha256").update(name.toLowerCase()).digest("hex").slice(0, 32)}`;
}
