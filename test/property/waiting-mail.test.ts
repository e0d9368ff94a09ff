import { expect } from "chai";
import fc from "fast-check";
import { heldClock } from "../../src/base/index.ts";
import { defaultTransportSettings, type TransportSettings } from "../../src/directory/index.ts";
import { reply } from "../../src/smtp/index.ts";
import type { Channel, Delivery, NextHopSolution, NoChannel, RecipientOutcome } from "../../src/transport/mail-item.ts";
import { startDeliveryQueues } from "../../src/transport/queue/queues.ts";
import { queueGlitchRetryCount, queueRetryInterval } from "../../src/transport/queue/retry-schedule.ts";

const minute = 60_000;
const hour = 60 * minute;
const start = new Date("2008-05-12T10:00:00Z");

/** Settings within the ranges of Set-TransportServer, each interval at least as long as the one before it. */
const patient: fc.Arbitrary<TransportSettings> = fc
  .record({
    transientFailureRetryCount: fc.integer({ min: 0, max: 15 }),
    transientFailureRetryIntervalMs: fc.integer({ min: 1, max: 60 }).map((minutes) => minutes * minute),
    more: fc.integer({ min: 0, max: 240 }).map((minutes) => minutes * minute),
    messageRetryIntervalMs: fc.integer({ min: 1, max: 30 }).map((minutes) => minutes * minute),
    messageExpirationTimeoutMs: fc.integer({ min: 1, max: 48 }).map((hours) => hours * hour),
    delayNotificationTimeoutMs: fc.integer({ min: 1, max: 48 }).map((hours) => hours * hour),
  })
  .map(({ more, ...settings }) => ({
    ...defaultTransportSettings,
    ...settings,
    outboundConnectionFailureRetryIntervalMs: settings.transientFailureRetryIntervalMs + more,
  }));

describe("the retry schedule", () => {
  it("never grows impatient, and comes to the last interval after the retries that the settings have", () => {
    fc.assert(
      fc.property(patient, (settings) => {
        const waits = Array.from(
          { length: 40 },
          (_, index) => queueRetryInterval(index + 1, "SmtpRelayToRemoteAdSite", settings).outcome,
        );
        expect(waits).to.deep.equal([...waits].sort((one, other) => one - other));
        const last = queueGlitchRetryCount + settings.transientFailureRetryCount;
        expect(new Set(waits.slice(last))).to.deep.equal(new Set([settings.outboundConnectionFailureRetryIntervalMs]));
        expect(waits.slice(0, queueGlitchRetryCount)).to.deep.equal([minute, minute, minute, minute]);
      }),
    );
  });
});

/** How a next hop does for a while: it is away, breaks what it is given, puts it off, or takes it. */
const weather = fc.array(
  fc.record({
    does: fc.constantFrom("away", "away", "breaks", "puts-off", "takes"),
    forMs: fc.integer({ min: 1, max: 20 * 60 }).map((minutes) => minutes * minute),
  }),
  { minLength: 1, maxLength: 5 },
);
const arrivals = fc.array(
  fc.integer({ min: 0, max: 24 * 60 }).map((minutes) => minutes * minute),
  { minLength: 1, maxLength: 6 },
);
const there: NextHopSolution = { deliveryType: "SmtpRelayToRemoteAdSite", nextHopDomain: "There" };
const nowhere: NextHopSolution = { deliveryType: "Unreachable", nextHopDomain: "Unreachable Domain" };
const taken: RecipientOutcome = { kind: "delivered", reply: reply(250, "2.1.5", "Recipient OK") };
const putOff: RecipientOutcome = { kind: "deferred", reply: reply(452, "4.3.1", "Insufficient system resources") };

