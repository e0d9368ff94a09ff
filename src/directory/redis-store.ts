import { newGuid, type RedisConnection, type RedisReply } from "../base/index.ts";
import { type LogState, needsEverything, tombstoneLifetimeMs } from "./change-log.ts";
import type { ChangeSet, Directory, DirectoryChange, DirectoryCookie, ObjectPage, StoredObject } from "./directory.ts";
import { directoryUnreachable } from "./errors.ts";
import { RecentChanges } from "./recent-changes.ts";
import { argumentsOf, changeOf, changesOf, changesWritten, encodeWrite, listOf, objectOf } from "./redis-objects.ts";
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
  const recent = new RecentChanges();
  let writing: Promise<unknown> = Promise.resolve();
  const readPage: ReadPage = async (cookie, afterUsn, knownUpTo = -1) => {
    const seen = [cookie?.invocationId ?? "", cookie?.usn ?? 0];
    return pageOf(await evaluate(readScript, [stateKey], [newGuid(), ...seen, afterUsn, objectsPerPage, knownUpTo]));
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
    return ids.map((id, index) => objectOf(changeOf(id, String(objects[index]))));
  };
  return {
    description,
    async write(writes) {
      const nowMs = now().getTime();
      const encoded = writes.map(encodeWrite);
      const given = encoded.flatMap(argumentsOf);
      const values = [newGuid(), nowMs, nowMs - tombstoneLifetimeMs, channel, ...given];
      const reply = evaluate(writeScript, [stateKey], values);
      writing = reply.catch(() => undefined);
      const [invocation, before, usn, outcomes] = listOf(await reply);
      const invocationId = String(invocation);
      const changes = changesWritten(encoded, listOf(outcomes), Number(before));
      recent.add({ invocationId, usn: Number(before) }, changes);
      return { invocationId, usn: Number(usn) };
    },
    read: async (id) => (await readAll([id]))[0],
    readAll,
    async objectsAfter(usn, { kinds, limit }) {
      const wanted = ` ${kinds.join(" ")} `;
      return objectPageOf(await evaluate(readKindsScript, [stateKey], [newGuid(), usn, limit, idsPerPage, wanted]));
    },
    async changesSince(cookie) {
      await writing; // a hint at what we are writing may be here before the answer
      return await readChanges(readPage, recent, cookie);
    },
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

interface Page extends LogState {
  changes: readonly DirectoryChange[];
}

/** @param knownUpTo where the directory stands at that USN of the cookie's invocation, nothing is to be read */
type ReadPage = (cookie: DirectoryCookie | undefined, afterUsn: number, knownUpTo?: number) => Promise<Page>;

/** Reads page after page up to the newest change; whoever writes meanwhile is read too, or makes us begin anew. */
async function readChanges(
  readPage: ReadPage,
  recent: RecentChanges,
  cookie: DirectoryCookie | undefined,
): Promise<ChangeSet> {
  const knownUpTo = cookie && recent.knownUpTo(cookie);
  let page = await readPage(cookie, cookie?.usn ?? 0, knownUpTo);
  const { invocationId, prunedUsn } = page;
  const full = needsEverything(cookie, page);
  if (full && cookie) page = await readPage(undefined, 0);
  else if (cookie && page.highestUsn === knownUpTo) {
    const upTo = { invocationId, usn: page.highestUsn };
    const known = recent.between(cookie, upTo);
    if (known) return { full, changes: known.flatMap(({ id, json }) => changeOf(id, json) ?? []), cookie: upTo };
    page = await readPage(cookie, cookie.usn); // forgotten meanwhile, where much is being written
  }
  const newest = new Map<string, DirectoryChange>();
  for (;;) {
    if (page.invocationId !== invocationId || page.prunedUsn !== prunedUsn)
      return readChanges(readPage, recent, cookie);
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

function objectPageOf(reply: RedisReply): ObjectPage {
  const [invocationId, highestUsn, reaches, last, found] = listOf(reply);
  return {
    objects: changesOf(found).flatMap((change) => objectOf(change) ?? []),
    reaches: Number(reaches),
    last: last === 1,
    cookie: { invocationId: String(invocationId), usn: Number(highestUsn) },
  };
}
