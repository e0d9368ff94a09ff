/** What an attribute may hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Attributes = Readonly<Record<string, Json>>;

/** An object as the directory holds it. */
export interface StoredObject {
  /** `<kind>/<name>`, case kept, compared as written: `server/Ex2007EE`. */
  id: string;
  kind: string;
  /** The update sequence number of its latest change. */
  usn: number;
  attributes: Attributes;
}

/** One object to change. Attributes not named keep their value; one that is set to undefined goes away. */
export type DirectoryWrite =
  { id: string; kind: string; set: Readonly<Record<string, Json | undefined>> } | { id: string; remove: true };

/** How far a reader has read: numbers of one invocation mean nothing in another. */
export interface DirectoryCookie {
  invocationId: string;
  usn: number;
}

/** A change as a reader sees it: the object's state now, or that it is gone. Intermediate states are not kept. */
export type DirectoryChange =
  { kind: "changed"; object: StoredObject } | { kind: "removed"; id: string; objectKind: string; usn: number };

export interface ChangeSet {
  /**
   * True when this is everything that exists, to replace whatever the reader holds: it had no cookie, one of another
   * invocation, or one older than the tombstones that are kept.
   */
  full: boolean;
  /** In USN order; at most one per object. */
  changes: readonly DirectoryChange[];
  cookie: DirectoryCookie;
}

/** Some of what exists, in USN order. */
export interface ObjectPage {
  objects: readonly StoredObject[];
  /** The USN up to which it reaches: where to go on. */
  reaches: number;
  /** Whether it reaches to the end. */
  last: boolean;
  /** Where the directory stood when it was read. */
  cookie: DirectoryCookie;
}

/**
 * A directory: objects with a change log. Active Directory is one instance of it, each Edge server's ADAM another.
 * One contract, on Redis and on embedded LMDB; `test/unit/directory/conformance.ts` says what both promise.
 *
 * Every method but `close` rejects with DIRECTORY_UNREACHABLE while the store cannot be reached, and works again when
 * it is back.
 */
export interface Directory {
  /** One line for people: `Redis 7.0.15 (private)`, `Redis at 127.0.0.1:6379`, `embedded (LMDB)`. */
  readonly description: string;
  /** Applies all writes or none, each object under its own next USN; resolves once they are readable, with the highest. */
  write(writes: readonly DirectoryWrite[]): Promise<DirectoryCookie>;
  read(id: string): Promise<StoredObject | undefined>;
  /** Several at once, in the order of their ids as given. */
  readAll(ids: readonly string[]): Promise<readonly (StoredObject | undefined)[]>;
  /**
   * What exists, piece by piece: objects of some kinds (as their ids begin) whose latest change is after `usn`, at most
   * `limit` of them; a page may have fewer, or none, without being the last. Whoever goes on until the last one has met
   * every object that was there all the time; one that changed meanwhile is met again in its later place.
   */
  objectsAfter(usn: number, request: { kinds: readonly string[]; limit: number }): Promise<ObjectPage>;
  changesSince(cookie: DirectoryCookie | undefined): Promise<ChangeSet>;
  /**
   * Calls `hint` soon after any change, by anyone, and after a lost store has come back. A hint says only: read again.
   * Returns a function that ends it.
   */
  subscribe(hint: () => void): () => void;
  close(): Promise<void>;
}
