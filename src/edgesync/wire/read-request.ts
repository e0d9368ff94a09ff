import { type DirectoryCookie, replicationScopes } from "../../directory/index.ts";
import { replicaKinds } from "./replica.ts";
import { anything, flag, instant, listOf, oneOf, orNull, type Read, record, text, whole } from "./shape.ts";
import {
  type Batch,
  changesPerBatch,
  type DeltaReach,
  type FullReach,
  type LogOnRequest,
  type ObjectsRequest,
  type Release,
  type Sweep,
  type Touch,
} from "./wire.ts";

const scope = oneOf(...replicationScopes);
const cookie = record<DirectoryCookie>({ invocationId: text(64), usn: whole() });
const userName = text(256);
const password = text(256);

export const readLogOn = record<LogOnRequest>({ hub: text(253, /^[A-Za-z0-9.-]+$/), userName, password });
export const readTryAccount = record<Pick<LogOnRequest, "userName" | "password">>({ userName, password });
export const readNothing = record<object>({});
export const readLock = record<{ manual: boolean }>({ manual: flag });
export const readRelease = record<Release>({ due: orNull(instant) });

const kinds = replicationScopes.flatMap((one) => replicaKinds[one]);
export const readObjectsRequest = record<ObjectsRequest>({
  kinds: listOf(oneOf(...kinds), kinds.length),
  after: whole(),
});
export const readRecipientRequest = record<{ hash: string }>({ hash: text(64, /^[0-9a-f]{64}$/) });

const delta = record<DeltaReach>({ kind: oneOf("delta"), from: cookie, to: cookie });
const full = record<FullReach>({
  kind: oneOf("full"),
  generation: whole(1),
  began: cookie,
  from: whole(),
  to: whole(),
});
const reach: Read<Batch["reach"]> = (value) =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "full" ? full(value) : delta(value);

/** The changes themselves are read one by one, so that one that cannot be read can be named. */
export const readBatch = record<Batch<unknown>>({
  scope,
  subscription: instant,
  reach,
  changes: listOf(anything, changesPerBatch),
  last: flag,
});
export const readSweep = record<Sweep>({ scope, subscription: instant, generation: whole(1), from: whole() });
export const readTouch = record<Touch>({
  due: instant,
  scopes: listOf(
    record<Touch["scopes"][number]>({ scope, subscription: instant, from: cookie, to: cookie }),
    replicationScopes.length,
  ),
});
