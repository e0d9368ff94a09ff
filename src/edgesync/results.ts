/**
 * What came of a synchronization with one Edge server, as `Start-EdgeSynchronization` shows it: two objects for each,
 * Recipients first. Source: a published 2010 transcript of Start-EdgeSynchronization; the values of `result` beside
 * Success are Inferred (docs/fidelity.md#edgesync).
 */
export interface SynchronizationResult {
  result: "Success" | "CouldNotConnect" | "CouldNotLease" | "Incomplete" | "Aborted";
  /** Configuration has the topology in it. */
  type: "Recipients" | "Configuration";
  /** The Edge server. */
  name: string;
  /** Empty on success. */
  failureDetails: string;
  startUtc: Date;
  endUtc: Date;
  /** Objects of the Edge server that were made, removed and changed. */
  added: number;
  deleted: number;
  updated: number;
  /** Objects of Active Directory that were looked at; 0 when nothing had changed. */
  scanned: number;
  /** Objects of the Edge server that were looked at; above 0 after a full synchronization only. */
  targetScanned: number;
}

/** How one kind of object compares. Source: the same published transcript for Skipped; the others are Inferred. */
export type ObjectStatus = "Skipped" | "Synchronized" | "NotSynchronized";

/** How one Edge server stands, as `Test-EdgeSynchronization` shows it. Source: the same published transcript. */
export interface SynchronizationStatus {
  syncStatus: "Normal" | "Inconclusive" | "Failed" | "NotStarted";
  utcNow: Date;
  name: string;
  /** FQDN of the Hub that holds the lease; null for nobody. */
  leaseHolder: string | null;
  leaseType: "Lock" | "Option" | "None";
  /** Empty where nothing failed. */
  failureDetail: string;
  leaseExpiryUtc: Date | null;
  lastSynchronizedUtc: Date | null;
  transportServerStatus: ObjectStatus;
  transportConfigStatus: ObjectStatus;
  acceptedDomainStatus: ObjectStatus;
  remoteDomainStatus: ObjectStatus;
  sendConnectorStatus: ObjectStatus;
  messageClassificationStatus: ObjectStatus;
  recipientStatus: ObjectStatus;
  /** Replication accounts with their times; `Number of credentials 3`. */
  credentialRecords: readonly { userName: string; effectiveTime: Date; expirationTime: Date }[];
  /** One for each scope that has a cookie; `Number of cookies 2`. */
  cookieRecords: readonly { scope: string; usn: number; at: Date }[];
  /** What differs, by object, at most as many as were asked for: `acceptedDomain/fabrikam.example: missing on the Edge server`. */
  differences: readonly string[];
}

/** The three intervals, the lease's three durations, and how long an account lives; all lab time, in milliseconds. */
export interface EdgeSyncSchedule {
  topologyIntervalMs: number;
  configurationIntervalMs: number;
  recipientIntervalMs: number;
  lockDurationMs: number;
  optionDurationMs: number;
  lockRenewalMs: number;
  credentialLifetimeMs: number;
}

const minute = 60_000;
const hour = 60 * minute;

/**
 * Source: [aa996383] for the intervals of 2007, which cannot be changed there; [aa997438] for lock, option and renewal.
 * Ours: the lifetime of an account, which no document gives.
 */
export const defaultEdgeSyncSchedule: EdgeSyncSchedule = {
  topologyIntervalMs: 5 * minute,
  configurationIntervalMs: hour,
  recipientIntervalMs: 4 * hour,
  lockDurationMs: 5 * minute,
  optionDurationMs: hour,
  lockRenewalMs: minute,
  credentialLifetimeMs: 30 * 24 * hour,
};
