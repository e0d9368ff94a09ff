import { formatReply, type SmtpReply } from "../../smtp/index.ts";
import type { AttemptOutcome, Delivery, EnvelopeRecipient } from "../mail-item.ts";

/** What one attempt settled, and what stays queued. */
export interface Settlement {
  /** `relayedTo`: the host that took it and will never report delivery. */
  delivered: readonly { recipient: EnvelopeRecipient; reply: SmtpReply; relayedTo?: string }[];
  /** Refused for good: the sender is to hear of it. */
  failed: readonly { recipient: EnvelopeRecipient; reply: SmtpReply; remoteServer?: string }[];
  /** Undefined when no recipient is left. */
  retry: { recipients: readonly EnvelopeRecipient[]; at: Date; reason: string } | undefined;
}

/**
 * How long a queue or a message waits after a failed attempt. The full schedule (glitch, transient and connection
 * retries, expiry, delay notices) is a later issue.
 *
 * Source: [5420124f], QueueGlitchRetryInterval.
 */
export const retryIntervalMs = 60_000;

/**
 * Decides what becomes of one delivery after one attempt. Pure: the queue acts on the answer.
 *
 * @param at lab time of the attempt's end
 * Source: RFC 5321 §4.2.1, 4yz and 5yz; intervals: [5420124f].
 */
export function settle(delivery: Delivery, outcome: AttemptOutcome, at: Date): Settlement {
  const again = new Date(at.getTime() + retryIntervalMs);
  if (outcome.kind === "connectionFailed")
    return {
      delivered: [],
      failed: [],
      retry: { recipients: delivery.recipients, at: again, reason: outcome.lastError },
    };

  const delivered: Settlement["delivered"][number][] = [];
  const failed: Settlement["failed"][number][] = [];
  const deferred: EnvelopeRecipient[] = [];
  let reason = "";
  delivery.recipients.forEach((recipient, index) => {
    const answer = outcome.recipients[index];
    if (!answer)
      throw new Error(
        `The channel answered for ${outcome.recipients.length} of ${delivery.recipients.length} recipients`,
      );
    switch (answer.kind) {
      case "delivered":
        delivered.push({
          recipient,
          reply: answer.reply,
          ...(answer.relayedTo === undefined ? {} : { relayedTo: answer.relayedTo }),
        });
        break;
      case "failed":
        failed.push({
          recipient,
          reply: answer.reply,
          ...(answer.remoteServer === undefined ? {} : { remoteServer: answer.remoteServer }),
        });
        break;
      case "deferred":
        deferred.push(recipient);
        reason ||= formatReply(answer.reply);
        break;
    }
  });
  return { delivered, failed, retry: deferred.length === 0 ? undefined : { recipients: deferred, at: again, reason } };
}
