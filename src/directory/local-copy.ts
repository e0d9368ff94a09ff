import { setTimeout as startTimer, clearTimeout as stopTimer } from "node:timers";
import type { ChangeSet, Directory, DirectoryCookie, StoredObject } from "./directory.ts";
import type { ObjectKind } from "./objects.ts";
import { Organization, type OrganizationView } from "./organization-view.ts";

/** A view that follows a directory, and goes on answering while the directory is away. */
export interface LocalCopy extends OrganizationView {
  /** Resolves once the copy shows the state of `cookie` or a later one; rejects where the copy is closed before. */
  caughtUp(cookie: DirectoryCookie): Promise<void>;
  /**
   * Every whole object of some kinds as they are at one cookie, in the order of their USNs. Undefined while the copy
   * keeps what its directory has lost.
   */
  snapshot(kinds: readonly ObjectKind[]): { cookie: DirectoryCookie; objects: readonly StoredObject[] } | undefined;
  close(): void;
}

/** Reads the whole directory, then follows its changes until it is closed. Rejects DIRECTORY_UNREACHABLE. */
export async function followDirectory(directory: Directory): Promise<LocalCopy> {
  const everything = await directory.changesSince(undefined);
  return new FollowingCopy(directory, everything);
}

interface Waiter {
  cookie: DirectoryCookie;
  resolve: () => void;
  reject: (failure: Error) => void;
}

const tryAgainMs = 1000;
/** Hints can be lost on a connection that died in silence. */
const readAnywayMs = 30_000;

/** Reads again after every hint, a second after a reading that failed, and now and then in any case. */
class FollowingCopy extends Organization implements LocalCopy {
  readonly #directory: Directory;
  readonly #unsubscribe: () => void;
  readonly #listeners = new Set<() => void>();
  #cookie: DirectoryCookie;
  /** What to read on from; undefined while it keeps what the directory has lost. */
  #position: DirectoryCookie | undefined;
  #waiters: Waiter[] = [];
  #state: "idle" | "reading" | "reading, then again" | "closed" = "idle";
  #timer: NodeJS.Timeout | undefined;

  constructor(directory: Directory, everything: ChangeSet) {
    super();
    this.take(everything);
    this.#position = this.#cookie = everything.cookie;
    this.#directory = directory;
    this.#unsubscribe = directory.subscribe(() => this.#hint());
    this.#hint(); // for what has changed before we subscribed
  }

  get cookie(): DirectoryCookie {
    return this.#cookie;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  caughtUp(cookie: DirectoryCookie): Promise<void> {
    if (shows(this.#cookie, cookie)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      if (this.#state === "closed") return reject(closed());
      this.#waiters.push({ cookie, resolve, reject });
      this.#hint();
    });
  }

  snapshot(kinds: readonly ObjectKind[]): { cookie: DirectoryCookie; objects: readonly StoredObject[] } | undefined {
    return this.#position && { cookie: this.#position, objects: this.everything(kinds) };
  }

  close(): void {
    this.#state = "closed";
    stopTimer(this.#timer);
    this.#unsubscribe();
    this.#listeners.clear();
    for (const { reject } of this.#waiters.splice(0)) reject(closed());
  }

  #hint(): void {
    if (this.#state === "idle") void this.#read();
    else if (this.#state === "reading") this.#state = "reading, then again";
  }

  async #read(): Promise<void> {
    this.#state = "reading";
    stopTimer(this.#timer);
    const asked = [...this.#waiters];
    const answer = await this.#directory.changesSince(this.#position).catch(() => undefined);
    const state: string = this.#state; // it has changed meanwhile, which the compiler does not see
    if (state === "closed") return;
    this.#state = "idle";
    this.#timer = startTimer(() => this.#hint(), answer ? readAnywayMs : tryAgainMs).unref();
    if (answer) this.#accept(answer, asked);
    if (state === "reading, then again" && answer) this.#hint();
  }

  #accept(answer: ChangeSet, asked: readonly Waiter[]): void {
    const taken = this.take(answer);
    this.#cookie = answer.cookie;
    this.#position = taken ? answer.cookie : undefined;
    // A cookie of another invocation cannot be compared; but what was read after it was handed out includes it.
    const done = this.#waiters.filter(
      (waiter) =>
        shows(answer.cookie, waiter.cookie) ||
        (asked.includes(waiter) && waiter.cookie.invocationId !== answer.cookie.invocationId),
    );
    this.#waiters = this.#waiters.filter((waiter) => !done.includes(waiter));
    if (answer.full || answer.changes.length > 0) for (const listener of this.#listeners) listener();
    for (const { resolve } of done) resolve();
  }
}

const shows = (copy: DirectoryCookie, wanted: DirectoryCookie): boolean =>
  copy.invocationId === wanted.invocationId && copy.usn >= wanted.usn;

const closed = (): Error => new Error("The local copy of the directory was closed");
