/**
 * QUEUE: what waits, and when it is tried. store.ts keeps every message on disk until its recipients are settled
 * (record.ts is the format); queues.ts holds one delivery-queue.ts per next hop, which sends through channels that
 * somebody else opens; settle.ts says what becomes of a delivery after an attempt; view.ts is what an administrator
 * sees. What to do about a recipient that failed is the pipeline's affair.
 */
export { openQueueStore, type QueueStore } from "./store.ts";
export { type DeliveryQueues, startDeliveryQueues } from "./queues.ts";
export type { Settlement } from "./settle.ts";
