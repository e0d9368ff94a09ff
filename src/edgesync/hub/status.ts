import { isDeepStrictEqual } from "node:util";
import { type EdgeSyncPosition, type ReplicationScope, replicationScopes, serverId } from "../../directory/index.ts";
import type { EdgeSyncSchedule, ObjectStatus, SynchronizationStatus } from "../results.ts";
import { type EdgeChange, type ReplicaKind, replicaKinds } from "../wire/replica.ts";
import type { EdgeState, ObjectsReply } from "../wire/wire.ts";

/** An object that is not the same on both sides. */
export interface Difference {
  kind: ReplicaKind;
  /** `acceptedDomain/fabrikam.example: missing on the Edge server`. */
  text: string;
}

/**
 * Compares what an Edge server should hold with what it holds. Pure.
 *
 * @param planned of the kinds looked at, what Active Directory makes of them
 * @param own the Edge server's name: of itself only its site is replicated, and it is never too much
 */
export function compareReplicas(
  planned: readonly EdgeChange[],
  held: ObjectsReply["objects"],
  own: string,
): readonly Difference[] {
  const rest = new Map(held.map((object) => [object.id, object]));
  const differences: Difference[] = [];
  for (const change of planned) {
    if ("remove" in change) continue;
    const object = rest.get(change.id);
    rest.delete(change.id);
    const different = Object.entries(change.set).filter(
      ([name, value]) => !isDeepStrictEqual(object?.attributes[name], value),
    );
    if (!object) differences.push({ kind: change.kind, text: `${change.id}: missing on the Edge server` });
    else if (different.length > 0) {
      const names = different.map(([name]) => name).join(", ");
      differences.push({ kind: change.kind, text: `${change.id}: different in ${names}` });
    }
  }
  for (const { id, kind } of rest.values()) {
    if (id === serverId(own)) continue;
    differences.push({ kind: kind as ReplicaKind, text: `${id}: on the Edge server, and not in Active Directory` });
  }
  return differences;
}

type StatusField =
  | "transportServerStatus"
  | "transportConfigStatus"
  | "acceptedDomainStatus"
  | "remoteDomainStatus"
  | "sendConnectorStatus"
  | "messageClassificationStatus"
  | "recipientStatus";

const fieldOf: Readonly<Record<ReplicaKind, StatusField>> = {
  server: "transportServerStatus",
  edgeSyncCredential: "transportServerStatus",
  transportConfig: "transportConfigStatus",
  acceptedDomain: "acceptedDomainStatus",
  remoteDomain: "remoteDomainStatus",
  sendConnector: "sendConnectorStatus",
  messageClassification: "messageClassificationStatus",
  recipient: "recipientStatus",
};

const nothingCompared: Readonly<Record<StatusField, ObjectStatus>> = {
  transportServerStatus: "Skipped",
  transportConfigStatus: "Skipped",
  acceptedDomainStatus: "Skipped",
  remoteDomainStatus: "Skipped",
  sendConnectorStatus: "Skipped",
  messageClassificationStatus: "Skipped",
  recipientStatus: "Skipped",
};

/** What a test looked at, and what it found there. */
export interface Comparison {
  scopes: readonly ReplicationScope[];
  differences: readonly Difference[];
}

/** Where one recipient is known. */
export interface RecipientFound {
  here: boolean;
  there: boolean;
}

/** What a Hub has found out. */
export interface Found {
  comparison: Comparison;
  recipient: RecipientFound | undefined;
  maxReportSize: number;
  /** When this Hub last found a scope up to date, or made it so; runs that find nothing new leave no mark elsewhere. */
  upToDateAt(scope: ReplicationScope): Date | undefined;
}

/**
 * How an Edge server stands that answered. Differences are Inconclusive while the next synchronization may still mend
 * them, and Failed when one should have. Inferred: docs/fidelity.md#test-edgesynchronization.
 */
