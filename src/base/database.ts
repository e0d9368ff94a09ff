import { closeSync, existsSync, mkdirSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { pid } from "node:process";
import { open, type Database as LmdbTable, type RootDatabase } from "lmdb";
import { databaseInUse, databaseUnreadable, databaseWriteFailed } from "./errors-of-stores.ts";
import { LabError } from "./errors.ts";

/**
 * A durable, ordered key-value store in one folder; one process at a time. Only door to LMDB.
 * Ours: docs/adr/0003-redis-and-lmdb.md.
 */
export interface Database {
  /** The table of that name, made if it is missing. A database has eight at most, opened before anything is written. */
  table(name: string): Table;
  /**
   * Runs `work` so that all it writes, in any table, happens or nothing does: nothing where it throws, and then the
   * promise rejects with what it threw. `work` is synchronous and reads what it has written. Resolves once it is on
   * disk; calls that overlap share one flush, so that many small ones at once are as fast as one large one. Rejects DATABASE_WRITE_FAILED.
   */
  transaction<T>(work: () => T): Promise<T>;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

/** Keys are strings of at most 1900 bytes, in the order of their UTF-8 bytes. Every buffer that comes back is the caller's own. */
export interface Table {
  get(key: string): Buffer | undefined;
  /** Only inside a transaction. */
  put(key: string, value: Uint8Array): void;
  /** Only inside a transaction. */
  remove(key: string): void;
  /** A put of its own; many at once share a commit. Resolves once it is on disk. Rejects DATABASE_WRITE_FAILED. */
  putAlone(key: string, value: Uint8Array): Promise<void>;
  /** A removal of its own, likewise. */
  removeAlone(key: string): Promise<void>;
  /**
   * Whatever has a key beginning with `prefix`, in key order, from `from` on where it is given (a whole key). Read as it
   * is iterated: write nothing meanwhile.
   */
  entries(prefix: string, from?: string): Iterable<{ key: string; value: Buffer }>;
  keys(prefix: string): string[];
}

/** Opens the database in `folder`, making it if it is missing. Throws DATABASE_IN_USE, DATABASE_UNREADABLE. */
export function openDatabase(folder: string): Database {
  const root = openRoot(folder);
  const tables = new Map<string, Table>();
  const together = groupCommits((work) => written(folder, () => root.transaction(work)));
  let inTransaction = false;

  const assertInTransaction = (): void => {
    if (!inTransaction) throw new Error("Table.put and Table.remove need a transaction around them");
  };
  return {
    table(name) {
      const table = tables.get(name) ?? openTable(root, name, assertInTransaction, together);
      tables.set(name, table);
      return table;
    },
    async transaction(work) {
      // A child transaction, because only those are rolled back when `work` throws.
      return await written(folder, () =>
        root.childTransaction(() => {
          inTransaction = true;
          try {
            return work();
          } finally {
            inTransaction = false;
          }
        }),
      );
    },
    close: () => root.close(),
  };
}

function openRoot(folder: string): RootDatabase<Buffer, string> {
  let root: RootDatabase<Buffer, string>;
  try {
    mkdirSync(folder, { recursive: true });
    assertDatabaseOrNothing(join(folder, "data.mdb"));
    root = open<Buffer, string>(folder, {
      encoding: "binary",
      overlappingSync: false, // with it a commit resolves before it is on disk
      noSubdir: false, // a folder with a dot in its name would be taken for a file
      eventTurnBatching: false, // with it a commit that fails ends the process: one of its promises is nobody's
    });
  } catch (failure) {
    throw databaseUnreadable(folder, failure);
  }
  const others = otherReaders(root);
  if (others.length === 0) return root;
  void root.close();
  throw databaseInUse(folder, others);
}

/** LMDB's mark, after the 24 bytes that head its first page. */
const mark = Buffer.from([0xde, 0xc0, 0xef, 0xbe]);

/** On a file of another kind the library would not fail but crash, and we with it. */
function assertDatabaseOrNothing(path: string): void {
  if (!existsSync(path)) return;
  const file = openSync(path, "r");
  try {
    const start = Buffer.alloc(28);
    const length = readSync(file, start);
    if (length > 0 && !start.subarray(24).equals(mark)) throw new Error("data.mdb is not an LMDB file");
  } finally {
    closeSync(file);
  }
}

/** Any look-up takes a reader slot and keeps it, so that whoever opens the folder later sees us. */
const holdReaderSlot = (root: RootDatabase<Buffer, string>): void => void root.get("-");

/** Processes other than this one that hold a reader slot. LMDB itself drops the slots of the dead. */
function otherReaders(root: RootDatabase<Buffer, string>): number[] {
  holdReaderSlot(root);
  root.readerCheck();
  const listed = root.readerList().matchAll(/^\s*(\d+)\s+[0-9a-f]+\s+(?:\d+|-)\s*$/gm);
  return [...new Set(Array.from(listed, (line) => Number(line[1])))].filter((reader) => reader !== pid);
}

/**
 * Joins writes that come while a commit is under way into the next one, so that as many as there are share a flush.
 * Each caller is told when the commit that holds its write is on disk.
 */
function groupCommits(commit: (work: () => void) => Promise<void>): (write: () => void) => Promise<void> {
  let gathering: { writes: (() => void)[]; committed: Promise<void> } | undefined;
  let previous: Promise<void> = Promise.resolve();

  const begin = (): NonNullable<typeof gathering> => {
    const writes: (() => void)[] = [];
    const committed = previous
      .then(() => new Promise((resolve) => setImmediate(resolve))) // whatever else this turn of the loop brings
      .then(() => {
        gathering = undefined;
        return commit(() => {
          for (const write of writes) write();
        });
      });
    previous = committed.catch(() => {}); // those who wrote are told
    return { writes, committed };
  };
  return (write) => {
    gathering ??= begin();
    gathering.writes.push(write);
    return gathering.committed;
  };
}

function openTable(
  root: RootDatabase<Buffer, string>,
  name: string,
  assertInTransaction: () => void,
  together: (write: () => void) => Promise<void>,
): Table {
  const stored: LmdbTable<Buffer, string> = root.openDB<Buffer, string>(name, { encoding: "binary" });
  holdReaderSlot(root); // opening a table gave it back
  return {
    get(key) {
      const value = stored.get(key);
      return value && Buffer.from(value);
    },
    put(key, value) {
      assertInTransaction();
      void stored.put(key, bufferOver(value));
    },
    remove(key) {
      assertInTransaction();
      void stored.remove(key);
    },
    putAlone: (key, value) => together(() => void stored.put(key, bufferOver(value))),
    removeAlone: (key) => together(() => void stored.remove(key)),
    *entries(prefix, from = prefix) {
      for (const { key, value } of stored.getRange({ start: from })) {
        if (!key.startsWith(prefix)) return;
        yield { key, value: Buffer.from(value) };
      }
    },
    keys(prefix) {
      const found: string[] = [];
      for (const key of stored.getKeys({ start: prefix })) {
        if (!key.startsWith(prefix)) break;
        found.push(key);
      }
      return found;
    },
  };
}

const bufferOver = (value: Uint8Array): Buffer => Buffer.from(value.buffer, value.byteOffset, value.byteLength);

/** Runs a write; a commit that failed becomes a LabError with the system's reason. */
async function written<T>(folder: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (failure) {
    if (failure instanceof LabError || !(failure instanceof Error) || !("commitError" in failure)) throw failure;
    // The reason comes by a promise of its own, which would be an unhandled rejection if nobody took it.
    const reason: unknown = await Promise.resolve(failure.commitError).catch((error: unknown) => error);
    throw databaseWriteFailed(folder, reason);
  }
}
