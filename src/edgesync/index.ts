/**
 * EDGESYNC, A DIRECTORY CHANGE'S JOURNEY from Active Directory into an Edge server's ADAM; never back.
 *
 * First the subscription: export-subscription.ts begins it on the Edge server, subscription-file.ts is what is carried
 * over, import-subscription.ts takes it into Active Directory with the connectors of edge-connectors.ts. credentials.ts
 * plans the accounts, hub-credentials.ts makes and opens a Hub's, credential-service.ts the Edge server's. Then, each time
 * that schedule.ts says so or somebody starts it: edge-partner.ts runs on a Hub, over link.ts, with what plan.ts makes of
 * Active Directory and replicate.ts sends; edge-door.ts lets it in by log-on.ts, lease.ts says whether it may write,
 * continuation.ts and draft.ts what that means, and edge-replica.ts writes it. wire.ts is what both say, read-request.ts,
 * read-reply.ts, replica-shapes.ts and shape.ts how it is read. status.ts compares, for who tests. edge-side.ts and
 * hub-side.ts join the two ends. Files and cmdlets are left to lab, what mail does with it to transport.
 */
export { type EdgeSide, type EdgeSideModules, startEdgeSide } from "./edge-side.ts";
export { edgeSubscriptionUnknown } from "./errors.ts";
export type { HubSideModules } from "./hub-modules.ts";
export { type HubSide, startHubSide } from "./hub-side.ts";
export type { DirectoryChangeRecord } from "./records.ts";
export {
  defaultEdgeSyncSchedule,
  type EdgeSyncSchedule,
  type ObjectStatus,
  type SynchronizationResult,
  type SynchronizationStatus,
} from "./results.ts";
