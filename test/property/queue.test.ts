import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";
import fc from "fast-check";
import { type Database, openDatabase } from "../../src/base/index.ts";
import { openQueueStore, type QueueStore } from "../../src/transport/queue/index.ts";

/** What must be on disk: for each acknowledged message its content, its remaining recipients and whether a delay was told. */
interface Model {
  held: Map<number, { content: string; recipients: Set<string>; told?: boolean }>;
  lastId: number;
}

interface Real {
  folder: string;
  database: Database;
  store: QueueStore;
}

const recipientSets = fc.uniqueArray(fc.constantFrom("a@x", "b@x", "c@x", "d@x"), { minLength: 1 });
type Command = fc.AsyncCommand<Model, Real>;

const put = fc
  .tuple(recipientSets, fc.string({ unit: "binary", maxLength: 40 }))
  .map(([recipients, content]): Command => ({
    check: () => true,
    async run(model, { store }) {
      const item = await store.put(mailItem(recipients, content), Buffer.from(content));
      expect(item.id).to.be.greaterThan(model.lastId);
      model.lastId = item.id;
      model.held.set(item.id, { content, recipients: new Set(recipients) });
    },
    toString: () => `put(${recipients.join(" ")})`,
  }));

const done = fc.tuple(fc.nat(), recipientSets).map(([pick, recipients]): Command => ({
  check: ({ held }) => held.size > 0,
  async run({ held }, { store }) {
    const [id, message] = [...held][pick % held.size] as [number, { recipients: Set<string> }];
    await store.done(id, recipients);
    for (const recipient of recipients) message.recipients.delete(recipient);
    if (message.recipients.size === 0) held.delete(id);
  },
  toString: () => `done(${pick}, ${recipients.join(" ")})`,
}));

const tellDelay = fc.nat().map((pick): Command => ({
  check: ({ held }) => held.size > 0,
  async run({ held }, { store }) {
    const [id, message] = [...held][pick % held.size] as [number, { told?: boolean }];
    await store.tellDelay(id);
    message.told = true;
  },
  toString: () => `tellDelay(${pick})`,
}));

/** Loses everything in memory, with writes under way that nobody was told of: they may have happened or not. */
const crashAndReopen = fc.tuple(recipientSets, fc.nat()).map(([recipients, pick]): Command => ({
  check: () => true,
  async run(model, real) {
    const unfinished = real.store.put(mailItem(recipients, "unfinished"), Buffer.from("unfinished"));
    const settling = [...model.held.keys()][pick % Math.max(1, model.held.size)];
    const unsettled = settling === undefined ? undefined : real.store.done(settling, ["a@x"]);
    const heard = Promise.allSettled([unfinished, unsettled]); // listens before they can fail
    await real.database.close();
    await heard;
    real.database = openDatabase(real.folder);
    real.store = openQueueStore(real.database, "EX1");

    for (const { id, envelope } of real.store.pending()) {
      const known = model.held.get(id);
      if (known && id === settling && !envelope.recipients.some(({ address }) => address === "a@x"))
        known.recipients.delete("a@x");
      if (!known && id > model.lastId) model.held.set(id, { content: "unfinished", recipients: new Set(recipients) });
      model.lastId = Math.max(model.lastId, id);
    }
    const maybeGone = settling === undefined ? undefined : model.held.get(settling);
    if (maybeGone?.recipients.size === 1 && maybeGone.recipients.has("a@x") && !real.store.content(settling as number))
      model.held.delete(settling as number);
    assertHolds(model, real.store);
  },
  toString: () => "crashAndReopen",
}));

function assertHolds({ held }: Model, store: QueueStore): void {
  const found = store.pending().map(({ id, envelope }) => ({
    id,
    content: store.content(id)?.toString(),
    recipients: envelope.recipients.map(({ address }) => address).sort(),
    told: store.delayTold(id),
  }));
  const wanted = [...held].map(([id, { content, recipients, told = false }]) => ({
    id,
    content: Buffer.from(content).toString(),
    recipients: [...recipients].sort(),
    told,
  }));
  expect(found).to.deep.equal(wanted.sort((one, other) => one.id - other.id));
}

const mailItem = (recipients: readonly string[], content: string) => ({
  internetMessageId: "<m@x>",
  envelope: { from: "s@x", recipients: recipients.map((address) => ({ address })), body: "7BIT" as const },
  sizeBytes: content.length,
  receivedAt: new Date(0),
  source: "SMTP" as const,
});

describe("the durable queue", () => {
  const folders: string[] = [];
  const newFolder = async (): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), "hubedge-queue-"));
    folders.push(folder);
    return folder;
  };
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  it("loses no acknowledged item, and brings back no settled recipient, wherever it crashes", async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(
        fc.commands([put, put, done, done, tellDelay, crashAndReopen], { maxCommands: 25 }),
        async (commands) => {
          const folder = await newFolder();
          const database = openDatabase(folder);
          const real: Real = { folder, database, store: openQueueStore(database, "EX1") };
          const model: Model = { held: new Map(), lastId: 0 };
          try {
            await fc.asyncModelRun(() => ({ model, real }), commands);
            assertHolds(model, real.store);
          } finally {
            await real.database.close();
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it("loses no acknowledged item when its process is killed between and during commits", async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 120 }), async (killAfter) => {
        const folder = await newFolder();
        const lines = await runUntilKilled(folder, killAfter);
        const database = openDatabase(folder);
        try {
          const store = openQueueStore(database, "EX1");
          const pending = new Set(store.pending().map(({ id }) => id));
          const idsOf = (verb: string): number[] => lines.filter(([said]) => said === verb).map(([, id]) => Number(id));
          const settling = new Set(idsOf("settling"));
          for (const [said, id, mark] of lines) {
            if (said === "put" && !settling.has(Number(id))) {
              expect(pending, `${mark} was acknowledged`).to.include(Number(id));
              expect(store.content(Number(id))?.toString()).to.equal(`${mark} `.repeat(10_240).slice(0, 10_240));
            }
          }
          for (const id of idsOf("done")) expect(pending, "was settled").not.to.include(id);
          const next = await store.put(mailItem(["a@x"], ""), Buffer.from(""));
          expect(next.id).to.be.greaterThan(Math.max(...idsOf("put")));
        } finally {
          await database.close();
        }
      }),
      { numRuns: 4 },
    );
  });
});

/** Everything the writer said until it was killed, after so many acknowledgements. */
async function runUntilKilled(folder: string, killAfter: number): Promise<string[][]> {
  const script = join(import.meta.dirname, "queue-writer.ts");
  const writer: ChildProcess = spawn(process.execPath, ["--import", "tsx", script, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = once(writer, "exit");
  const lines: string[][] = [];
  try {
    for await (const line of createInterface({ input: writer.stdout as NonNullable<typeof writer.stdout> })) {
      lines.push(line.split(" "));
      if (lines.filter(([said]) => said === "put").length >= killAfter) writer.kill("SIGKILL");
    }
  } finally {
    writer.kill("SIGKILL");
    await gone;
  }
  return lines;
}
