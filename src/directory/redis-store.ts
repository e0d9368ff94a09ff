import { newGuid, type RedisConnection, type RedisReply } from "../base/index.ts";
import { type LogState, needsEverything, tombstoneLifetimeMs } from "./change-log.ts";
import type {
  ChangeSet,
  Directory,
  DirectoryChange,
  DirectoryCookie,
  DirectoryWrite,
  Json,
  ObjectPage,
  StoredObject,
} from "./directory.ts";
import { directoryUnreachable } from "./errors.ts";
import {
  clearScript,
  readKindsScript,
  readObjectsScript,
  readScript,
  registerScript,
  writeScript,
} from "./redis-scripts.ts";

/** Every key of a lab begins with this; the braces keep them in one slot, which its scripts need. */
export const labPrefix = (lab: string): string => `hubedge:{${lab}}:`;

/** One script's worth of reading: short enough for others to get a word in. */
const objectsPerPage = 1000;
/** Looking at an id alone costs a tenth of that. */
const idsPerPage = 10_000;

/**
 * One instance of a lab's directory on Redis; others may lie beside it. docs/formats.md#redis-keys shows the keys.
 *
 * @param now lab time, by which tombstones age
 */
export function redisDirectory(
  connection: RedisConnection,
  { lab, instance, now, description }: { lab: string; instance: string; now: () => Date; description: string },
): Directory {
  const prefix = `${labPrefix(lab)}${instance}:`;
  const stateKey = `${prefix}state`;
  const channel = `${prefix}changed`;
  const evaluate = async (
    script: string,
    keys: readonly string[],
    values: readonly (string | number)[],
  ): Promise<RedisReply> => {
    try {
      return await connection.evaluate(script, keys, values);
    } catch (failure) {
      throw directoryUnreachable(description, failure);
    }
  };
  const readPage = async (cookie: DirectoryCookie | undefined, afterUsn: number): Promise<Page> => {
    const seen = [cookie?.invocationId ?? "", cookie?.usn ?? 0];
    return pageOf(await evaluate(readScript, [stateKey], [newGuid(), ...seen, afterUsn, objectsPerPage]));
  };
  const readAll = async (ids: readonly string[]): Promise<(StoredObject | undefined)[]> => {
    if (ids.length === 0) return [];
    const objects = listOf(
      await evaluate(
        readObjectsScript,
        ids.map((id) => `${prefix}object:${id}`),
        [],
      ),
    );
    return ids.map((id, index) => objectOf(changeOf(id, objects[index])));
  };
  return {
    description,
    async write(writes) {
      const nowMs = now().getTime();
      const reply = await evaluate(
        writeScript,
        [stateKey],
        [newGuid(), nowMs, nowMs - tombstoneLifetimeMs, channel, ...writes.flatMap(argumentsOf)],
      );
      const [invocationId, usn] = listOf(reply);
      return { invocationId: String(invocationId), usn: Number(usn) };
    },
    read: async (id) => (await readAll([id]))[0],
    readAll,
    async objectsAfter(usn, { kinds, limit }) {
      const wanted = ` ${kinds.join(" ")} `;
      return objectPageOf(await evaluate(readKindsScript, [stateKey], [newGuid(), usn, limit, idsPerPage, wanted]));
    },
    changesSince: (cookie) => readChanges(readPage, cookie),
    subscribe: (hint) => connection.listen(channel, hint),
    async close() {},
  };
}

/** Remembers an instance, so that `clearOldKeys` finds it; a fresh one forgets what it holds. */
export async function registerInstance(
  connection: RedisConnection,
  { lab, instance, fresh }: { lab: string; instance: string; fresh: boolean },
): Promise<void> {
  const values = [labPrefix(lab), instance, fresh ? 1 : 0];
  await connection.evaluate(registerScript, [`${labPrefix(lab)}instances`], values);
}

