/**
 * EDGESYNC, A DIRECTORY CHANGE'S JOURNEY from Active Directory into an Edge server's ADAM; never back.
 *
 * `subscription` comes first: export-subscription.ts begins it on the Edge server, subscription-file.ts is what is carried
 * over, import-subscription.ts takes it into Active Directory with the connectors of edge-connectors.ts. credentials.ts
 * plans the accounts; hub-credentials.ts makes and opens a Hub's, credential-service.ts the Edge server's.
 *
 * Then, each time that schedule.ts says so or somebody starts it, from left to right:
 *
 * `hub`: edge-partner.ts runs, if edge-knowledge.ts finds something new and patience.ts lets it, over a link.ts that
 * open-link.ts opens and kept-link.ts keeps; replicate.ts sends what plan.ts makes of Active Directory. status.ts and
 * test-edge.ts compare both sides. hub-side.ts is the whole of it.
 *
 * `wire`: wire.ts is what both say, replica.ts what it is about; log-on.ts proves who asks, read-request.ts, read-reply.ts
 * and replica-shapes.ts read it.
 *
 * `edge`: edge-door.ts lets it in, edge-lease.ts gives it the lock by lease.ts, and edge-replica.ts writes what
 * continuation.ts and draft.ts say, all or nothing. edge-side.ts is the whole of it.
 *
 * `hub` and `edge` know nothing of each other. Files and cmdlets are left to lab, what mail does with all this to transport.
 */
export { type EdgeSide, type EdgeSideModules, startEdgeSide } from "./edge/edge-side.ts";
export { edgeSubscriptionUnknown } from "./errors.ts";
export type { HubSideModules } from "./hub/hub-modules.ts";
export { type HubSide, startHubSide } from "./hub/hub-side.ts";
export type { DirectoryChangeRecord } from "./records.ts";
export {
  defaultEdgeSyncSchedule,
  type EdgeSyncSchedule,
  type ObjectStatus,
  type SynchronizationResult,
  type SynchronizationStatus,
} from "./results.ts";
