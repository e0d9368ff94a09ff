import type { DirectoryCookie } from "./directory.ts";

/** One change as it was written: the object's state then, as JSON. */
export interface RecentChange {
  usn: number;
  id: string;
  json: string;
}

/** Enough for a few large batches. */
const most = 4000;

/**
 * The latest changes that one writer has made, kept in memory, so that whoever follows it closely need not read them
 * from disk again. Knows nothing of what another writer did meanwhile, and says so.
 */
export class RecentChanges {
  /** In USN order, one for each number after `#after`. */
  #changes: RecentChange[] = [];
  #invocationId = "";
  #after = 0;

  /**
   * Takes in what a write did, once that is on disk.
   *
   * @param before where the directory stood before it
   */
  add(before: DirectoryCookie, changes: readonly RecentChange[]): void {
    const continues = before.invocationId === this.#invocationId && before.usn === this.#after + this.#changes.length;
    const kept = continues ? this.#changes : [];
    this.#changes = [...kept.slice(Math.max(0, kept.length + changes.length - most)), ...changes];
    this.#invocationId = before.invocationId;
    this.#after = before.usn + changes.length - this.#changes.length;
  }

  /** Up to which USN everything after a place is known here; undefined where it is not. */
  knownUpTo({ invocationId, usn }: DirectoryCookie): number | undefined {
    const last = this.#after + this.#changes.length;
    return invocationId === this.#invocationId && usn >= this.#after && usn <= last ? last : undefined;
  }

  /**
   * What happened between two places in the directory's history, in USN order, each object once, as it is at the later
   * one; undefined where that is not all known here.
   */
  between(from: DirectoryCookie, to: DirectoryCookie): readonly RecentChange[] | undefined {
    const last = this.knownUpTo(from);
    if (last === undefined || to.invocationId !== from.invocationId || to.usn < from.usn || to.usn > last)
      return undefined;
    const seen = new Set<string>();
    return this.#changes
      .slice(from.usn - this.#after, to.usn - this.#after)
      .reverse()
      .filter(({ id }) => !seen.has(id) && seen.add(id))
      .reverse();
  }
}
