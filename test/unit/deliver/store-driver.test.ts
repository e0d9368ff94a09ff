import { expect } from "chai";
import { heldClock } from "../../../src/base/index.ts";
import { formatReply } from "../../../src/smtp/index.ts";
import type { MailboxStore } from "../../../src/transport/deliver/mailbox.ts";
import { storeDriverChannel } from "../../../src/transport/deliver/store-driver.ts";
import type { Delivery } from "../../../src/transport/mail-item.ts";

const clock = heldClock(new Date("2008-05-12T10:00:00Z"));

function deliveryTo(...addresses: string[]): Delivery {
  const recipients = addresses.map((address) => ({ address }));
  const envelope = { from: "anna@contoso.local", recipients, body: "7BIT" as const };
  return {
    item: { id: 7, internetMessageId: "<7@x>", envelope, sizeBytes: 4, receivedAt: clock.now(), source: "SMTP" },
    solution: { deliveryType: "MapiDelivery", nextHopDomain: "ex1.contoso.local" },
    recipients,
  };
}

function channelTo(deliver: MailboxStore["deliver"]) {
  const store: MailboxStore = { deliver, list: () => Promise.resolve([]) };
  const mailboxOf = (address: string): string | undefined => (address === "gone@x" ? undefined : address.split("@")[0]);
  return storeDriverChannel({ hub: "EX1", clock, mailboxOf, store });
}

async function repliesOf(deliver: MailboxStore["deliver"], ...addresses: string[]): Promise<string[]> {
  const outcome = await channelTo(deliver).deliver(deliveryTo(...addresses), Buffer.from("Hi\r\n"));
  if (outcome.kind !== "answered") throw new Error(outcome.lastError);
  return outcome.recipients.map((recipient) => `${recipient.kind} ${formatReply(recipient.reply)}`);
}

describe("storeDriverChannel", () => {
  it("delivers to each recipient's mailbox, with Return-Path on top", async () => {
    const written: string[] = [];
    const replies = await repliesOf(
      (mailbox, { hub, item, at }, content) => {
        written.push(`${mailbox} ${hub} ${item.id} ${Buffer.concat([...content]).toString()}`);
        return Promise.resolve({ mailbox, internetMessageId: item.internetMessageId, path: "", deliveredAt: at });
      },
      "bob@x",
      "carl@x",
    );
    const content = "Return-Path: <anna@contoso.local>\r\nHi\r\n";
    expect(written).to.deep.equal([`bob EX1 7 ${content}`, `carl EX1 7 ${content}`]);
    expect(replies).to.deep.equal(["delivered 250 2.1.5 Recipient OK", "delivered 250 2.1.5 Recipient OK"]);
  });

  it("refuses a mailbox that is gone since it was resolved", async () => {
    const never = () => Promise.reject(new Error("must not be called"));
    expect(await repliesOf(never, "gone@x")).to.deep.equal(["failed 550 5.1.1 RESOLVER.ADR.RecipNotFound; not found"]);
  });

  it("defers what can't be written now", async () => {
    const full = () => Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" }));
    expect(await repliesOf(full, "bob@x")).to.deep.equal(["deferred 452 4.3.1 Insufficient system resources"]);
  });
});