export function statusOf(
  edge: string,
  state: EdgeState,
  found: Found,
  at: Date,
  schedule: EdgeSyncSchedule,
): SynchronizationStatus {
  const { comparison, recipient } = found;
  const compared = comparison.scopes.flatMap((scope) => replicaKinds[scope]);
  const different = new Set(comparison.differences.map(({ kind }) => kind));
  const statuses = { ...nothingCompared };
  for (const kind of compared) statuses[fieldOf[kind]] = "Synchronized";
  for (const kind of different) statuses[fieldOf[kind]] = "NotSynchronized";
  if (recipient) statuses.recipientStatus = statusOfRecipient(recipient);
  const times = replicationScopes.flatMap((scope) => lastUpToDate(scope, state.positions, found) ?? []);
  return {
    syncStatus: judgeStatus(state.positions, found, at, schedule),
    utcNow: at,
    name: edge,
    leaseHolder: state.lease?.holder ?? null,
    leaseType: state.lease?.type ?? "None",
    failureDetail: "",
    leaseExpiryUtc: state.lease ? new Date(state.lease.expires) : null,
    lastSynchronizedUtc: times.length === 0 ? null : new Date(Math.max(...times)),
    ...statuses,
    credentialRecords: state.accounts.map(({ userName, effectiveTime, expirationTime }) => ({
      userName,
      effectiveTime: new Date(effectiveTime),
      expirationTime: new Date(expirationTime),
    })),
    cookieRecords: state.positions.flatMap(({ scope, cookie, at: written }) =>
      cookie ? [{ scope, usn: cookie.usn, at: new Date(written) }] : [],
    ),
    differences: comparison.differences.slice(0, found.maxReportSize).map(({ text }) => text),
  };
}

function statusOfRecipient({ here, there }: RecipientFound): ObjectStatus {
  if (!here && !there) return "Skipped";
  return here === there ? "Synchronized" : "NotSynchronized";
}

function judgeStatus(
  positions: readonly EdgeSyncPosition[],
  found: Found,
  at: Date,
  schedule: EdgeSyncSchedule,
): SynchronizationStatus["syncStatus"] {
  const { comparison, recipient } = found;
  if (positions.every(({ cookie }) => cookie === null)) return "NotStarted";
  if (recipient && !recipient.here && !recipient.there) return "Inconclusive";
  const kinds = new Set(comparison.differences.map(({ kind }) => kind));
  if (recipient && recipient.here !== recipient.there) kinds.add("recipient");
  if (kinds.size === 0) return "Normal";
  const intervals = {
    Topology: schedule.topologyIntervalMs,
    Configuration: schedule.configurationIntervalMs,
    Recipients: schedule.recipientIntervalMs,
  };
  // A run may have waited for another Hub's lock.
  const isOverdue = (scope: ReplicationScope): boolean =>
    at.getTime() - (lastUpToDate(scope, positions, found) ?? 0) > intervals[scope] + schedule.lockDurationMs;
  const scopes = replicationScopes.filter((scope) => replicaKinds[scope].some((kind) => kinds.has(kind)));
  return scopes.some(isOverdue) ? "Failed" : "Inconclusive";
}

/** When a scope was last known to be up to date, by the Edge server or by this Hub. */
function lastUpToDate(
  scope: ReplicationScope,
  positions: readonly EdgeSyncPosition[],
  { upToDateAt }: Found,
): number | undefined {
  const written = positions.find((position) => position.scope === scope)?.at;
  const times = [written === undefined ? undefined : Date.parse(written), upToDateAt(scope)?.getTime()];
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** How an Edge server stands that did not answer. */
export const failedStatus = (edge: string, failureDetail: string, at: Date): SynchronizationStatus => ({
  syncStatus: "Failed",
  utcNow: at,
  name: edge,
  leaseHolder: null,
  leaseType: "None",
  failureDetail,
  leaseExpiryUtc: null,
  lastSynchronizedUtc: null,
  ...nothingCompared,
  credentialRecords: [],
  cookieRecords: [],
  differences: [],
});