describe("mail that waits", () => {
  it("ends delivered or returned, once, or is younger than its timeout; and is not tried more than the settings say", async () => {
    await fc.assert(
      fc.asyncProperty(
        patient,
        weather,
        arrivals,
        fc.integer({ min: 1, max: 120 }),
        async (settings, phases, times, hours) => {
          const clock = heldClock(start);
          const ends = new Map<number, string[]>();
          const born = new Map<number, number>();
          const end = (id: number, how: string): void => void ends.set(id, [...(ends.get(id) ?? []), how]);
          let opened = 0;
          const doing = (): string => {
            let left = clock.now().getTime() - start.getTime();
            return phases.find(({ forMs }) => (left -= forMs) < 0)?.does ?? "away";
          };
          const open = (): Promise<Channel | NoChannel> => {
            opened++;
            if (doing() === "away") return Promise.resolve({ lastError: "421 4.2.1 Unable to connect" });
            return Promise.resolve({
              usable: true,
              deliver: () => {
                if (doing() === "breaks") return Promise.resolve({ kind: "connectionFailed", lastError: "broken" });
                return Promise.resolve({ kind: "answered", recipients: [doing() === "takes" ? taken : putOff] });
              },
              close: () => Promise.resolve(),
            } satisfies Channel);
          };
          const queues = startDeliveryQueues({
            server: "EX1",
            clock,
            settings: () => settings,
            content: () => Buffer.from("content"),
            open,
            idleChannelMs: () => 0,
            onAttempt({ item }, _outcome, { delivered, failed }) {
              if (delivered.length > 0) end(item.id, "delivered");
              if (failed.length > 0) end(item.id, "returned");
            },
            onRetry() {},
            onStale: (deliveries) => {
              for (const delivery of deliveries) queues.enqueue(delivery);
            },
            onExpired: ({ id, receivedAt }) => {
              expect(clock.now().getTime() - receivedAt.getTime()).to.be.at.least(settings.messageExpirationTimeoutMs);
              end(id, "returned");
            },
            onDelayed: ({ receivedAt }) => {
              expect(clock.now().getTime() - receivedAt.getTime()).to.be.at.least(settings.delayNotificationTimeoutMs);
            },
          });
          times.forEach((after, index) => {
            const at = new Date(start.getTime() + after);
            clock.at(at, "arrival", () => {
              born.set(index, at.getTime());
              const solution = index % 4 === 3 ? nowhere : there;
              queues.enqueue(deliveryOf(index, at, solution));
            });
          });

          await clock.advance(new Date(start.getTime() + hours * hour));
          const waiting = queues.views().reduce((sum, { messageCount }) => sum + messageCount, 0);
          const unfinished = [...born].filter(([id]) => !ends.has(id));
          expect(waiting, "what has not ended waits").to.equal(unfinished.length);
          for (const [, at] of unfinished)
            expect(clock.now().getTime() - at).to.be.below(settings.messageExpirationTimeoutMs + 1000);
          for (const [id, how] of ends) expect(how, `message ${id}`).to.have.lengthOf(1);
          // One for each message, one for each of its own retries, and the schedule anew at each change of the weather.
          const spells = times.length + phases.length;
          const perSpell = queueGlitchRetryCount + settings.transientFailureRetryCount + 1;
          const own = times.length * Math.ceil((hours * hour) / settings.messageRetryIntervalMs);
          const last = Math.ceil((hours * hour) / settings.outboundConnectionFailureRetryIntervalMs);
          expect(opened).to.be.at.most(spells * perSpell + times.length + own + last);

          await queues.close();
          clock.stop();
        },
      ),
      { numRuns: 150 },
    );
  });
});

const deliveryOf = (id: number, receivedAt: Date, solution: NextHopSolution): Delivery => {
  const recipients = [{ address: "bob@contoso.local" }];
  const envelope = { from: "anna@contoso.local", recipients, body: "7BIT" as const };
  return {
    item: { id, internetMessageId: `<${id}@x>`, envelope, sizeBytes: 1, receivedAt, source: "SMTP" },
    solution,
    recipients,
  };
};
