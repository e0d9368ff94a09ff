import {
  type Attributes,
  type DirectoryCookie,
  type EdgeSyncLease,
  type EdgeSyncPosition,
  replicationScopes,
} from "../../directory/index.ts";
import { flag, instant, listOf, oneOf, orNull, type Read, readWithin, record, text, whole } from "./shape.ts";
import type {
  Applied,
  ApplyReply,
  EdgeState,
  Gap,
  Granted,
  LockReply,
  LogOnReply,
  ObjectsReply,
  RecipientReply,
  Swept,
  SweepReply,
  TouchReply,
  Unleased,
  UnreadableChange,
} from "./wire.ts";

/** An Edge server that was let say anything is trusted with its words, not with their shape. */
const byKind =
  <T extends { kind: string }>(readers: { readonly [K in T["kind"]]: Read<Extract<T, { kind: K }>> }): Read<T> =>
  (value) => {
    const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
    const known = Object.keys(readers) as T["kind"][];
    return readers[readWithin("kind", oneOf(...known), kind)](value) as T;
  };
const only = <K extends string>(kind: K): Read<{ kind: K }> => record<{ kind: K }>({ kind: oneOf(kind) });

const hostName = text(253);
const cookie = record<DirectoryCookie>({ invocationId: text(64), usn: whole() });
const lease = record<EdgeSyncLease>({
  holder: hostName,
  type: oneOf("Lock", "Option"),
  expires: instant,
  due: instant,
});
const position = record<EdgeSyncPosition>({
  scope: oneOf(...replicationScopes),
  subscription: instant,
  cookie: orNull(cookie),
  generation: whole(),
  full: orNull(record<NonNullable<EdgeSyncPosition["full"]>>({ cookie, after: whole(), oldUpTo: orNull(whole()) })),
  at: instant,
  by: hostName,
});
const positions = listOf(position, replicationScopes.length);
const state = {
  lease: orNull(lease),
  positions,
  accounts: listOf(
    record<EdgeState["accounts"][number]>({ userName: text(256), effectiveTime: instant, expirationTime: instant }),
    10_000,
  ),
};

export const readLogOnReply = byKind<LogOnReply>({
  welcome: only("welcome"),
  refused: record<Extract<LogOnReply, { kind: "refused" }>>({
    kind: oneOf("refused"),
    what: oneOf("certificate", "log-on"),
  }),
});
export const readState = record<EdgeState>(state);
export const readLockReply = byKind<LockReply>({
  granted: record<Granted>({ kind: oneOf("granted"), ...state }),
  held: record<Extract<LockReply, { kind: "held" }>>({ kind: oneOf("held"), lease }),
});

const gap = record<Gap>({ kind: oneOf("gap"), why: text(10_000) });
const unleased = record<Unleased>({ kind: oneOf("unleased"), lease: orNull(lease) });
const counts = { added: whole(), updated: whole(), deleted: whole(), looked: whole() };
export const readApplyReply = byKind<ApplyReply>({
  applied: record<Applied>({ kind: oneOf("applied"), position, ...counts }),
  repeated: record<Extract<ApplyReply, { kind: "repeated" }>>({ kind: oneOf("repeated"), position }),
  gap,
  unleased,
  unreadable: record<UnreadableChange>({ kind: oneOf("unreadable"), index: whole(), why: text(10_000) }),
});
export const readSweepReply = byKind<SweepReply>({
  swept: record<Swept>({ kind: oneOf("swept"), deleted: whole(), position }),
  gap,
  unleased,
});
export const readTouchReply = record<TouchReply>({ kind: oneOf("touched", "not-touched"), ...state });
export const readReleased = only("released");

export const readObjectsReply = record<ObjectsReply>({
  objects: listOf(
    record<ObjectsReply["objects"][number]>({
      id: text(1024),
      kind: text(64),
      attributes: (value) => value as Attributes,
    }),
    10_000,
  ),
  reaches: whole(),
  last: flag,
});
export const readRecipientReply = record<RecipientReply>({ guids: listOf(text(36), 1000) });
export const readTried = record<{ right: boolean }>({ right: flag });
