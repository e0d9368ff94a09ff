import { setImmediate as soon } from "node:timers";
import { newGuid } from "../../../src/base/index.ts";
import { hasLostChanges, needsEverything, tombstoneLifetimeMs } from "../../../src/directory/change-log.ts";
import type {
  Attributes,
  Directory,
  DirectoryChange,
  DirectoryWrite,
  StoredObject,
} from "../../../src/directory/index.ts";

interface Entry {
  kind: string;
  usn: number;
  /** JSON; undefined when it is gone. */
  attributes: string | undefined;
  removedAtMs: number;
}

/**
 * A directory in memory that outlives whoever uses it, for tests that crash and begin again many times. It keeps the
 * contract as the real ones do: memory-directory.test.ts runs their suite.
 */
export class MemoryStore {
  readonly #now: () => Date;
  readonly #entries = new Map<string, Entry>();
  readonly #hints = new Set<() => void>();
  #invocationId = newGuid();
  #usn = 0;
  #prunedUsn = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  open(): Directory {
    const hints = new Set<() => void>();
    return {
      description: "memory, for tests",
      write: async (writes) => this.#write(writes),
      read: async (id) => this.#read(id),
      readAll: async (ids) => ids.map((id) => this.#read(id)),
      objectsAfter: async (usn, { kinds, limit }) => {
        const found = this.#inOrder(usn).filter(
          ({ id, attributes }) => attributes && kinds.includes(id.slice(0, id.indexOf("/"))),
        );
        const objects = found.slice(0, limit).map(({ id }) => this.#read(id) as StoredObject);
        const last = found.length <= limit;
        return {
          objects,
          last,
          reaches: last ? Math.max(usn, this.#usn) : (objects.at(-1)?.usn ?? usn),
          cookie: this.#cookie(),
        };
      },
      changesSince: async (cookie) => {
        const state = { invocationId: this.#invocationId, highestUsn: this.#usn, prunedUsn: this.#prunedUsn };
        if (hasLostChanges(cookie, state)) this.#invocationId = newGuid();
        const full = needsEverything(cookie, { ...state, invocationId: this.#invocationId });
        const changes = this.#inOrder(full ? 0 : (cookie?.usn ?? 0)).flatMap(({ id, kind, usn }): DirectoryChange[] => {
          const object = this.#read(id);
          if (object) return [{ kind: "changed", object }];
          return full ? [] : [{ kind: "removed", id, objectKind: kind, usn }];
        });
        return { full, changes, cookie: this.#cookie() };
      },
      subscribe: (hint) => {
        hints.add(hint);
        this.#hints.add(hint);
        return () => void this.#hints.delete(hint);
      },
      close: async () => {
        for (const hint of hints) this.#hints.delete(hint);
      },
    };
  }

  #cookie() {
    return { invocationId: this.#invocationId, usn: this.#usn };
  }

  #inOrder(after: number): ({ id: string } & Entry)[] {
    return [...this.#entries]
      .filter(([, { usn }]) => usn > after)
      .map(([id, entry]) => ({ id, ...entry }))
      .sort((a, b) => a.usn - b.usn);
  }

  #read(id: string): StoredObject | undefined {
    const entry = this.#entries.get(id);
    return entry?.attributes === undefined
      ? undefined
      : { id, kind: entry.kind, usn: entry.usn, attributes: JSON.parse(entry.attributes) as Attributes };
  }

  #write(writes: readonly DirectoryWrite[]) {
    const checked = writes.map((write) =>
      "remove" in write
        ? write
        : {
            ...write,
            set: JSON.parse(JSON.stringify(write.set)) as Attributes,
            unset: Object.keys(write.set).filter((name) => write.set[name] === undefined),
          },
    );
    const nowMs = this.#now().getTime();
    const before = this.#usn;
    for (const write of checked) {
      const entry = this.#entries.get(write.id);
      const held =
        entry?.attributes === undefined ? undefined : (JSON.parse(entry.attributes) as Record<string, unknown>);
      if ("remove" in write) {
        if (!entry || !held) continue;
        this.#entries.set(write.id, { kind: entry.kind, usn: ++this.#usn, attributes: undefined, removedAtMs: nowMs });
      } else {
        const merged = { ...held, ...write.set };
        for (const name of write.unset) delete merged[name];
        this.#entries.set(write.id, {
          kind: write.kind,
          usn: ++this.#usn,
          attributes: JSON.stringify(merged),
          removedAtMs: 0,
        });
      }
    }
    for (const [id, { attributes, removedAtMs, usn }] of this.#entries) {
      if (attributes !== undefined || removedAtMs >= nowMs - tombstoneLifetimeMs) continue;
      this.#entries.delete(id);
      this.#prunedUsn = Math.max(this.#prunedUsn, usn);
    }
    if (this.#usn > before) soon(() => [...this.#hints].forEach((hint) => void hint()));
    return this.#cookie();
  }
}
