/**
 * QUEUE: what waits, and when it is tried. store.ts keeps every message on disk until its recipients are settled
 * (record.ts is the format); queues.ts holds one delivery-queue.ts per next hop, which sends through channels that
 * somebody else opens; settle.ts says what becomes of a delivery after an attempt, retry-schedule.ts when a queue connects
 * again, age.ts what becomes of what has waited too long; view.ts is what an administrator sees. What to tell the sender
 * is the pipeline's affair.
 */
export { expired, expiresAt, isExpired } from "./age.ts";
export { openQueueStore, type QueueStore } from "./store.ts";
export { type DeliveryQueues, startDeliveryQueues } from "./queues.ts";
export type { Settlement } from "./settle.ts";
