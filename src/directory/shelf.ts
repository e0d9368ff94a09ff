/**
 * Objects of one kind, found by any of their keys at once. Where two claim the same key both are found, in the order
 * of their ids, so that what is found never depends on who came first.
 */
export class Shelf<T> {
  readonly #keysOf: (object: T) => readonly string[];
  /** With the USN of each, in the order of those. */
  readonly #objects = new Map<string, { object: T; usn: number }>();
  readonly #idsByKey = new Map<string, readonly string[]>();
  /** Filled when asked for, emptied by changes. */
  readonly #found = new Map<string, readonly T[]>();
  #list: readonly T[] | undefined;

  constructor(keysOf: (object: T) => readonly string[]) {
    this.#keysOf = keysOf;
  }

  /** Objects come in the order of their USNs. */
  put(id: string, object: T, usn: number): void {
    this.remove(id);
    this.#objects.set(id, { object, usn });
    for (const key of this.#keysOf(object)) {
      const ids = this.#idsByKey.get(key);
      if (!ids) this.#setIds(key, [id]);
      else if (!ids.includes(id)) this.#setIds(key, [...ids, id].sort());
    }
  }

  remove(id: string): void {
    const held = this.#objects.get(id);
    this.#list = undefined;
    if (!held) return;
    this.#objects.delete(id);
    for (const key of this.#keysOf(held.object)) {
      const others = (this.#idsByKey.get(key) ?? []).filter((other) => other !== id);
      this.#setIds(key, others);
    }
  }

  find(key: string): readonly T[] {
    const known = this.#found.get(key);
    if (known) return known;
    const ids = this.#idsByKey.get(key);
    if (!ids) return []; // not remembered: a stranger could ask for any number of keys
    const found = Object.freeze(ids.flatMap((id) => this.#objects.get(id)?.object ?? []));
    this.#found.set(key, found);
    return found;
  }

  has(key: string): boolean {
    return this.#idsByKey.has(key);
  }

  /** All of them, in the order of their ids. */
  list(): readonly T[] {
    this.#list ??= Object.freeze(
      [...this.#objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { object }]) => object),
    );
    return this.#list;
  }

  /** All of them with their ids and USNs, in the order of the latter. */
  *entries(): Iterable<{ id: string; object: T; usn: number }> {
    for (const [id, { object, usn }] of this.#objects) yield { id, object, usn };
  }

  #setIds(key: string, ids: readonly string[]): void {
    this.#found.delete(key);
    if (ids.length > 0) this.#idsByKey.set(key, ids);
    else this.#idsByKey.delete(key);
  }
}
