import type { AcceptedDomain, Mailbox } from "../../directory/index.ts";
import { addressKey, domainOf, reply, type SmtpReply } from "../../smtp/index.ts";
import type { EnvelopeRecipient } from "../mail-item.ts";

/** What resolving needs of the organization. */
export interface RecipientDirectory {
  /** The mailbox that has this address, primary or not; case does not count. */
  mailboxByAddress(address: string): Mailbox | undefined;
  acceptedDomain(domain: string): AcceptedDomain | undefined;
}

/** What one recipient turned out to be. */
type ResolvedRecipient =
  | { kind: "mailbox"; recipient: EnvelopeRecipient; mailbox: Mailbox }
  /** Without a mailbox here, in a domain that somebody else may have it in. */
  | { kind: "external"; recipient: EnvelopeRecipient }
  | { kind: "unknown"; recipient: EnvelopeRecipient; reply: SmtpReply }
  /** Another address of an earlier recipient's mailbox: it gets one copy. */
  | { kind: "duplicate"; recipient: EnvelopeRecipient };

/** Source: published 2007 NDRs (docs/fidelity.md#ndr). */
const recipientNotFound = reply(550, "5.1.1", "RESOLVER.ADR.RecipNotFound; not found");

/**
 * Resolves each recipient by any of its addresses, in order. The recipient keeps the address it was given; the same
 * address again is left out, since whatever settles the first settles it too.
 *
 * @param role an Edge server has no mailboxes to look in: to it everybody is external. Whom it takes mail for is
 *   decided when it is received.
 * Source: [bb232118], status 5.1.1; relay domains: [bb124423].
 */
export function resolveRecipients(
  recipients: readonly EnvelopeRecipient[],
  directory: RecipientDirectory,
  role: "hub" | "edge",
): ResolvedRecipient[] {
  const byAddress = new Map<string, EnvelopeRecipient>();
  for (const recipient of recipients) {
    const key = addressKey(recipient.address);
    if (!byAddress.has(key)) byAddress.set(key, recipient);
  }
  const served = new Set<string>();
  return [...byAddress.values()].map((recipient) => {
    const resolved = role === "edge" ? { kind: "external" as const, recipient } : resolveOne(recipient, directory);
    if (resolved.kind !== "mailbox") return resolved;
    if (served.has(resolved.mailbox.name)) return { kind: "duplicate", recipient };
    served.add(resolved.mailbox.name);
    return resolved;
  });
}

function resolveOne(recipient: EnvelopeRecipient, directory: RecipientDirectory): ResolvedRecipient {
  const mailbox = directory.mailboxByAddress(recipient.address);
  if (mailbox) return { kind: "mailbox", recipient, mailbox };
  return directory.acceptedDomain(domainOf(recipient.address))?.domainType === "Authoritative"
    ? { kind: "unknown", recipient, reply: recipientNotFound }
    : { kind: "external", recipient };
}
