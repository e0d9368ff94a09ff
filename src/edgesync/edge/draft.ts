import { isDeepStrictEqual } from "node:util";
import { type Attributes, type DirectoryWrite, serverId, type StoredObject } from "../../directory/index.ts";
import type { EdgeChange } from "../wire/replica.ts";
import type { Applied } from "../wire/wire.ts";

/** The attribute that says which full synchronization brought, or last confirmed, an object. */
export const generationAttribute = "edgeSyncGeneration";

/** What a batch does to ADAM. */
export interface Draft {
  writes: readonly DirectoryWrite[];
  counts: Pick<Applied, "added" | "updated" | "deleted">;
}

/**
 * Turns the changes of a batch into writes, and counts those that change something. Pure.
 *
 * @param before what ADAM holds of each, in the same order
 * @param stamp the generation to mark objects with; in a delta those that have not changed are left as they are
 */
export function draftChanges(
  changes: readonly EdgeChange[],
  before: readonly (StoredObject | undefined)[],
  stamp: { generation: number; full: boolean; own: string },
): Draft {
  const writes: DirectoryWrite[] = [];
  const counts = { added: 0, updated: 0, deleted: 0 };
  changes.forEach((change, index) => {
    const held = before[index];
    if ("remove" in change) {
      if (!held) return;
      counts.deleted++;
      writes.push(change);
    } else {
      const changed = !held || !holds(held.attributes, change.set);
      if (changed) counts[held ? "updated" : "added"]++;
      const mark = change.id === serverId(stamp.own) ? {} : { [generationAttribute]: stamp.generation };
      if (changed) writes.push({ id: change.id, kind: change.kind, set: { ...change.set, ...mark } });
      else if (stamp.full && !holds(held.attributes, mark))
        writes.push({ id: change.id, kind: change.kind, set: mark });
    }
  });
  return { writes, counts };
}

const holds = (held: Attributes, wanted: Attributes): boolean =>
  Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(held[name], value));

/**
 * What a full synchronization has not brought, and so is to go: never what is this server's own.
 *
 * @param objects of the kinds of the scope, as ADAM holds them
 */
export const leftBehind = (
  objects: readonly StoredObject[],
  { generation, own }: { generation: number; own: string },
): readonly StoredObject[] =>
  objects.filter(({ id, attributes }) => id !== serverId(own) && attributes[generationAttribute] !== generation);
