import { setImmediate as soon } from "node:timers";
import { type Database, newGuid } from "../base/index.ts";
import { hasLostChanges, needsEverything, tombstoneLifetimeMs } from "./change-log.ts";
import type {
  Attributes,
  ChangeSet,
  Directory,
  DirectoryChange,
  DirectoryCookie,
  DirectoryWrite,
  Json,
  ObjectPage,
  StoredObject,
} from "./directory.ts";
import { Records } from "./embedded-records.ts";
import { type Entry, readEntry } from "./entry.ts";
import { type RecentChange, RecentChanges } from "./recent-changes.ts";

/**
 * One instance of the directory in an LMDB database; other instances lie beside it under other names.
 *
 * @param now lab time, by which tombstones age
 * @param fresh whether to forget first what the instance held
 */
export async function embeddedDirectory(
  database: Database,
  { instance, now, fresh }: { instance: string; now: () => Date; fresh: boolean },
): Promise<Directory> {
  const records = new Records(database, instance);
  const recent = new RecentChanges();
  const hints = new Set<() => void>();
  const hintAll = (): void => {
    for (const hint of [...hints]) hint();
  };
  await database.transaction(() => {
    if (fresh) records.clear();
    if (!records.state()) records.setState({ invocationId: newGuid(), highestUsn: 0, prunedUsn: 0 });
  });
  return {
    description: "embedded (LMDB)",
    async write(writes) {
      const { before, after, changes } = await database.transaction(() => applyAll(records, writes, now().getTime()));
      recent.add(before, changes);
      if (writes.length > 0) soon(hintAll);
      return after;
    },
    read: async (id) => readObject(records, id),
    readAll: async (ids) => ids.map((id) => readObject(records, id)),
    objectsAfter: async (usn, request) => readPage(records, usn, request),
    async changesSince(cookie) {
      if (hasLostChanges(cookie, records.currentState())) {
        await database.transaction(() => records.setState({ ...records.currentState(), invocationId: newGuid() }));
      }
      return readChanges(records, recent, cookie);
    },
    subscribe(hint) {
      hints.add(hint);
      return () => void hints.delete(hint);
    },
    async close() {
      hints.clear();
    },
  };
}

interface Applied {
  before: DirectoryCookie;
  after: DirectoryCookie;
  changes: readonly RecentChange[];
}

function applyAll(records: Records, writes: readonly DirectoryWrite[], nowMs: number): Applied {
  const state = records.currentState();
  const { invocationId } = state;
  const changes: RecentChange[] = [];
  let usn = state.highestUsn;
  for (const write of writes) {
    const { id } = write;
    const before = records.entry(id);
    const after = changed(before, write, usn + 1, nowMs);
    if (!after) continue;
    changes.push({ usn: after.usn, id, json: records.replace(id, before, after) });
    usn = after.usn;
  }
  const prunedUsn = Math.max(state.prunedUsn, records.prune(nowMs - tombstoneLifetimeMs));
  records.setState({ ...state, highestUsn: usn, prunedUsn });
  return { before: { invocationId, usn: state.highestUsn }, after: { invocationId, usn }, changes };
}

/** What an object is after a write; undefined where there is nothing to remove. */
function changed(before: Entry | undefined, write: DirectoryWrite, usn: number, nowMs: number): Entry | undefined {
  if ("remove" in write) return before?.attributes && { kind: before.kind, usn, removedAtMs: nowMs };
  const attributes: Record<string, Json | undefined> = { ...before?.attributes, ...write.set };
  for (const name in write.set) if (write.set[name] === undefined) delete attributes[name];
  return { kind: write.kind, usn, attributes: attributes as Attributes };
}

function readObject(records: Records, id: string): StoredObject | undefined {
  const entry = records.entry(id);
  return entry?.attributes && { id, kind: entry.kind, usn: entry.usn, attributes: entry.attributes };
}

/** As many ids are looked at in one go: reading holds up everybody else. */
const idsPerPage = 10_000;

function readPage(
  records: Records,
  after: number,
  { kinds, limit }: { kinds: readonly string[]; limit: number },
): ObjectPage {
  const { invocationId, highestUsn } = records.currentState();
  const cookie = { invocationId, usn: highestUsn };
  const objects: StoredObject[] = [];
  let reaches = after;
  let looked = 0;
  for (const { usn, id } of records.idsAfter(after)) {
    if (objects.length === limit || looked++ === idsPerPage) return { objects, reaches, last: false, cookie };
    reaches = usn;
    const object = kinds.includes(id.slice(0, id.indexOf("/"))) ? readObject(records, id) : undefined;
    if (object) objects.push(object);
  }
  return { objects, reaches: Math.max(reaches, highestUsn), last: true, cookie };
}

function readChanges(records: Records, recent: RecentChanges, cookie: DirectoryCookie | undefined): ChangeSet {
  const state = records.currentState();
  const upTo = { invocationId: state.invocationId, usn: state.highestUsn };
  const full = needsEverything(cookie, state);
  const known = cookie && !full ? recent.between(cookie, upTo) : undefined;
  const entries = known
    ? known.map(({ id, json }) => [id, readEntry(json)] as const)
    : records.changesAfter(full ? 0 : (cookie?.usn ?? 0));
  const changes: DirectoryChange[] = [];
  for (const [id, { kind, usn, attributes }] of entries) {
    if (attributes) changes.push({ kind: "changed", object: { id, kind, usn, attributes } });
    else if (!full) changes.push({ kind: "removed", id, objectKind: kind, usn });
  }
  return { full, changes, cookie: upTo };
}