/** Forgets whatever a lab's directories held on this Redis; who owns the lab is not touched. */
export async function clearOldKeys(connection: RedisConnection, lab: string): Promise<void> {
  await connection.evaluate(clearScript, [`${labPrefix(lab)}instances`], [labPrefix(lab)]);
}

/** A write as writeScript takes it. */
function argumentsOf(write: DirectoryWrite): (string | number)[] {
  if ("remove" in write) return [write.id, -1];
  const values: string[] = [];
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(write.set)) {
    if (value === undefined) dropped.push(name);
    else values.push(name, JSON.stringify(value));
  }
  return [write.id, values.length, write.kind, dropped.length, ...values, ...dropped];
}

interface Page extends LogState {
  changes: readonly DirectoryChange[];
}

/** Reads page after page up to the newest change; whoever writes meanwhile is read too, or makes us begin anew. */
async function readChanges(
  readPage: (cookie: DirectoryCookie | undefined, afterUsn: number) => Promise<Page>,
  cookie: DirectoryCookie | undefined,
): Promise<ChangeSet> {
  let page = await readPage(cookie, cookie?.usn ?? 0);
  const { invocationId, prunedUsn } = page;
  const full = needsEverything(cookie, page);
  if (full && cookie) page = await readPage(undefined, 0);
  const newest = new Map<string, DirectoryChange>();
  for (;;) {
    if (page.invocationId !== invocationId || page.prunedUsn !== prunedUsn) return readChanges(readPage, cookie);
    for (const change of page.changes) {
      newest.delete(idOf(change)); // an object that changed between two pages moves to its later place
      if (!full || change.kind === "changed") newest.set(idOf(change), change);
    }
    const last = page.changes.at(-1);
    if (page.changes.length < objectsPerPage || !last) break;
    page = await readPage(undefined, usnOf(last));
  }
  return { full, changes: [...newest.values()], cookie: { invocationId, usn: page.highestUsn } };
}

const idOf = (change: DirectoryChange): string => (change.kind === "changed" ? change.object.id : change.id);
const usnOf = (change: DirectoryChange): number => (change.kind === "changed" ? change.object.usn : change.usn);

function pageOf(reply: RedisReply): Page {
  const [invocationId, highestUsn, prunedUsn, found] = listOf(reply);
  return {
    invocationId: String(invocationId),
    highestUsn: Number(highestUsn),
    prunedUsn: Number(prunedUsn),
    changes: changesOf(found),
  };
}

/** An id and its object in turn. */
function changesOf(found: RedisReply | undefined): DirectoryChange[] {
  const list = listOf(found);
  const changes: DirectoryChange[] = [];
  for (let index = 0; index + 1 < list.length; index += 2) {
    const change = changeOf(String(list[index]), list[index + 1]);
    if (change) changes.push(change);
  }
  return changes;
}

/** An object as the scripts give it: JSON, undefined where it is one of nothing. */
function changeOf(id: string, json: RedisReply | undefined): DirectoryChange | undefined {
  const fields = JSON.parse(String(json ?? "{}")) as Record<string, Json>;
  const { "@kind": kind, "@usn": usn, "@removed": removed, ...attributes } = fields;
  if (kind === undefined) return undefined;
  if (removed !== undefined) return { kind: "removed", id, objectKind: String(kind), usn: Number(usn) };
  return { kind: "changed", object: { id, kind: String(kind), usn: Number(usn), attributes } };
}

const objectOf = (change: DirectoryChange | undefined): StoredObject | undefined =>
  change?.kind === "changed" ? change.object : undefined;

function objectPageOf(reply: RedisReply): ObjectPage {
  const [invocationId, highestUsn, reaches, last, found] = listOf(reply);
  return {
    objects: changesOf(found).flatMap((change) => objectOf(change) ?? []),
    reaches: Number(reaches),
    last: last === 1,
    cookie: { invocationId: String(invocationId), usn: Number(highestUsn) },
  };
}

const listOf = (reply: RedisReply | undefined): readonly RedisReply[] => (Array.isArray(reply) ? reply : []);
