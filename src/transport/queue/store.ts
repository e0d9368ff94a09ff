import type { Database, Table } from "../../base/index.ts";
import { addressKey } from "../../smtp/index.ts";
import type { MailItem } from "../mail-item.ts";
import { decodeItem, decodeProgress, encodeItem, encodeProgress, itemContent } from "./record.ts";

/**
 * The durable queue of one server: every message it has taken responsibility for, until all its recipients are
 * settled. Whatever else is known of queues is rebuilt from it. Ours: docs/adr/0007-durable-queue.md.
 */
export interface QueueStore {
  /**
   * Takes a message; it is on disk when this resolves, under an id that no message of this server had before.
   * Rejects DATABASE_WRITE_FAILED, and then nothing was taken.
   */
  put(item: Omit<MailItem, "id">, content: Buffer): Promise<MailItem>;
  /** The content of a message that is still queued. */
  content(id: number): Buffer | undefined;
  /**
   * Settles recipients, by the addresses of the envelope; the message goes when none is left. Nobody needs to wait: a
   * crash before it resolves means that they are served once more.
   */
  done(id: number, recipients: readonly string[]): Promise<void>;
  /** Notes that the sender of a message has been told that it is late; from now on `delayTold` says so, on disk later. */
  tellDelay(id: number): Promise<void>;
  delayTold(id: number): boolean;
  /** What is queued, oldest first, each with its remaining recipients. */
  pending(): MailItem[];
}

/**
 * Ids are reserved in blocks, on disk with the block's first message, so that the others cost one write; after a
 * restart they go on with the next block.
 */
const idBlock = 1000;

/** Opens the queue of one server in the process's database. Throws QUEUE_RECORD_UNREADABLE. */
export function openQueueStore(database: Database, server: string): QueueStore {
  const items = database.table("queue-items");
  const remaining = database.table("queue-remaining");
  const counters = database.table("queue-counters");
  const prefix = `${server}/`;
  const keyOf = (id: number): string => prefix + String(id).padStart(16, "0");
  const { queued, delayed } = readQueued(items, remaining, prefix);
  /** Those of which some recipients are settled or whose delay was told: they have a second record. */
  const partly = new Set(remaining.keys(prefix));
  let nextId = Number(counters.get(server)?.toString() ?? "1");
  let reservedBelow = nextId;

  const writeProgress = (item: MailItem): Promise<void> => {
    const key = keyOf(item.id);
    partly.add(key);
    const addresses = item.envelope.recipients.map(({ address }) => address);
    const record = encodeProgress({ remaining: addresses, delayTold: delayed.has(item.id) });
    return database.transaction(() => remaining.put(key, record));
  };

  return {
    async put(item, content) {
      const taken: MailItem = { ...item, id: nextId++ };
      const record = encodeItem(taken, content);
      const reserve = taken.id >= reservedBelow ? taken.id + idBlock : 0;
      // LMDB commits in order: the block is on disk no later than the first message that uses it.
      const reserved = reserve > 0 ? counters.putAlone(server, Buffer.from(String(reserve))) : undefined;
      await Promise.all([reserved, items.putAlone(keyOf(taken.id), record)]);
      reservedBelow = Math.max(reservedBelow, reserve);
      queued.set(taken.id, taken);
      return taken;
    },
    content(id) {
      const record = queued.has(id) ? items.get(keyOf(id)) : undefined;
      return record && itemContent(record);
    },
    async done(id, recipients) {
      const item = queued.get(id);
      if (!item) return;
      const key = keyOf(id);
      const rest = withoutRecipients(item, recipients);
      if (rest.envelope.recipients.length > 0) {
        queued.set(id, rest);
        await writeProgress(rest);
      } else {
        queued.delete(id);
        delayed.delete(id);
        if (!partly.delete(key)) return items.removeAlone(key);
        await database.transaction(() => {
          items.remove(key);
          remaining.remove(key);
        });
      }
    },
    async tellDelay(id) {
      const item = queued.get(id);
      if (!item) return;
      delayed.add(id);
      await writeProgress(item);
    },
    delayTold: (id) => delayed.has(id),
    pending: () => [...queued.values()].sort((one, other) => one.id - other.id),
  };
}

function readQueued(items: Table, remaining: Table, prefix: string) {
  const queued = new Map<number, MailItem>();
  const delayed = new Set<number>();
  for (const { key, value } of items.entries(prefix)) {
    const id = Number(key.slice(prefix.length));
    const item = decodeItem(key, id, value);
    const record = remaining.get(key);
    const progress = record && decodeProgress(key, record);
    queued.set(id, progress ? onlyRecipients(item, progress.remaining) : item);
    if (progress?.delayTold) delayed.add(id);
  }
  return { queued, delayed };
}

function onlyRecipients(item: MailItem, addresses: readonly string[]): MailItem {
  const left = new Set(addresses.map(addressKey));
  return keepRecipients(item, (key) => left.has(key));
}

function withoutRecipients(item: MailItem, addresses: readonly string[]): MailItem {
  const settled = new Set(addresses.map(addressKey));
  return keepRecipients(item, (key) => !settled.has(key));
}

function keepRecipients(item: MailItem, keep: (key: string) => boolean): MailItem {
  const recipients = item.envelope.recipients.filter(({ address }) => keep(addressKey(address)));
  return { ...item, envelope: { ...item.envelope, recipients } };
}
