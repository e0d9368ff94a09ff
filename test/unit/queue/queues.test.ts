import { EventEmitter, once } from "node:events";
import { expect } from "chai";
import { type LabClock, heldClock, LabError } from "../../../src/base/index.ts";
import { defaultTransportSettings, type TransportSettings } from "../../../src/directory/index.ts";
import { reply, type SmtpReply } from "../../../src/smtp/index.ts";
import type {
  AttemptOutcome,
  Channel,
  Delivery,
  NextHopSolution,
  NoChannel,
  RecipientOutcome,
} from "../../../src/transport/mail-item.ts";
import { type DeliveryQueues, startDeliveryQueues } from "../../../src/transport/queue/queues.ts";
import type { Settlement } from "../../../src/transport/queue/settle.ts";

const there: NextHopSolution = { deliveryType: "SmtpRelayToRemoteAdSite", nextHopDomain: "There" };
const store: NextHopSolution = { deliveryType: "MapiDelivery", nextHopDomain: "ex1.contoso.local" };
const nowhere: NextHopSolution = { deliveryType: "Unreachable", nextHopDomain: "Unreachable Domain" };
const start = new Date("2008-05-12T10:00:00Z");
const afterMinutes = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);

const ok: RecipientOutcome = { kind: "delivered", reply: reply(250, "2.1.5", "Recipient OK") };
const busy: RecipientOutcome = { kind: "deferred", reply: reply(452, "4.3.1", "Insufficient system resources") };
const broken: AttemptOutcome = {
  kind: "connectionFailed",
  lastError: "421 4.4.2 Connection dropped due to SocketError",
};

let lastId = 0;
function deliveryTo(solution: NextHopSolution, ...addresses: string[]): Delivery {
  const recipients = (addresses.length > 0 ? addresses : ["bob@contoso.local"]).map((address) => ({ address }));
  const id = ++lastId;
  const envelope = { from: "anna@contoso.local", recipients, body: "7BIT" as const };
  return {
    item: { id, internetMessageId: `<${id}@x>`, envelope, sizeBytes: 1, receivedAt: start, source: "SMTP" },
    solution,
    recipients,
  };
}

/** A next hop whose answers the test gives: at once by `answer`, or by hand while `answer` is undefined. */
class FakeHop extends EventEmitter {
  answer: ((delivery: Delivery) => AttemptOutcome) | undefined = (delivery) => ({
    kind: "answered",
    recipients: delivery.recipients.map(() => ok),
  });
  refusal: string | undefined;
  failure: SmtpReply | undefined;
  readonly attempted: number[] = [];
  readonly held: { delivery: Delivery; finish: (outcome: AttemptOutcome) => void }[] = [];
  opened = 0;
  closed = 0;

  open = (cut?: AbortSignal): Promise<Channel | NoChannel> => {
    this.opened++;
    cut?.addEventListener("abort", () => {
      for (const { finish } of this.held.splice(0)) finish({ kind: "connectionFailed", lastError: "451 4.4.0 cut" });
    });
    if (this.failure) return Promise.resolve({ failed: this.failure });
    return Promise.resolve(this.refusal === undefined ? this.#channel() : { lastError: this.refusal });
  };

  #channel(): Channel {
    let usable = true;
    return {
      get usable() {
        return usable;
      },
      deliver: async (delivery) => {
        this.attempted.push(delivery.item.id);
        const outcome = this.answer?.(delivery) ?? (await this.#byHand(delivery));
        if (outcome.kind === "connectionFailed") usable = false;
        return outcome;
      },
      close: () => {
        this.closed++;
        this.emit("closed");
        return Promise.resolve();
      },
    };
  }

  #byHand(delivery: Delivery): Promise<AttemptOutcome> {
    return new Promise((finish) => {
      this.held.push({ delivery, finish });
      this.emit("held");
    });
  }
}

