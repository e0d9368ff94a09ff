import type { Database, Table } from "../base/index.ts";
import type { LogState } from "./change-log.ts";
import type { Entry } from "./entry.ts";

/**
 * The embedded directory's tables. Keys begin with the instance; numbers in keys have sixteen digits, so that they
 * sort. `objects`: id → entry. `changes`: USN → id, one per id. `tombstones`: time and id → nothing more.
 */
export class Records {
  readonly #instance: string;
  readonly #objects: Table;
  readonly #changes: Table;
  readonly #tombstones: Table;
  readonly #state: Table;

  constructor(database: Database, instance: string) {
    this.#instance = `${instance}/`;
    this.#objects = database.table("objects");
    this.#changes = database.table("changes");
    this.#tombstones = database.table("tombstones");
    this.#state = database.table("state");
  }

  state(): LogState | undefined {
    return decode<LogState>(this.#state.get(this.#instance));
  }

  currentState(): LogState {
    const state = this.state();
    if (!state) throw new Error(`The embedded directory has lost the state of ${this.#instance}`);
    return state;
  }

  setState(state: LogState): void {
    this.#state.put(this.#instance, encode(state));
  }

  entry(id: string): Entry | undefined {
    return decode<Entry>(this.#objects.get(this.#instance + id));
  }

  /** Puts `after` in the place of `before`, and of its change and its tombstone. Returns `after` as it was written. */
  replace(id: string, before: Entry | undefined, after: Entry): string {
    if (before) this.#changes.remove(this.#numbered(before.usn));
    if (before?.removedAtMs !== undefined) this.#tombstones.remove(this.#numbered(before.removedAtMs, id));
    const json = JSON.stringify(after);
    this.#objects.put(this.#instance + id, Buffer.from(json));
    this.#changes.put(this.#numbered(after.usn), Buffer.from(id));
    if (after.removedAtMs !== undefined) this.#tombstones.put(this.#numbered(after.removedAtMs, id), Buffer.from(id));
    return json;
  }

  /** Forgets tombstones older than that; returns the highest USN among them, or 0. */
  prune(beforeMs: number): number {
    const limit = this.#numbered(beforeMs);
    const old: string[] = [];
    for (const { key } of this.#tombstones.entries(this.#instance)) {
      if (key >= limit) break;
      old.push(key);
    }
    let highest = 0;
    for (const key of old) {
      const id = key.slice(limit.length + 1);
      const usn = this.entry(id)?.usn ?? 0;
      this.#changes.remove(this.#numbered(usn));
      this.#objects.remove(this.#instance + id);
      this.#tombstones.remove(key);
      highest = Math.max(highest, usn);
    }
    return highest;
  }

  *changesAfter(usn: number): Iterable<readonly [id: string, entry: Entry]> {
    for (const { value } of this.#changes.entries(this.#instance, this.#numbered(usn + 1))) {
      const id = value.toString();
      const entry = this.entry(id);
      if (entry) yield [id, entry];
    }
  }

  /** In USN order; those that are gone too. */
  *idsAfter(usn: number): Iterable<{ usn: number; id: string }> {
    for (const { key, value } of this.#changes.entries(this.#instance, this.#numbered(usn + 1))) {
      yield { usn: Number(key.slice(this.#instance.length)), id: value.toString() };
    }
  }

  clear(): void {
    for (const table of [this.#objects, this.#changes, this.#tombstones, this.#state]) {
      for (const key of table.keys(this.#instance)) table.remove(key);
    }
  }

  #numbered(number: number, id?: string): string {
    return `${this.#instance}${String(Math.max(0, number)).padStart(16, "0")}${id === undefined ? "" : `/${id}`}`;
  }
}

const encode = (value: LogState): Buffer => Buffer.from(JSON.stringify(value));
const decode = <T>(bytes: Buffer | undefined): T | undefined =>
  bytes ? (JSON.parse(bytes.toString()) as T) : undefined;
