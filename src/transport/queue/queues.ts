import {
  type Delivery,
  type Ending,
  type EnvelopeRecipient,
  type MailItem,
  nextHopKey,
  type NextHopSolution,
} from "../mail-item.ts";
import { AgeWatch, isDelayed, isExpired } from "./age.ts";
import { DeliveryQueue, type QueueModules } from "./delivery-queue.ts";
import { queueNotRetryable, queueUnknown } from "./errors.ts";
import type { DeliveryQueueView } from "./view.ts";

/** The delivery queues of one server. All of it lives in memory: the durable store is what they are rebuilt from. */
export interface DeliveryQueues {
  /** Puts a delivery into the queue of its next hop, made if there is none. */
  enqueue(delivery: Delivery): void;
  /** Oldest queue first. Queues to mailboxes and the Unreachable queue are shown only while something is in them. */
  views(): DeliveryQueueView[];
  /** Connects at once and starts the retry schedule anew. Throws QUEUE_UNKNOWN, QUEUE_NOT_RETRYABLE. */
  retry(identity: string): void;
  /** Takes everything out of the Unreachable queue, to be categorized again: routing has changed. Source: [bb125237]. */
  resubmitUnreachable(): Delivery[];
  /** Sees to what has come of age by the settings as they are now: to be called when they may have changed. */
  lookAtAges(): void;
  /** Whether nothing is under way: what is queued waits for its retry, or for a route. */
  idle(): boolean;
  /** Closes the channels. What is queued stays in the durable store. */
  close(how?: Ending): Promise<void>;
}

/** What becomes of messages by their age alone; each is told once for all recipients of a message that still wait. */
export interface AgeModules {
  /** They have been taken out of their queues. */
  onExpired: (item: MailItem, recipients: readonly EnvelopeRecipient[]) => void;
  /** They go on waiting. Told at every look: whoever is told knows what has been said. */
  onDelayed: (item: MailItem, recipients: readonly EnvelopeRecipient[]) => void;
}

/** Source: [exchange-2013-queues], QueueMaxIdleTime, 3 minutes. */
const maxIdleMs = 180_000;

const keepBusyChannels = (served: number): number => (served < 20 ? 0 : 500);

/**
 * Starts the delivery queues of one server, with nothing in them. One queue per next hop (delivery type, domain and
 * connector), numbered in the order of their making.
 *
 * @param modules without `idleChannelMs`, a Hub says QUIT as soon as its queue is empty; a channel that has been busy is
 *   kept half a second, for mail that comes in numbers. Ours.
 * Source: the queue key and identities, [bb125237].
 */
export function startDeliveryQueues(
  modules: AgeModules & Omit<QueueModules, "idleChannelMs"> & Partial<Pick<QueueModules, "idleChannelMs">>,
): DeliveryQueues {
  const { server, clock, settings } = modules;
  const queueModules: QueueModules = { idleChannelMs: keepBusyChannels, ...modules };
  const queues = new Map<string, DeliveryQueue>();
  const closing = new Set<Promise<void>>();
  let unreachable: Delivery[] = [];
  let made = 0;

  const queueFor = (solution: NextHopSolution): DeliveryQueue => {
    const key = nextHopKey(solution);
    const held = queues.get(key);
    if (held) return held;
    const identity = `${server}\\${++made}`;
    const queue = new DeliveryQueue(queueModules, identity, solution, dropWhenIdle(key, identity));
    queues.set(key, queue);
    return queue;
  };

  /** Drops the queue of that key once it has been empty for the idle time; one timer per queue, however often it empties. */
  const dropWhenIdle = (key: string, identity: string): (() => void) => {
    let emptySince = 0;
    let watching = false;
    const watch = (): void => {
      watching = true;
      clock.at(new Date(emptySince + maxIdleMs), `idle queue ${identity}`, () => {
        watching = false;
        const queue = queues.get(key);
        if (!queue || queue.messageCount > 0) return;
        if (clock.now().getTime() < emptySince + maxIdleMs) return watch();
        queues.delete(key);
        const closed = queue.close().finally(() => closing.delete(closed));
        closing.add(closed);
        return closed;
      });
    };
    return () => {
      emptySince = clock.now().getTime();
      if (!watching) watch();
    };
  };

  const waiting = (): Delivery[] => [...unreachable, ...[...queues.values()].flatMap((queue) => queue.waiting())];

  const take = (wanted: (delivery: Delivery) => boolean): Delivery[] => {
    const stranded = unreachable.filter(wanted);
    unreachable = unreachable.filter((delivery) => !wanted(delivery));
    return [...stranded, ...[...queues.values()].flatMap((queue) => queue.take(wanted))];
  };

  const lookAtAges = (): void => {
    const at = clock.now();
    const policy = settings();
    for (const [item, recipients] of byMessage(take(({ item }) => isExpired(item, policy, at))))
      modules.onExpired(item, recipients);
    const left = byMessage(waiting());
    for (const [item, recipients] of left) if (isDelayed(item, policy, at)) modules.onDelayed(item, recipients);
    ages.follow(left.map(([item]) => item));
  };
  const ages = new AgeWatch(clock, `age of messages on ${server}`, settings, lookAtAges);

  return {
    enqueue(delivery) {
      ages.add(delivery.item);
      if (delivery.solution.deliveryType === "Unreachable") unreachable.push(delivery);
      else queueFor(delivery.solution).enqueue(delivery);
    },
    views() {
      const views = [...queues.values()].map((queue) => queue.view());
      const shown = views.filter((view) => view.messageCount > 0 || view.deliveryType !== "MapiDelivery");
      return unreachable.length === 0 ? shown : [...shown, unreachableView(server, unreachable)];
    },
    retry(identity) {
      const wanted = identity.toLowerCase();
      const queue = [...queues.values()].find((candidate) => candidate.identity.toLowerCase() === wanted);
      if (queue) return queue.retryNow();
      if (wanted === unreachableIdentity(server).toLowerCase()) throw queueNotRetryable(identity);
      throw queueUnknown(
        identity,
        [...queues.values()].map((held) => held.identity),
      );
    },
    resubmitUnreachable() {
      const deliveries = unreachable;
      unreachable = [];
      return deliveries;
    },
    lookAtAges,
    idle: () => [...queues.values()].every((queue) => queue.isIdle),
    async close(how) {
      ages.stop();
      await Promise.all([...closing, ...[...queues.values()].map((queue) => queue.close(how))]);
    },
  };
}

/** The recipients of each message, of all its deliveries together; in the order of the messages' ids. */
function byMessage(deliveries: readonly Delivery[]): [MailItem, EnvelopeRecipient[]][] {
  const messages = new Map<number, [MailItem, EnvelopeRecipient[]]>();
  for (const { item, recipients } of deliveries) {
    const held = messages.get(item.id);
    if (held) held[1].push(...recipients);
    else messages.set(item.id, [item, [...recipients]]);
  }
  return [...messages.values()].sort(([one], [other]) => one.id - other.id);
}

const unreachableIdentity = (server: string): string => `${server}\\Unreachable`;

const unreachableView = (server: string, deliveries: readonly Delivery[]): DeliveryQueueView => ({
  identity: unreachableIdentity(server),
  deliveryType: "Unreachable",
  nextHopDomain: "Unreachable Domain",
  nextHopConnector: null,
  status: "Ready",
  messageCount: deliveries.length,
  lastError: null,
  lastRetryTime: null,
  nextRetryTime: null,
  messages: deliveries.map(({ item }) => item.internetMessageId),
});
