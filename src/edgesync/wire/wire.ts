import type {
  Attributes,
  DirectoryCookie,
  EdgeSyncLease,
  EdgeSyncPosition,
  ReplicationAccount,
  ReplicationScope,
} from "../../directory/index.ts";
import type { EdgeChange, ReplicaKind } from "./replica.ts";

/**
 * What a Hub says to an Edge server over the link, each a POST with JSON to a path of its own, and what it hears.
 * Ours: it stands in for LDAP (docs/fidelity.md#edgesync-session).
 */
export const requestPaths = {
  logOn: "/log-on",
  tryAccount: "/try-account",
  state: "/state",
  lock: "/lock",
  apply: "/apply",
  sweep: "/sweep",
  release: "/release",
  touch: "/touch",
  objects: "/objects",
  recipient: "/recipient",
} as const;

/** More than this in one step is refused. Ours. */
export const changesPerBatch = 500;

export interface LogOnRequest {
  /** FQDN of the Hub. */
  hub: string;
  userName: string;
  password: string;
}

/** Changes up to some place in Active Directory's history, continuing what the Edge server holds. */
export interface Batch<C = EdgeChange> {
  scope: ReplicationScope;
  /** When the subscription file was made under which the Hub replicates. */
  subscription: string;
  /**
   * Delta: all changes from one cookie to another. Full: what exists, by USN, begun when Active Directory stood at
   * `began`. Where `to` equals `from`, the changes are written and the position stays.
   */
  reach: DeltaReach | FullReach;
  changes: readonly C[];
  /** Whether the Hub has no more for this scope now. */
  last: boolean;
}
export interface DeltaReach {
  kind: "delta";
  from: DirectoryCookie;
  to: DirectoryCookie;
}
export interface FullReach {
  kind: "full";
  generation: number;
  began: DirectoryCookie;
  from: number;
  to: number;
}

/** The end of a full synchronization: what it did not bring goes. */
export interface Sweep {
  scope: ReplicationScope;
  subscription: string;
  generation: number;
  /** Up to where the full synchronization has come. */
  from: number;
}

/** Nothing has changed, and the Edge server is to know that somebody looked. */
export interface Touch {
  due: string;
  scopes: readonly { scope: ReplicationScope; subscription: string; from: DirectoryCookie; to: DirectoryCookie }[];
}

/** `due` null: the lease is given back. */
export interface Release {
  due: string | null;
}

export interface ObjectsRequest {
  kinds: readonly ReplicaKind[];
  after: number;
}

/** How an Edge server stands. */
export interface EdgeState {
  lease: EdgeSyncLease | null;
  positions: readonly EdgeSyncPosition[];
  accounts: readonly Pick<ReplicationAccount, "userName" | "effectiveTime" | "expirationTime">[];
}

export type LogOnReply = { kind: "welcome" } | { kind: "refused"; what: "certificate" | "log-on" };
export type LockReply = Granted | { kind: "held"; lease: EdgeSyncLease };
export interface Granted extends EdgeState {
  kind: "granted";
}

export type ApplyReply = Applied | { kind: "repeated"; position: EdgeSyncPosition } | Gap | Unleased | UnreadableChange;
export interface Applied {
  kind: "applied";
  position: EdgeSyncPosition;
  added: number;
  updated: number;
  deleted: number;
  /** Objects that the Edge server held already, in a full synchronization; 0 in a delta. */
  looked: number;
}
/** It does not continue what the Edge server holds. */
export interface Gap {
  kind: "gap";
  why: string;
}
export interface Unleased {
  kind: "unleased";
  lease: EdgeSyncLease | null;
}
/** That change cannot be taken, and so nothing of the batch was. */
export interface UnreadableChange {
  kind: "unreadable";
  index: number;
  why: string;
}

export type SweepReply = Swept | Gap | Unleased;
export interface Swept {
  kind: "swept";
  deleted: number;
  /** `full` is null when nothing is left to remove. */
  position: EdgeSyncPosition;
}

/** Where somebody else has the lease, or it does not stand where the Hub thinks, nothing was written. */
export interface TouchReply extends EdgeState {
  kind: "touched" | "not-touched";
}

export interface ObjectsReply {
  objects: readonly { id: string; kind: string; attributes: Attributes }[];
  /** Where to go on, while `last` is false. */
  reaches: number;
  last: boolean;
}
export interface RecipientReply {
  /** The recipients that have this hash. */
  guids: readonly string[];
}
