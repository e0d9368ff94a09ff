/**
 * Objects of one kind, found by any of their keys at once. Where two claim the same key both are found, in the order
 * of their ids, so that what is found never depends on who came first.
 */
export class Shelf<T> {
  readonly #keysOf: (object: T) => readonly string[];
  readonly #objects = new Map<string, T>();
  readonly #idsByKey = new Map<string, readonly string[]>();
  /** Filled when asked for, emptied by changes. */
  readonly #found = new Map<string, readonly T[]>();
  #list: readonly T[] | undefined;

  constructor(keysOf: (object: T) => readonly string[]) {
    this.#keysOf = keysOf;
  }

  put(id: string, object: T): void {
    this.remove(id);
    this.#objects.set(id, object);
    for (const key of new Set(this.#keysOf(object))) {
      this.#setIds(key, [...(this.#idsByKey.get(key) ?? []), id].sort());
    }
  }

  remove(id: string): void {
    const object = this.#objects.get(id);
    this.#list = undefined;
    if (object === undefined) return;
    this.#objects.delete(id);
    for (const key of new Set(this.#keysOf(object))) {
      this.#setIds(
        key,
        (this.#idsByKey.get(key) ?? []).filter((other) => other !== id),
      );
    }
  }

  find(key: string): readonly T[] {
    const known = this.#found.get(key);
    if (known) return known;
    const ids = this.#idsByKey.get(key);
    if (!ids) return []; // not remembered: a stranger could ask for any number of keys
    const found = Object.freeze(ids.map((id) => this.#objects.get(id) as T));
    this.#found.set(key, found);
    return found;
  }

  has(key: string): boolean {
    return this.#idsByKey.has(key);
  }

  /** All of them, in the order of their ids. */
  list(): readonly T[] {
    this.#list ??= Object.freeze([...this.#objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object));
    return this.#list;
  }

  #setIds(key: string, ids: readonly string[]): void {
    this.#found.delete(key);
    if (ids.length > 0) this.#idsByKey.set(key, ids);
    else this.#idsByKey.delete(key);
  }
}
