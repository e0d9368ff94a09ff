import type { TransportSettings } from "../../directory/index.ts";
import { formatReply, type SmtpReply } from "../../smtp/index.ts";
import type { AttemptOutcome, Delivery, EnvelopeRecipient } from "../mail-item.ts";
import { type AgePolicy, expired, isExpired } from "./age.ts";

/** What one attempt settled, and what stays queued. */
export interface Settlement {
  /** `relayedTo`: the host that took it and will never report delivery. */
  delivered: readonly { recipient: EnvelopeRecipient; reply: SmtpReply; relayedTo?: string }[];
  /** Refused for good, or too old to be tried again: the sender is to hear of it. */
  failed: readonly { recipient: EnvelopeRecipient; reply: SmtpReply; remoteServer?: string }[];
  /** Undefined when no recipient is left; `at`: undefined when they wait for their queue's next connection. */
  retry: { recipients: readonly EnvelopeRecipient[]; at: Date | undefined; reason: string } | undefined;
}

/** What of a server's settings says what becomes of a delivery that was put off. */
export type SettlePolicy = AgePolicy & Pick<TransportSettings, "messageRetryIntervalMs">;

/**
 * Decides what becomes of one delivery after one attempt. Pure: the queue acts on the answer.
 *
 * @param at lab time of the attempt's end
 * Source: RFC 5321 §4.2.1, 4yz and 5yz; MessageRetryInterval, MessageExpirationTimeout: [bb124238].
 */
export function settle(delivery: Delivery, outcome: AttemptOutcome, policy: SettlePolicy, at: Date): Settlement {
  const sorted =
    outcome.kind === "connectionFailed" ? nobodyAnswered(delivery, outcome.lastError) : sort(delivery, outcome);
  const { delivered, failed, deferred, reason } = sorted;
  if (deferred.length === 0) return { delivered, failed, retry: undefined };
  if (isExpired(delivery.item, policy, at))
    return {
      delivered,
      failed: [...failed, ...deferred.map((recipient) => ({ recipient, reply: expired }))],
      retry: undefined,
    };
  const again =
    outcome.kind === "connectionFailed" ? undefined : new Date(at.getTime() + policy.messageRetryIntervalMs);
  return { delivered, failed, retry: { recipients: deferred, at: again, reason } };
}

/** The recipients of a delivery by what was answered; `reason`: what the first of the deferred heard. */
interface Sorted {
  delivered: Settlement["delivered"][number][];
  failed: Settlement["failed"][number][];
  deferred: EnvelopeRecipient[];
  reason: string;
}

const nobodyAnswered = ({ recipients }: Delivery, reason: string): Sorted => ({
  delivered: [],
  failed: [],
  deferred: [...recipients],
  reason,
});

function sort(delivery: Delivery, outcome: AttemptOutcome & { kind: "answered" }): Sorted {
  const sorted: Sorted = nobodyAnswered({ ...delivery, recipients: [] }, "");
  delivery.recipients.forEach((recipient, index) => {
    const answer = outcome.recipients[index];
    if (!answer)
      throw new Error(
        `The channel answered for ${outcome.recipients.length} of ${delivery.recipients.length} recipients`,
      );
    switch (answer.kind) {
      case "delivered":
        sorted.delivered.push({
          recipient,
          reply: answer.reply,
          ...(answer.relayedTo === undefined ? {} : { relayedTo: answer.relayedTo }),
        });
        break;
      case "failed":
        sorted.failed.push({
          recipient,
          reply: answer.reply,
          ...(answer.remoteServer === undefined ? {} : { remoteServer: answer.remoteServer }),
        });
        break;
      case "deferred":
        sorted.deferred.push(recipient);
        sorted.reason ||= formatReply(answer.reply);
        break;
    }
  });
  return sorted;
}
