import type { DirectoryCookie } from "./directory.ts";

/** Ours: 60 days of lab time, the shorter of the tombstone lifetimes that Active Directory has had. */
export const tombstoneLifetimeMs = 60 * 86_400_000;

/** Where a store's change log stands. */
export interface LogState {
  invocationId: string;
  highestUsn: number;
  /** The highest USN of a tombstone that is no longer kept. */
  prunedUsn: number;
}

/** Whether a reader must take everything anew: it holds nothing, or nothing that can be continued. */
export const needsEverything = (cookie: DirectoryCookie | undefined, state: LogState): boolean =>
  cookie === undefined || cookie.invocationId !== state.invocationId || cookie.usn < state.prunedUsn;

/** Whether a reader has seen changes that the store has lost: its numbers must not be given out a second time. */
export const hasLostChanges = (cookie: DirectoryCookie | undefined, state: LogState): boolean =>
  cookie !== undefined && cookie.invocationId === state.invocationId && cookie.usn > state.highestUsn;

/** Whether two readers stand at the same place of the same history. */
export const isSameCookie = (a: DirectoryCookie, b: DirectoryCookie): boolean =>
  a.invocationId === b.invocationId && a.usn === b.usn;
