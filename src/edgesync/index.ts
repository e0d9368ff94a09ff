/**
 * EDGESYNC, A DIRECTORY CHANGE'S JOURNEY from Active Directory into an Edge server's ADAM.
 */
export {
  defaultEdgeSyncSchedule,
  type EdgeSyncSchedule,
  type ObjectStatus,
  type SynchronizationResult,
  type SynchronizationStatus,
} from "./results.ts";
