import type { SmtpReply } from "../../smtp/index.ts";
import type { RecipientOutcome } from "../mail-item.ts";

/** What the replies to MAIL and RCPT say of each recipient; undefined for those that the content now decides on. */
interface EnvelopeOutcome {
  recipients: readonly (RecipientOutcome | undefined)[];
  /** At least one recipient was taken. */
  accepted: boolean;
  /** The peer holds an open transaction, which RSET ends if nothing follows. */
  open: boolean;
}

const isPositive = (reply: SmtpReply): boolean => reply.code >= 200 && reply.code < 300;

/**
 * Whether the peer refuses this server rather than this message: what it says then is the queue's affair, and no
 * message bounces for it. Inferred: from the documented queue error around `454 4.7.0 Temporary authentication failure`
 * ([kb979174]), and that Exchange never returns mail because two of its servers could not authenticate.
 */
export const refusesTheSession = (reply: SmtpReply): boolean =>
  reply.code === 421 || reply.code === 0 || (reply.code === 454 && reply.enhanced === "4.7.0") || reply.code === 530;

/** Sorts a reply by its first digit. Source: RFC 5321 §4.2.1. */
export function recipientOutcome(reply: SmtpReply, remoteServer: string): RecipientOutcome {
  if (isPositive(reply)) return { kind: "delivered", reply };
  return reply.code >= 500 ? { kind: "failed", reply, remoteServer } : { kind: "deferred", reply };
}

/** @param replies to MAIL and to each RCPT, in order */
export function envelopeOutcome(replies: readonly SmtpReply[], remoteServer: string): EnvelopeOutcome {
  const [mail, ...rcpts] = replies as [SmtpReply, ...SmtpReply[]];
  const sender = isPositive(mail) ? undefined : recipientOutcome(mail, remoteServer);
  const recipients = rcpts.map(
    (rcpt) => sender ?? (isPositive(rcpt) ? undefined : recipientOutcome(rcpt, remoteServer)),
  );
  return {
    recipients,
    accepted: recipients.includes(undefined),
    open: sender === undefined || rcpts.some(isPositive),
  };
}
