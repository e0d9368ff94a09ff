import { expect } from "chai";
import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectRedis, type Database, openDatabase, type RedisConnection } from "../../src/base/index.ts";
import { embeddedDirectory } from "../../src/directory/embedded-store.ts";
import type { ChangeSet, Directory, DirectoryCookie, DirectoryWrite, Json } from "../../src/directory/index.ts";
import { redisDirectory } from "../../src/directory/redis-store.ts";
import { TestRedis } from "../unit/directory/test-redis.ts";

const day = 86_400_000;

/** What may happen, in some order: one of two writers writes, the reader reads, time passes, the store is lost and found. */
type Event =
  | { kind: "write"; writer: 0 | 1; writes: readonly DirectoryWrite[] }
  | { kind: "bothWrite"; writes: readonly (readonly DirectoryWrite[])[] }
  | { kind: "read"; answerLost: boolean }
  | { kind: "wait"; days: number }
  | { kind: "reopen" };

const value: fc.Arbitrary<Json | undefined> = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 5 }),
  fc.integer(),
  fc.constant(null),
  fc.constant(undefined),
);
const write: fc.Arbitrary<DirectoryWrite> = fc
  .tuple(fc.constantFrom(..."abcdefgh"), fc.option(fc.dictionary(fc.constantFrom("x", "y"), value), { freq: 2 }))
  .map(([id, set]) => (set === null ? { id, remove: true } : { id, kind: "thing", set }));
const writes = fc.array(write, { maxLength: 4 });
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      writer: fc.constantFrom(0 as const, 1 as const),
      writes,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("bothWrite" as const),
      writes: fc.array(writes, { minLength: 2, maxLength: 2 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("read" as const), answerLost: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), days: fc.constantFrom(1, 61) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reopen" as const) }) },
);

/** A reader that keeps what it has heard. */
class Reader {
  objects = new Map<string, unknown>();
  cookie: DirectoryCookie | undefined;

  take({ full, changes, cookie }: ChangeSet): void {
    if (full) this.objects = new Map();
    for (const change of changes) {
      if (change.kind === "changed") this.objects.set(change.object.id, change.object);
      else this.objects.delete(change.id);
    }
    this.cookie = cookie;
  }
}

interface Store {
  writers: [Directory, Directory];
  /** Loses the connections, or the process, and finds the store again. */
  reopen(): Promise<void>;
}

async function converges(store: Store, events: readonly Event[], clock: { at: number }): Promise<void> {
  const reader = new Reader();
  const model = new Map<string, Record<string, Json>>();
  for (const event of events) {
    if (event.kind === "write") {
      await store.writers[event.writer].write(event.writes);
      for (const one of event.writes) applyTo(model, one);
    } else if (event.kind === "bothWrite") {
      const [first = [], second = []] = event.writes;
      const cookies = await Promise.all([store.writers[0].write(first), store.writers[1].write(second)]);
      const order = cookies[0].usn <= cookies[1].usn ? [...first, ...second] : [...second, ...first];
      // Two batches that changed nothing have one cookie, and then their order does not matter.
      for (const one of order) applyTo(model, one);
    } else if (event.kind === "read") {
      const answer = await store.writers[0].changesSince(reader.cookie);
      if (!event.answerLost) reader.take(answer);
    } else if (event.kind === "wait") {
      clock.at += event.days * day;
    } else {
      await store.reopen();
    }
  }
  reader.take(await store.writers[1].changesSince(reader.cookie));
  const fresh = new Reader();
  fresh.take(await store.writers[0].changesSince(undefined));
  expect(reader.objects, "a reader that was there all along").to.deep.equal(fresh.objects);
  const held = new Map([...fresh.objects].map(([id, object]) => [id, (object as { attributes: unknown }).attributes]));
  expect(held, "what was written").to.deep.equal(model);
}

function applyTo(model: Map<string, Record<string, Json>>, write: DirectoryWrite): void {
  if ("remove" in write) return void model.delete(write.id);
  const merged = { ...model.get(write.id), ...write.set };
  model.set(
    write.id,
    Object.fromEntries(Object.entries(merged).flatMap(([name, json]) => (json === undefined ? [] : [[name, json]]))),
  );
}

const runs = fc.array(event, { maxLength: 40, size: "max" });

describe("a reader of the directory, whatever is written, lost and pruned meanwhile,", () => {
  let run = 0;

  describe("on embedded LMDB", () => {
    const folder = mkdtempSync(join(tmpdir(), "hubedge-test-"));
    let database: Database;
    before(() => void (database = openDatabase(folder)));
    after(async () => {
      await database.close();
      rmSync(folder, { recursive: true });
    });

    it("converges, the database closed and opened again", async () => {
      const property = fc.asyncProperty(runs, async (events) => {
        const clock = { at: 0 };
        const instance = `run${run++}`;
        const open = () => embeddedDirectory(database, { instance, now: () => new Date(clock.at), fresh: false });
        const store: Store = {
          writers: [await open(), await open()],
          async reopen() {
            await database.close();
            database = openDatabase(folder);
            store.writers = [await open(), await open()];
          },
        };
        await converges(store, events, clock);
      });
      await fc.assert(property, { numRuns: 60 });
    });
  });

  describe("on Redis", () => {
    let redis: TestRedis;
    const connections: RedisConnection[] = [];
    const disconnect = async (): Promise<void> => {
      for (const connection of connections.splice(0)) await connection.close();
    };
    before(async function () {
      redis = await TestRedis.start(this);
    });
    after(async () => {
      await disconnect();
      await redis?.close();
    });

    it("converges, the server killed and started again", async function () {
      this.timeout(60_000); // it is killed some hundred times
      const property = fc.asyncProperty(runs, async (events) => {
        const clock = { at: 0 };
        const identity = {
          lab: `run${run++}`,
          instance: "ad",
          now: () => new Date(clock.at),
          description: "Redis for tests",
        };
        const open = async (): Promise<Directory> => {
          const connection = await connectRedis(redis.url);
          connections.push(connection);
          return redisDirectory(connection, identity);
        };
        const store: Store = {
          writers: [await open(), await open()],
          async reopen() {
            await disconnect();
            await redis.kill();
            await redis.start();
            store.writers = [await open(), await open()];
          },
        };
        await converges(store, events, clock);
        await disconnect();
      });
      await fc.assert(property, { numRuns: 40 });
    });
  });
});
