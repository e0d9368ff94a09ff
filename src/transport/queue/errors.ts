import { LabError } from "../../base/index.ts";

/** A record of the durable queue is not one that this version can read. */
export const queueRecordUnreadable = (key: string, reason: string): LabError =>
  new LabError("QUEUE_RECORD_UNREADABLE", `Cannot read the queued message "${key}": ${reason}`, {
    remedy: "Go back to the version of hubedge that wrote it, or start afresh with --fresh, which drops what is queued",
    details: { key },
  });

/** A command named a queue that this server does not have. */
export const queueUnknown = (identity: string, held: readonly string[]): LabError =>
  new LabError(
    "QUEUE_UNKNOWN",
    `Cannot find queue "${identity}": the server has ${held.join(", ") || "no delivery queues"}`,
    {
      remedy: "Run Get-Queue and copy an Identity from its output",
      details: { identity, held },
    },
  );

/** Retry-Queue named the Unreachable queue, which has no next hop to try. */
export const queueNotRetryable = (identity: string): LabError =>
  new LabError("QUEUE_NOT_RETRYABLE", `Cannot retry queue "${identity}": its messages have no next hop to connect to`, {
    remedy:
      "Give them a route (a Send connector, a site link, a Hub Transport server in their site); they are resubmitted by themselves then",
    details: { identity },
  });
