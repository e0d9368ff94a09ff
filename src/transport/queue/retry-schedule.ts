import type { Decision } from "../../base/index.ts";
import type { TransportSettings } from "../../directory/index.ts";
import type { DeliveryType } from "../mail-item.ts";

/** What of a server's settings says when its queues connect again. */
export type RetryPolicy = Pick<
  TransportSettings,
  "transientFailureRetryCount" | "transientFailureRetryIntervalMs" | "outboundConnectionFailureRetryIntervalMs"
>;

/** Settings of EdgeTransport.exe.config at their defaults: docs/fidelity.md#transport-settings. Source: [message-retry]. */
export const queueGlitchRetryCount = 4;
const queueGlitchRetryIntervalMs = 60_000;
const mailboxDeliveryQueueRetryIntervalMs = 300_000;

/**
 * How long a queue waits after a connection that failed, in milliseconds: first for glitches, then for what passes, then
 * for an outage. A queue to a Mailbox server has one interval of its own.
 *
 * @param failures how many connections have failed since the last that was any good, this one included: 1 or more
 * Source: [5420124f]; intervals and counts: [message-retry].
 */
export function queueRetryInterval(
  failures: number,
  deliveryType: DeliveryType,
  policy: RetryPolicy,
): Decision<number> {
  const { transientFailureRetryCount: transient } = policy;
  const after = (outcome: number, setting: string, text: string): Decision<number> => ({
    outcome,
    steps: [{ source: `5420124f#${setting}`, text }],
  });
  if (deliveryType === "MapiDelivery")
    return after(
      mailboxDeliveryQueueRetryIntervalMs,
      "MailboxDeliveryQueueRetryInterval",
      "the next hop is a Mailbox server",
    );
  if (failures <= queueGlitchRetryCount)
    return after(
      queueGlitchRetryIntervalMs,
      "QueueGlitchRetryInterval",
      `failure ${failures}: glitch retry ${failures} of ${queueGlitchRetryCount}`,
    );
  const later = failures - queueGlitchRetryCount;
  if (later <= transient)
    return after(
      policy.transientFailureRetryIntervalMs,
      "TransientFailureRetryInterval",
      `failure ${failures}: transient failure retry ${later} of ${transient}`,
    );
  return after(
    policy.outboundConnectionFailureRetryIntervalMs,
    "OutboundConnectionFailureRetryInterval",
    "the glitch and transient failure retries are used up",
  );
}
