import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { objectWrite } from "../src/directory/index.ts";
import { finishedRecipients, loadBare, readBack } from "./edgesync-bare.ts";
import { openSubscribedPair } from "./edgesync-product.ts";
import { benchMailbox, mailboxBatches, recipientsIn } from "./edgesync-recipients.ts";

/**
 * Recipients into an Edge server's directory: `edgesync.js product|bare embedded|redis COUNT SCRATCH`.
 * Prints one JSON line: seconds for all of them, for each delta of a hundred after it, and what lies there in the end.
 */
const [kind, chosen, total, scratch = ""] = process.argv.slice(2);
const store = chosen === "redis" ? "redis" : "embedded";
const count = Number(total);
const deltas = 15;
const changedPerDelta = 100;

const folder = await mkdtemp(join(scratch, "edgesync-"));
const measured = kind === "bare" ? await bare() : await product();
process.stdout.write(`${JSON.stringify(measured)}\n`);

async function bare(): Promise<object> {
  const seconds = await loadBare(store, finishedRecipients(count), folder);
  return { seconds, deltaSeconds: [], ...(await readBack(store, folder)) };
}

async function product(): Promise<object> {
  const pair = await openSubscribedPair(store, folder);
  for (const batch of mailboxBatches(count)) await pair.ad.write(batch);
  await pair.settled();
  const timed = async (wanted: { added: number; updated: number }): Promise<number> => {
    const startedAt = performance.now();
    const { added, updated, deleted } = await pair.synchronize();
    const seconds = (performance.now() - startedAt) / 1000;
    if (added !== wanted.added || updated !== wanted.updated || deleted !== 0)
      throw new Error(`Added ${added}, Updated ${updated}, Deleted ${deleted}`);
    return seconds;
  };
  const seconds = await timed({ added: count, updated: 0 });
  const held = await recipientsIn(pair.adam);
  const deltaSeconds: number[] = [];
  for (let round = 1; round <= deltas; round++) {
    const changed = Array.from({ length: changedPerDelta }, (_, place) =>
      benchMailbox(Math.floor((place * count) / changedPerDelta), round),
    );
    await pair.ad.write(changed.map((mailbox) => objectWrite("mailbox", mailbox)));
    deltaSeconds.push(await timed({ added: 0, updated: changedPerDelta }));
  }
  await pair.close();
  return { seconds, deltaSeconds, ...held };
}
