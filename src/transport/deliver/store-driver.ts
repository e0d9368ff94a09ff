import { type Clock, systemCodeOf } from "../../base/index.ts";
import { reply } from "../../smtp/index.ts";
import type { Channel, Delivery, RecipientOutcome } from "../mail-item.ts";
import type { MailboxStore } from "./mailbox.ts";

/** What a Hub needs to deliver to one Mailbox server. */
interface StoreDriverModules {
  /** The Hub's name. */
  hub: string;
  clock: Clock;
  /** The name of the mailbox that has this address now; undefined when it is gone. */
  mailboxOf: (address: string) => string | undefined;
  store: MailboxStore;
}

const delivered = reply(250, "2.1.5", "Recipient OK");
/** Source: [aa563688]. */
const insufficientResources = reply(452, "4.3.1", "Insufficient system resources");
/** Source: published 2007 NDRs (docs/fidelity.md#ndr); the categorizer says the same. */
const recipientNotFound = reply(550, "5.1.1", "RESOLVER.ADR.RecipNotFound; not found");

/**
 * A channel to a Mailbox server of the local site. It stands in for MAPI over RPC (docs/fidelity.md#store-driver): an
 * asynchronous call that answers for each recipient as SMTP would. Routing headers stay, and `Return-Path` is put on top.
 *
 * Source: [bb232136], delivery keeps routing headers; RFC 5321 §4.4, final delivery adds Return-Path.
 */
export function storeDriverChannel(modules: StoreDriverModules): Channel {
  return {
    usable: true,
    async deliver(delivery, content) {
      const parts = [Buffer.from(`Return-Path: <${delivery.item.envelope.from}>\r\n`), content];
      const recipients = delivery.recipients.map(({ address }) => deliverOne(modules, delivery, address, parts));
      return { kind: "answered", recipients: await Promise.all(recipients) };
    },
    close: () => Promise.resolve(),
  };
}

async function deliverOne(
  { hub, clock, mailboxOf, store }: StoreDriverModules,
  { item }: Delivery,
  address: string,
  content: readonly Uint8Array[],
): Promise<RecipientOutcome> {
  const mailbox = mailboxOf(address);
  if (mailbox === undefined) return { kind: "failed", reply: recipientNotFound };
  try {
    await store.deliver(mailbox, { hub, item, at: clock.now() }, content);
    return { kind: "delivered", reply: delivered };
  } catch (failure) {
    if (systemCodeOf(failure) === undefined) throw failure;
    return { kind: "deferred", reply: insufficientResources };
  }
}
