import { expect } from "chai";
import { defaultTransportSettings } from "../../../src/directory/index.ts";
import { reply } from "../../../src/smtp/index.ts";
import type { AttemptOutcome, Delivery, RecipientOutcome } from "../../../src/transport/mail-item.ts";
import { settle as settleBy, type SettlePolicy } from "../../../src/transport/queue/settle.ts";

const at = new Date("2008-05-12T10:00:00Z");
const [a, b, c] = ["a@x", "b@x", "c@x"].map((address) => ({ address })) as [
  { address: string },
  { address: string },
  { address: string },
];
const delivery: Delivery = {
  item: {
    id: 1,
    internetMessageId: "<m@x>",
    envelope: { from: "s@x", recipients: [a, b, c], body: "7BIT" },
    sizeBytes: 1,
    receivedAt: at,
    source: "SMTP",
  },
  solution: { deliveryType: "SmtpRelayToRemoteAdSite", nextHopDomain: "There" },
  recipients: [a, b, c],
};
const ok = reply(250, "2.1.5", "Recipient OK");
const busy = reply(452, "4.3.1", "Insufficient system resources");
const refused = reply(550, "5.1.1", "User unknown");
const settle = (of: Delivery, outcome: AttemptOutcome, when: Date, policy: Partial<SettlePolicy> = {}) =>
  settleBy(of, outcome, { ...defaultTransportSettings, ...policy }, when);

describe("settle", () => {
  it("tells apart who was served, who was refused and who is to be tried again after MessageRetryInterval", () => {
    const recipients: RecipientOutcome[] = [
      { kind: "delivered", reply: ok },
      { kind: "failed", reply: refused, remoteServer: "hub.there" },
      { kind: "deferred", reply: busy },
    ];
    const policy = { messageRetryIntervalMs: 300_000 };
    expect(settle(delivery, { kind: "answered", recipients }, at, policy)).to.deep.equal({
      delivered: [{ recipient: a, reply: ok }],
      failed: [{ recipient: b, reply: refused, remoteServer: "hub.there" }],
      retry: {
        recipients: [c],
        at: new Date("2008-05-12T10:05:00Z"),
        reason: "452 4.3.1 Insufficient system resources",
      },
    });
  });

  it("passes on who took it and will not report delivery", () => {
    const recipients: RecipientOutcome[] = [
      { kind: "delivered", reply: ok, relayedTo: "mx.fabrikam.com" },
      { kind: "delivered", reply: ok },
      { kind: "delivered", reply: ok },
    ];
    expect(settle(delivery, { kind: "answered", recipients }, at).delivered).to.deep.equal([
      { recipient: a, reply: ok, relayedTo: "mx.fabrikam.com" },
      { recipient: b, reply: ok },
      { recipient: c, reply: ok },
    ]);
  });

  it("leaves nobody to retry when everybody was answered for good", () => {
    const recipients: RecipientOutcome[] = [a, b, c].map(() => ({ kind: "delivered", reply: ok }));
    expect(settle(delivery, { kind: "answered", recipients }, at).retry).to.equal(undefined);
  });

  it("tries everybody again with their queue when the connection failed", () => {
    expect(settle(delivery, { kind: "connectionFailed", lastError: "421 4.2.1 Unable to connect" }, at)).to.deep.equal({
      delivered: [],
      failed: [],
      retry: { recipients: [a, b, c], at: undefined, reason: "421 4.2.1 Unable to connect" },
    });
  });

  it("returns what is older than MessageExpirationTimeout instead of trying it again", () => {
    const recipients: RecipientOutcome[] = [
      { kind: "delivered", reply: ok },
      { kind: "failed", reply: refused },
      { kind: "deferred", reply: busy },
    ];
    const expired = reply(550, "4.4.7", "QUEUE.Expired; message expired");
    const old = new Date("2008-05-14T10:00:00Z");
    expect(settle(delivery, { kind: "answered", recipients }, old)).to.deep.equal({
      delivered: [{ recipient: a, reply: ok }],
      failed: [
        { recipient: b, reply: refused },
        { recipient: c, reply: expired },
      ],
      retry: undefined,
    });
    const lost: AttemptOutcome = { kind: "connectionFailed", lastError: "421 4.2.1 Unable to connect" };
    expect(settle(delivery, lost, old).failed).to.deep.equal(
      [a, b, c].map((recipient) => ({ recipient, reply: expired })),
    );
    expect(settle(delivery, lost, new Date(old.getTime() - 1)).failed).to.deep.equal([]);
  });

  it("takes an answer for fewer recipients than were asked for as a bug", () => {
    expect(() => settle(delivery, { kind: "answered", recipients: [] }, at)).to.throw("answered for 0 of 3 recipients");
  });
});