describe("startDeliveryQueues", () => {
  let clock: LabClock;
  let hop: FakeHop;
  let queues: DeliveryQueues;
  let settlements: { delivery: Delivery; settlement: Settlement }[];

  let expired: { id: number; addresses: string[] }[];
  let delayed: { id: number; addresses: string[]; at: Date }[];
  let reasons: string[];
  let settings: TransportSettings;
  let onStale: (deliveries: readonly Delivery[]) => void;

  const begin = (changes: Partial<TransportSettings> = {}, idleChannelMs = 60_000): void => {
    settings = { ...defaultTransportSettings, ...changes };
    queues = startDeliveryQueues({
      server: "EX1",
      clock,
      settings: () => settings,
      content: () => Buffer.from("content"),
      open: (_solution, cut) => hop.open(cut),
      onAttempt: (delivery, _outcome, settlement) => void settlements.push({ delivery, settlement }),
      onRetry: (_identity, { steps }) => void reasons.push(...steps.map(({ text }) => text)),
      onStale: (deliveries) => onStale(deliveries),
      onExpired: ({ id }, recipients) => void expired.push({ id, addresses: recipients.map(({ address }) => address) }),
      onDelayed: ({ id }, recipients) =>
        void delayed.push({ id, addresses: recipients.map(({ address }) => address), at: clock.now() }),
      idleChannelMs: () => idleChannelMs,
    });
  };
  beforeEach(() => {
    clock = heldClock(start);
    hop = new FakeHop();
    settlements = [];
    expired = [];
    delayed = [];
    reasons = [];
    onStale = (deliveries) => {
      for (const delivery of deliveries) queues.enqueue(delivery);
    };
    begin();
  });
  afterEach(async () => {
    for (const { delivery, finish } of hop.held)
      finish({ kind: "answered", recipients: delivery.recipients.map(() => ok) });
    await queues.close();
    clock.stop();
  });
  const enqueue = (count: number, solution = there): Delivery[] =>
    Array.from({ length: count }, () => deliveryTo(solution)).map((delivery) => {
      queues.enqueue(delivery);
      return delivery;
    });

  it("sends several messages through one channel, in their order, and keeps it for the next", async () => {
    const sent = enqueue(5);
    await clock.quiet();
    sent.push(...enqueue(1));
    await clock.quiet();
    expect(hop.attempted).to.deep.equal(sent.map(({ item }) => item.id));
    expect([hop.opened, hop.closed]).to.deep.equal([1, 0]);
    expect(settlements.map(({ settlement }) => settlement.delivered.length)).to.deep.equal([1, 1, 1, 1, 1, 1]);
  });

  it("closes a channel that stays idle", async () => {
    begin(undefined, 1);
    enqueue(1);
    await once(hop, "closed");
    enqueue(1);
    await clock.quiet();
    expect(hop.opened).to.equal(2);
  });

  it("opens another channel for more than ten waiting messages per open one, up to the limit", async () => {
    begin({ maxPerDomainOutboundConnections: 3 });
    hop.answer = undefined;
    enqueue(11);
    await once(hop, "held");
    expect(hop.opened, "ten wait behind the first").to.equal(1);
    enqueue(1);
    await once(hop, "held");
    expect(hop.opened).to.equal(2);
    enqueue(60);
    await once(hop, "held");
    expect(hop.opened, "the limit").to.equal(3);
  });

  it("is one queue per next hop, numbered in order; queues to mailboxes hide when they are empty", async () => {
    hop.answer = undefined;
    enqueue(1, store);
    enqueue(2, there);
    enqueue(1, store);
    while (hop.held.length < 2) await once(hop, "held");
    const views = () =>
      queues
        .views()
        .map((view) => [view.identity, view.deliveryType, view.nextHopDomain, view.status, view.messageCount]);
    expect(views()).to.deep.equal([
      ["EX1\\1", "MapiDelivery", "ex1.contoso.local", "Active", 2],
      ["EX1\\2", "SmtpRelayToRemoteAdSite", "There", "Active", 2],
    ]);
    expect(queues.idle()).to.equal(false);
    hop.answer = (delivery) => ({ kind: "answered", recipients: delivery.recipients.map(() => ok) });
    for (const { finish } of hop.held.splice(0)) finish({ kind: "answered", recipients: [ok] });
    await clock.quiet();
    expect(views()).to.deep.equal([["EX1\\2", "SmtpRelayToRemoteAdSite", "There", "Ready", 0]]);
    expect(queues.idle()).to.equal(true);
  });

  it("waits a minute of lab time after a refused connection, with the reason in LastError, and loses nothing", async () => {
    hop.refusal = "451 5.7.3 Must issue a STARTTLS command first";
    const [first] = enqueue(2);
    await clock.quiet();
    expect(queues.views()[0]).to.deep.equal({
      identity: "EX1\\1",
      ...there,
      nextHopConnector: null,
      status: "Retry",
      messageCount: 2,
      lastError: "451 5.7.3 Must issue a STARTTLS command first",
      lastRetryTime: start,
      nextRetryTime: afterMinutes(1),
      messages: [first?.item.internetMessageId, `<${lastId}@x>`],
    });
    await clock.advance(new Date(afterMinutes(1).getTime() - 1));
    expect(hop.opened).to.equal(1);
    await clock.advance(afterMinutes(1));
    expect([hop.opened, queues.views()[0]?.nextRetryTime]).to.deep.equal([2, afterMinutes(2)]);
    hop.refusal = undefined;
    await clock.advance(afterMinutes(2));
    expect(hop.attempted).to.have.lengthOf(2);
    expect(queues.views()[0]).to.include({ status: "Ready", messageCount: 0, lastError: null, nextRetryTime: null });
  });

  /** The minutes after the start at which the queue connects until then. */
  async function connectionsUntil(minutes: number): Promise<number[]> {
    const at: number[] = [];
    const open = hop.open;
    hop.open = (cut) => {
      at.push((clock.now().getTime() - start.getTime()) / 60_000);
      return open(cut);
    };
    await clock.advance(afterMinutes(minutes));
    return at;
  }

  it("tries for glitches, then for what passes, then for an outage, and says which", async () => {
    hop.refusal = "421 4.2.1 Unable to connect";
    enqueue(1);
    await clock.quiet();
    expect(await connectionsUntil(60)).to.deep.equal([1, 2, 3, 4, 9, 14, 19, 24, 29, 34, 44, 54]);
    expect([reasons[0], reasons[3], reasons[4], reasons[9], reasons[10]]).to.deep.equal([
      "failure 1: glitch retry 1 of 4",
      "failure 4: glitch retry 4 of 4",
      "failure 5: transient failure retry 1 of 6",
      "failure 10: transient failure retry 6 of 6",
      "the glitch and transient failure retries are used up",
    ]);
  });

  it("counts failures from the last connection that was any good", async () => {
    begin({}, 0);
    hop.refusal = "421 4.2.1 Unable to connect";
    enqueue(1);
    await clock.advance(afterMinutes(40));
    hop.refusal = undefined;
    await clock.advance(afterMinutes(44));
    expect(queues.views()[0]).to.include({ status: "Ready", messageCount: 0 });
    hop.refusal = "421 4.2.1 Unable to connect";
    enqueue(1);
    await clock.quiet();
    expect(queues.views()[0]?.nextRetryTime).to.deep.equal(afterMinutes(45));
  });

  it("does not take a connection for good that breaks before it has an answer", async () => {
    begin({}, 0);
    hop.answer = () => broken;
    enqueue(1);
    await clock.quiet();
    expect(await connectionsUntil(20)).to.deep.equal([1, 2, 3, 4, 9, 14, 19]);
  });

  it("starts the schedule anew on Retry-Queue", async () => {
    hop.refusal = "421 4.2.1 Unable to connect";
    enqueue(1);
    await clock.advance(afterMinutes(40));
    queues.retry("EX1\\1");
    await clock.quiet();
    expect(queues.views()[0]?.nextRetryTime).to.deep.equal(afterMinutes(41));
  });

  it("leaves what a good connection put off for its own time when the queue connects again", async () => {
    begin({ messageRetryIntervalMs: 600_000 }, 0);
    hop.answer = ({ recipients }) => ({ kind: "answered", recipients: recipients.map(() => busy) });
    enqueue(1);
    await clock.quiet();
    hop.refusal = "421 4.2.1 Unable to connect";
    const [second] = enqueue(1);
    await clock.advance(afterMinutes(0.5));
    hop.refusal = undefined;
    await clock.advance(afterMinutes(9));
    expect(hop.attempted.at(-1)).to.equal(second?.item.id);
    expect(hop.attempted).to.have.lengthOf(2);
    await clock.advance(afterMinutes(10));
    expect(hop.attempted).to.have.lengthOf(3);
  });

  it("hands what has waited for twelve hours back to be categorized, and waits on if it comes back", async () => {
    hop.refusal = "421 4.2.1 Unable to connect";
    const [waiting] = enqueue(1);
    const stale: number[] = [];
    onStale = (deliveries) => {
      stale.push((clock.now().getTime() - start.getTime()) / 60_000);
      for (const delivery of deliveries) queues.enqueue(delivery);
    };
    await clock.advance(afterMinutes(24 * 60 + 30));
    expect(stale).to.deep.equal([724, 1444]);
    expect(queues.views()[0]).to.include({ status: "Retry", messageCount: 1 });
    expect(queues.views()[0]?.messages).to.deep.equal([waiting?.item.internetMessageId]);

    onStale = () => {};
    await clock.advance(afterMinutes(36 * 60 + 30));
    expect(queues.views(), "and it is gone with its timer").to.deep.equal([]);
  });

  it("returns whatever is too old, of all its queues at once and also what is Unreachable", async () => {
    begin({ messageExpirationTimeoutMs: 3_600_000 }, 0);
    hop.refusal = "421 4.2.1 Unable to connect";
    const both = deliveryTo(there, "a@x");
    queues.enqueue(both);
    queues.enqueue({ ...both, solution: nowhere, recipients: [{ address: "b@x" }] });
    await clock.advance(afterMinutes(30));
    const [younger] = enqueue(1) as [Delivery];
    const late = { ...younger, item: { ...younger.item, id: ++lastId, receivedAt: clock.now() } };
    queues.enqueue(late);
    await clock.advance(new Date(afterMinutes(60).getTime() - 1));
    expect(expired).to.deep.equal([]);
    await clock.advance(afterMinutes(60));
    expect(expired).to.deep.equal([
      { id: both.item.id, addresses: ["b@x", "a@x"] },
      { id: younger.item.id, addresses: ["bob@contoso.local"] },
    ]);
    expect(queues.views().map(({ messages }) => messages)).to.deep.equal([[late.item.internetMessageId]]);
    await clock.advance(afterMinutes(93));
    expect(expired.map(({ id }) => id)).to.deep.equal([both.item.id, younger.item.id, late.item.id]);
    expect(queues.views()).to.deep.equal([]);
  });

  it("has one interval for the queue of a Mailbox server", async () => {
    hop.refusal = "451 4.4.0 ex1.contoso.local has no mailbox store";
    enqueue(1, store);
    await clock.quiet();
    expect(await connectionsUntil(30)).to.deep.equal([5, 10, 15, 20, 25, 30]);
  });

  it("returns what was deferred by a good connection once it is too old", async () => {
    begin({ messageExpirationTimeoutMs: 150_000 }, 0);
    hop.answer = ({ recipients }) => ({ kind: "answered", recipients: recipients.map(() => busy) });
    const [item] = enqueue(1) as [Delivery];
    await clock.advance(afterMinutes(3));
    expect(hop.attempted).to.have.lengthOf(3);
    expect(expired.map(({ id }) => id)).to.deep.equal([item.item.id]);
  });

  it("returns nothing that is on its way: that is settled when its attempt ends", async () => {
    begin({ messageExpirationTimeoutMs: 5_000 }, 0);
    hop.answer = undefined;
    const old = deliveryTo(there);
    queues.enqueue({ ...old, item: { ...old.item, receivedAt: afterMinutes(-1) } });
    await once(hop, "held");
    queues.lookAtAges();
    expect(expired).to.deep.equal([]);
    for (const { finish } of hop.held.splice(0)) finish({ kind: "answered", recipients: [busy] });
    await clock.quiet();
    expect(settlements.map(({ settlement }) => settlement.failed.length)).to.deep.equal([1]);
    expect(queues.views()[0]).to.include({ messageCount: 0, nextRetryTime: null });
  });

  it("tells of a delay when its time has come, and again at each look, for whoever keeps count", async () => {
    hop.refusal = "421 4.2.1 Unable to connect";
    const [item] = enqueue(1) as [Delivery];
    await clock.advance(afterMinutes(239));
    expect(delayed).to.deep.equal([]);
    await clock.advance(afterMinutes(241));
    expect(delayed).to.deep.equal([{ id: item.item.id, addresses: ["bob@contoso.local"], at: afterMinutes(240) }]);
  });

  it("looks anew when the timeouts have changed", async () => {
    hop.refusal = "421 4.2.1 Unable to connect";
    enqueue(1);
    await clock.advance(afterMinutes(10));
    settings = { ...settings, delayNotificationTimeoutMs: 600_000, messageExpirationTimeoutMs: 900_000 };
    queues.lookAtAges();
    expect(delayed).to.have.lengthOf(1);
    await clock.advance(afterMinutes(15));
    expect(expired).to.have.lengthOf(1);
  });

  it("tries what was late before it came, after a restart, before it tells of it", async () => {
    hop.refusal = "421 4.2.1 Unable to connect";
    const old = deliveryTo(there);
    queues.enqueue({ ...old, item: { ...old.item, receivedAt: afterMinutes(-300) } });
    await clock.advance(new Date(start.getTime() + 59_000));
    expect(delayed).to.deep.equal([]);
    await clock.advance(afterMinutes(1));
    expect(delayed).to.have.lengthOf(1);
  });

  it("makes only the attempts that are due in thirty days with one message that cannot be delivered", async () => {
    hop.refusal = "421 4.2.1 Unable to connect";
    enqueue(1);
    await clock.advance(afterMinutes(30 * 24 * 60));
    expect(expired).to.have.lengthOf(1);
    expect(hop.opened).to.equal(1 + 4 + 6 + Math.floor((2 * 24 * 60 - 34 - 1) / 10));
  });

  it("reports an opener that throws as LastError", async () => {
    hop.open = () => Promise.reject(new Error("no such Hub"));
    enqueue(1);
    await clock.quiet();
    expect(queues.views()[0]).to.include({ status: "Retry", lastError: "no such Hub", messageCount: 1 });
  });

  it("is another queue for the same domain by another connector, and shows which", () => {
    hop.answer = undefined;
    for (const connector of ["Internet", "Partner", "Internet"])
      enqueue(1, { deliveryType: "DnsConnectorDelivery", nextHopDomain: "fabrikam.com", connector });
    expect(
      queues.views().map((view) => [view.identity, view.nextHopDomain, view.nextHopConnector, view.messageCount]),
    ).to.deep.equal([
      ["EX1\\1", "fabrikam.com", "Internet", 2],
      ["EX1\\2", "fabrikam.com", "Partner", 1],
    ]);
  });

  const noSuchDomain = reply(554, "5.4.4", "SMTPSEND.DNS.NonExistentDomain; nonexistent domain");

  it("bounces whatever waits, deferred or not, when the next hop turns out not to exist", async () => {
    begin(undefined, 0);
    hop.answer = ({ recipients }) => ({ kind: "answered", recipients: recipients.map(() => busy) });
    const [deferred] = enqueue(1) as [Delivery];
    await clock.quiet();
    settlements = [];
    hop.failure = noSuchDomain;
    const fresh = deliveryTo(there, "a@fabrikam.com", "b@fabrikam.com");
    queues.enqueue(fresh);
    await clock.quiet();

    const bounced = ({ recipients }: Delivery) => ({
      delivered: [],
      failed: recipients.map((recipient) => ({ recipient, reply: noSuchDomain })),
      retry: undefined,
    });
    expect(settlements.map(({ settlement }) => settlement)).to.deep.equal([bounced(fresh), bounced(deferred)]);
    expect(hop.attempted, "nothing was sent to it").to.have.lengthOf(1);
    expect(queues.views()[0]).to.include({
      status: "Ready",
      messageCount: 0,
      lastError: "554 5.4.4 SMTPSEND.DNS.NonExistentDomain; nonexistent domain",
      nextRetryTime: null,
    });
  });

  it("bounces what a retry finds to be without a next hop, and retries no more", async () => {
    hop.refusal = "421 4.2.1 Unable to connect";
    enqueue(2);
    await clock.quiet();
    hop.failure = noSuchDomain;
    settlements = [];
    await clock.advance(afterMinutes(2));
    expect(settlements.flatMap(({ settlement }) => settlement.failed)).to.have.lengthOf(2);
    expect([hop.opened, queues.views()[0]?.messageCount]).to.deep.equal([2, 0]);
  });

  it("bounces nothing once it is closing: what waits stays on disk", async () => {
    let answer = (_: NoChannel): void => {};
    hop.open = () => new Promise((resolve) => (answer = resolve));
    enqueue(1);
    const closed = queues.close();
    answer({ failed: noSuchDomain });
    await closed;
    expect(settlements).to.deep.equal([]);
  });

  it("connects at once on request and starts the timer anew", async () => {
    hop.refusal = "421 4.2.1 Unable to connect";
    enqueue(1);
    await clock.advance(new Date(start.getTime() + 30_000));
    queues.retry("ex1\\1");
    await clock.quiet();
    expect([hop.opened, queues.views()[0]?.nextRetryTime]).to.deep.equal([2, new Date(start.getTime() + 90_000)]);
    await clock.advance(afterMinutes(1));
    expect(hop.opened, "the first timer no longer counts").to.equal(2);
  });

  it("refuses to retry a queue that it does not have, or that has no next hop", () => {
    enqueue(1, nowhere);
    expect(() => queues.retry("EX1\\7"))
      .to.throw(LabError)
      .with.property("code", "QUEUE_UNKNOWN");
    expect(() => queues.retry("EX1\\Unreachable"))
      .to.throw(LabError)
      .with.property("code", "QUEUE_NOT_RETRYABLE");
  });

  it("keeps the deferred recipients of a message for their own retry, and goes on with the other messages", async () => {
    hop.answer = ({ recipients }) => ({
      kind: "answered",
      recipients: recipients.map(({ address }) => (address === "later@x" ? busy : ok)),
    });
    queues.enqueue(deliveryTo(there, "now@x", "later@x"));
    enqueue(1);
    await clock.quiet();
    expect(hop.attempted).to.have.lengthOf(2);
    expect(queues.views()[0]).to.include({ status: "Ready", messageCount: 1 });
    expect(queues.views()[0]?.nextRetryTime).to.deep.equal(afterMinutes(1));

    hop.answer = ({ recipients }) => ({ kind: "answered", recipients: recipients.map(() => ok) });
    await clock.advance(afterMinutes(1));
    expect(settlements.at(-1)?.delivery.recipients).to.deep.equal([{ address: "later@x" }]);
    expect(queues.views()[0]?.messageCount).to.equal(0);
  });

  it("tries a message again at once, by a new channel, when the channel had served before", async () => {
    enqueue(1);
    await clock.quiet();
    let breaks = 1;
    hop.answer = ({ recipients }) =>
      breaks-- > 0 ? broken : { kind: "answered", recipients: recipients.map(() => ok) };
    enqueue(1);
    await clock.quiet();
    expect([hop.opened, hop.closed, hop.attempted.length]).to.deep.equal([2, 1, 3]);
    expect(settlements, "a stale channel is no attempt").to.have.lengthOf(2);
    expect(queues.views()[0]).to.include({ status: "Ready", messageCount: 0 });
  });

  it("waits when a new channel breaks, and lets the others pass the message that broke it", async () => {
    const [poison, other] = enqueue(2) as [Delivery, Delivery];
    hop.answer = ({ item, recipients }) =>
      item.id === poison.item.id ? broken : { kind: "answered", recipients: recipients.map(() => ok) };
    await clock.quiet();
    expect(queues.views()[0]).to.include({ status: "Retry", messageCount: 2 });
    await clock.advance(afterMinutes(1));
    expect(hop.attempted.slice(0, 2)).to.deep.equal([poison.item.id, other.item.id]);
    expect(queues.views()[0]?.messages).to.deep.equal([poison.item.internetMessageId]);
  });

  it("goes on with the channels it has when the next hop refuses one more", async () => {
    hop.answer = undefined;
    enqueue(1);
    await once(hop, "held");
    hop.refusal = "421 4.3.2 too many";
    enqueue(15);
    await new Promise((resolve) => setImmediate(resolve));
    expect(queues.views()[0]).to.include({ status: "Active", lastError: null });
    enqueue(15);
    const { delivery, finish } = hop.held.splice(0)[0] as (typeof hop.held)[number];
    hop.answer = ({ recipients }) => ({ kind: "answered", recipients: recipients.map(() => ok) });
    finish({ kind: "answered", recipients: delivery.recipients.map(() => ok) });
    await clock.quiet();
    expect(hop.opened).to.equal(2);
    expect(queues.views()[0]).to.include({ status: "Ready", messageCount: 0 });
  });

  it("drops a remote queue three minutes after it became empty, and its channel with it", async () => {
    enqueue(1);
    await clock.advance(afterMinutes(2));
    enqueue(1);
    await clock.advance(afterMinutes(4));
    expect(queues.views()).to.have.lengthOf(1);
    await clock.advance(afterMinutes(5));
    expect(queues.views()).to.deep.equal([]);
    expect(hop.closed).to.equal(1);
    enqueue(1);
    expect(queues.views()[0]?.identity).to.equal("EX1\\2");
  });

  it("keeps what is unreachable until routing changes, then hands it back", () => {
    const [stranded] = enqueue(1, nowhere);
    expect(queues.views()).to.deep.equal([
      {
        identity: "EX1\\Unreachable",
        ...nowhere,
        nextHopConnector: null,
        status: "Ready",
        messageCount: 1,
        lastError: null,
        lastRetryTime: null,
        nextRetryTime: null,
        messages: [stranded?.item.internetMessageId],
      },
    ]);
    expect(queues.idle()).to.equal(true);
    expect(queues.resubmitUnreachable()).to.deep.equal([stranded]);
    expect(queues.views()).to.deep.equal([]);
  });

  it("lets lab time wait for what onAttempt does", async () => {
    let finish = (): void => {};
    const settled: string[] = [];
    queues = startDeliveryQueues({
      server: "EX1",
      clock,
      settings: () => defaultTransportSettings,
      content: () => Buffer.from(""),
      open: () => hop.open(),
      onAttempt: () => new Promise<void>((resolve) => (finish = resolve)).then(() => void settled.push("told")),
      onRetry: () => {},
      onStale: () => {},
      onExpired: () => {},
      onDelayed: () => {},
    });
    enqueue(1);
    const advanced = clock.advance(afterMinutes(1)).then(() => settled.push("advanced"));
    while (settlements.length === 0 && hop.attempted.length === 0)
      await new Promise((resolve) => setImmediate(resolve));
    finish();
    await advanced;
    expect(settled).to.deep.equal(["told", "advanced"]);
  });

  it("lets an attempt under way finish before it closes, and starts no other", async () => {
    hop.answer = undefined;
    enqueue(2);
    await once(hop, "held");
    const closing = queues.close();
    const { delivery, finish } = hop.held.splice(0)[0] as (typeof hop.held)[number];
    finish({ kind: "answered", recipients: delivery.recipients.map(() => ok) });
    await closing;
    expect(settlements).to.have.lengthOf(1);
    expect([hop.attempted.length, hop.closed]).to.deep.equal([1, 1]);
  });

  it("waits for no attempt when the power is cut", async () => {
    hop.answer = undefined;
    enqueue(2);
    await once(hop, "held");
    await queues.close("power-cut");
    const settled = settlements.flatMap(({ settlement: { delivered, failed } }) => [...delivered, ...failed]);
    expect(settled).to.deep.equal([]);
    expect(hop.attempted).to.have.lengthOf(1);
  });
});
