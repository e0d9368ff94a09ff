import type { RedisReply } from "../base/index.ts";
import type { DirectoryChange, DirectoryWrite, StoredObject } from "./directory.ts";
import { readEntry } from "./entry.ts";
import type { RecentChange } from "./recent-changes.ts";

/** A write on its way into Redis: names of attributes and their JSON in turn, and names of those to drop. */
export interface EncodedWrite {
  id: string;
  /** Undefined: it is removed. */
  kind: string | undefined;
  values: readonly string[];
  dropped: readonly string[];
}

export function encodeWrite(write: DirectoryWrite): EncodedWrite {
  const values: string[] = [];
  const dropped: string[] = [];
  if ("remove" in write) return { id: write.id, kind: undefined, values, dropped };
  for (const [name, value] of Object.entries(write.set)) {
    if (value === undefined) dropped.push(name);
    else values.push(name, JSON.stringify(value));
  }
  return { id: write.id, kind: write.kind, values, dropped };
}

/** As writeScript takes it. */
export const argumentsOf = ({ id, kind, values, dropped }: EncodedWrite): readonly (string | number)[] =>
  kind === undefined ? [id, -1] : [id, values.length, kind, dropped.length, ...values, ...dropped];

/**
 * What writes have changed, from what writeScript says became of each.
 *
 * @param before the highest USN before them
 */
export function changesWritten(
  writes: readonly EncodedWrite[],
  outcomes: readonly RedisReply[],
  before: number,
): RecentChange[] {
  const changes: RecentChange[] = [];
  writes.forEach((write, index) => {
    const outcome = outcomes[index];
    if (outcome === 0) return;
    const usn = before + changes.length + 1;
    changes.push({ usn, id: write.id, json: outcome === 1 ? asJson(write, usn) : String(outcome) });
  });
  return changes;
}

/** A new object as the scripts would give it. */
function asJson({ kind = "", values }: EncodedWrite, usn: number): string {
  let json = "";
  for (let index = 0; index < values.length; index += 2) {
    json += `${index === 0 ? "" : ","}${JSON.stringify(values[index])}:${values[index + 1]}`;
  }
  return `{"kind":${JSON.stringify(kind)},"usn":${usn},"attributes":{${json}}}`;
}

/** An id and its object in turn. */
export function changesOf(found: RedisReply | undefined): DirectoryChange[] {
  const list = listOf(found);
  const changes: DirectoryChange[] = [];
  for (let index = 0; index + 1 < list.length; index += 2) {
    const change = changeOf(String(list[index]), String(list[index + 1]));
    if (change) changes.push(change);
  }
  return changes;
}

/** An object as the scripts give it: JSON; undefined where there is none. */
export function changeOf(id: string, json: string): DirectoryChange | undefined {
  if (json === "") return undefined;
  const { kind, usn, attributes } = readEntry(json);
  if (!attributes) return { kind: "removed", id, objectKind: kind, usn };
  return { kind: "changed", object: { id, kind, usn, attributes } };
}

export const objectOf = (change: DirectoryChange | undefined): StoredObject | undefined =>
  change?.kind === "changed" ? change.object : undefined;

export const listOf = (reply: RedisReply | undefined): readonly RedisReply[] => (Array.isArray(reply) ? reply : []);
