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

/** Whose replies these are. */
export interface Replying {
  host: string;
  /** A server of this organization, which has proved to be it. */
  isOurs: boolean;
  /** It offers DSN: what it has taken it reports on. */
  reportsDelivery: boolean;
}

/**
 * Whether the peer refuses this server rather than this message: what it says then is the queue's affair, and no
 * message bounces for it. Inferred: from the documented queue error around `454 4.7.0 Temporary authentication failure`
 * ([kb979174]), and that Exchange never returns mail because two of its servers could not authenticate. Of somebody
 * else's server 530 is what its first digit says: published reports return mail with `530 5.7.1`.
 */
export const refusesTheSession = (reply: SmtpReply, { isOurs }: Pick<Replying, "isOurs">): boolean =>
  reply.code === 421 ||
  reply.code === 0 ||
  (isOurs && (reply.code === 530 || (reply.code === 454 && reply.enhanced === "4.7.0")));

/** Sorts a reply by its first digit. Source: RFC 5321 §4.2.1; who reports delivery: RFC 3461 §5.2.2. */
export function recipientOutcome(reply: SmtpReply, { host, reportsDelivery }: Replying): RecipientOutcome {
  if (isPositive(reply)) return { kind: "delivered", reply, ...(reportsDelivery ? {} : { relayedTo: host }) };
  return reply.code >= 500 ? { kind: "failed", reply, remoteServer: host } : { kind: "deferred", reply };
}

/** @param replies to MAIL and to each RCPT, in order */
export function envelopeOutcome(replies: readonly SmtpReply[], peer: Replying): EnvelopeOutcome {
  const [mail, ...rcpts] = replies as [SmtpReply, ...SmtpReply[]];
  const sender = isPositive(mail) ? undefined : recipientOutcome(mail, peer);
  const recipients = rcpts.map((rcpt) => sender ?? (isPositive(rcpt) ? undefined : recipientOutcome(rcpt, peer)));
  return {
    recipients,
    accepted: recipients.includes(undefined),
    open: sender === undefined || rcpts.some(isPositive),
  };
}
