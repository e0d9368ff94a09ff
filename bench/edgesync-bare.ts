import { join } from "node:path";
import process from "node:process";
import { Redis } from "ioredis";
import { open } from "lmdb";
import { startPrivateRedis } from "../src/base/index.ts";
import {
  type Attributes,
  hashAddress,
  hashSafelist,
  openDirectory,
  recipientGuid,
  recipientId,
} from "../src/directory/index.ts";
import { batchSize, benchMailbox, edgeName, lab, recipientsIn } from "./edgesync-recipients.ts";

/*
 * The yardstick: what somebody would write who had the recipients ready in memory and nothing to do but to put them
 * where EdgeSync puts them. Same keys, same values, same store, same durability, batches of 500; no source to read, no
 * link, no question what was there before, no position.
 */

interface Recipient {
  id: string;
  attributes: Attributes;
}

/** Recipients as EdgeSync's first full synchronization leaves them. */
export const finishedRecipients = (count: number): Recipient[] =>
  Array.from({ length: count }, (_, number) => {
    const { name, addresses, safeSenders, safeRecipients } = benchMailbox(number);
    const guid = recipientGuid(name);
    const attributes = {
      guid,
      proxyAddressHashes: addresses.map(hashAddress),
      safeSendersHash: hashSafelist(safeSenders),
      safeRecipientsHash: hashSafelist(safeRecipients),
      edgeSyncGeneration: 1,
    };
    return { id: recipientId(guid), attributes };
  });

/** Writes them straight into an empty store; resolves with the seconds that took. */
export async function loadBare(
  store: "embedded" | "redis",
  recipients: readonly Recipient[],
  folder: string,
): Promise<number> {
  return store === "redis" ? await loadRedis(recipients, folder) : await loadEmbedded(recipients, folder);
}

/** What was loaded, read by the product's own reader. */
export async function readBack(
  store: "embedded" | "redis",
  folder: string,
): Promise<{ recipients: number; digest: string }> {
  const path = process.env["PATH"] ?? "";
  const now = (): Date => new Date();
  const opened = await openDirectory({
    choice: store,
    redisUrl: undefined,
    lab,
    dataFolder: folder,
    path,
    probe: [],
    now,
    fresh: false,
  });
  try {
    return await recipientsIn((await opened.openAdam(edgeName)).directory);
  } finally {
    await opened.close();
  }
}

async function loadRedis(recipients: readonly Recipient[], folder: string): Promise<number> {
  const server = await startPrivateRedis({ folder: join(folder, "redis"), path: process.env["PATH"] ?? "", probe: [] });
  const client = new Redis({ path: decodeURIComponent(new URL(server.url).pathname) });
  await client.ping();
  const prefix = `hubedge:{${lab}}:adam:${edgeName}:`;
  const startedAt = performance.now();
  let usn = 0;
  for (const batch of batchesOf(recipients)) {
    const pipeline = client.pipeline();
    const places: (string | number)[] = [];
    for (const { id, attributes } of batch) {
      const fields = Object.entries(attributes).flatMap(([name, value]) => [name, JSON.stringify(value)]);
      pipeline.hset(`${prefix}object:${id}`, "@kind", "recipient", "@usn", ++usn, ...fields);
      places.push(usn, id);
    }
    pipeline.zadd(`${prefix}changes`, ...places);
    pipeline.hset(`${prefix}state`, "invocationId", "bare", "highestUsn", usn, "prunedUsn", 0);
    for (const [failure] of (await pipeline.exec()) ?? []) if (failure) throw failure;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  client.disconnect();
  await server.close();
  return seconds;
}

async function loadEmbedded(recipients: readonly Recipient[], folder: string): Promise<number> {
  const root = open<Buffer, string>(join(folder, "servers", edgeName, "adam"), {
    encoding: "binary",
    overlappingSync: false,
    noSubdir: false,
    eventTurnBatching: false,
  });
  const [objects, changes, state] = ["objects", "changes", "state"].map((name) =>
    root.openDB<Buffer, string>(name, { encoding: "binary" }),
  ) as [typeof root, typeof root, typeof root];
  const instance = `adam:${edgeName}/`;
  const startedAt = performance.now();
  let usn = 0;
  for (const batch of batchesOf(recipients)) {
    await root.transaction(() => {
      for (const { id, attributes } of batch) {
        usn++;
        void objects.put(instance + id, Buffer.from(JSON.stringify({ kind: "recipient", usn, attributes })));
        void changes.put(`${instance}${String(usn).padStart(16, "0")}`, Buffer.from(id));
      }
      void state.put(instance, Buffer.from(JSON.stringify({ invocationId: "bare", highestUsn: usn, prunedUsn: 0 })));
    });
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await root.close();
  return seconds;
}

function* batchesOf(recipients: readonly Recipient[]): Iterable<readonly Recipient[]> {
  for (let done = 0; done < recipients.length; done += batchSize) yield recipients.slice(done, done + batchSize);
}
