import { setMaxListeners } from "node:events";
import { setTimeout as startTimer, clearTimeout as stopTimer } from "node:timers";
import { type Clock, type Decision, messageOf } from "../../base/index.ts";
import type { TransportSettings } from "../../directory/index.ts";
import { formatReply, type SmtpReply } from "../../smtp/index.ts";
import type { AttemptOutcome, Channel, Delivery, Ending, NextHopSolution, OpenChannel } from "../mail-item.ts";
import { Deferred } from "./deferred.ts";
import { IdleLines, type Line } from "./idle-lines.ts";
import { queueRetryInterval, type RetryPolicy } from "./retry-schedule.ts";
import { settle, type SettlePolicy, type Settlement } from "./settle.ts";
import type { DeliveryQueueView } from "./view.ts";

/** What a queue needs of its server. */
export interface QueueModules {
  /** Its name, the first half of every queue's identity. */
  server: string;
  clock: Clock;
  settings: () => RetryPolicy & SettlePolicy & Pick<TransportSettings, "maxPerDomainOutboundConnections">;
  content: (id: number) => Buffer | undefined;
  open: OpenChannel;
  /**
   * Told once per attempt, what was tried and what it settled. What stays is back in the queue by then. A promise is
   * waited for by lab time and by `close`; it must not reject.
   */
  onAttempt: (delivery: Delivery, outcome: AttemptOutcome, settlement: Settlement) => void | Promise<void>;
  /** Told of every connection that failed: after how many milliseconds the queue tries again, and why then. */
  onRetry: (identity: string, wait: Decision<number>) => void;
  /** Takes over what has waited long for a next hop: to be categorized again. It may come back at once. */
  onStale: (deliveries: readonly Delivery[]) => void;
  /** How long, in real time, an idle channel that has served so many messages is kept for the next; 0: not at all. */
  idleChannelMs: (served: number) => number;
}

/** A setting of EdgeTransport.exe.config at its default. Source: [message-retry], MaxIdleTimeBeforeResubmit. */
const maxIdleTimeBeforeResubmitMs = 12 * 3_600_000;

/** Another channel is opened when more deliveries than this wait per open one. Ours. */
const waitingPerChannel = 10;

/** How long `close` waits, in real time, for attempts under way before it cuts them off. */
const closeGraceMs = 2_000;

/**
 * The queue of one next hop: what waits, what is on its way, and the channels it goes through.
 * A delivery is always in exactly one of `ready`, `deferred` and `flying`, until its recipients are settled.
 */
export class DeliveryQueue {
  readonly identity: string;
  readonly solution: NextHopSolution;
  readonly #modules: QueueModules;
  readonly #onEmpty: () => void;
  #ready: Delivery[] = [];
  readonly #deferred: Deferred;
  readonly #flying = new Set<Delivery>();
  readonly #serving = new Set<Line>();
  readonly #idle: IdleLines;
  readonly #work = new Set<Promise<void>>();
  #opening = 0;
  /** Lowered when the next hop refuses one more channel, until it has none. */
  #channelsAllowed = Infinity;
  #lastError: string | null = null;
  #lastRetryTime: Date | null = null;
  #retry: { at: Date; cancel: () => void } | undefined;
  /** How many connections have failed since one was good or Retry-Queue; `since` moves on with a resubmission. */
  #failing: { count: number; since: Date } | undefined;
  #closing = false;
  readonly #cut = new AbortController();

  /** @param onEmpty called whenever the last message has left */
  constructor(modules: QueueModules, identity: string, solution: NextHopSolution, onEmpty: () => void) {
    this.#modules = modules;
    this.identity = identity;
    this.solution = solution;
    this.#onEmpty = onEmpty;
    setMaxListeners(0, this.#cut.signal); // every open channel listens
    this.#idle = new IdleLines((line) => this.#track(this.#hangUp(line)));
    this.#deferred = new Deferred(modules.clock, `queue ${identity}`, (due) => {
      this.#ready.push(...due);
      this.#pump();
    });
  }

  get messageCount(): number {
    return this.#ready.length + this.#deferred.count + this.#flying.size;
  }

  /** Whether nothing is under way, nor about to be: what waits, waits for its retry. */
  get isIdle(): boolean {
    return this.#work.size === 0;
  }

  enqueue(delivery: Delivery): void {
    this.#ready.push(delivery);
    this.#pump();
  }

  /** Tries everything at once and starts the schedule anew. Source: [message-retry]. */
  retryNow(): void {
    this.#failing = undefined;
    this.#ready.push(...this.#deferred.take(() => true));
    this.#connectAgain();
  }

  /** Everything that is not settled, also what is on its way. */
  waiting(): Delivery[] {
    return [...this.#flying, ...this.#ready, ...this.#deferred.deliveries];
  }

  /** Takes out those that are `wanted`, but for what is on its way: that is settled after its attempt. */
  take(wanted: (delivery: Delivery) => boolean): Delivery[] {
    const taken = [...this.#ready.filter(wanted), ...this.#deferred.take(wanted)];
    if (taken.length === 0) return [];
    this.#ready = this.#ready.filter((delivery) => !wanted(delivery));
    this.#endIfEmpty();
    return taken;
  }

  view(): DeliveryQueueView {
    const waiting = this.waiting();
    const active = this.#flying.size > 0 || this.#opening > 0;
    return {
      identity: this.identity,
      deliveryType: this.solution.deliveryType,
      nextHopDomain: this.solution.nextHopDomain,
      nextHopConnector: this.solution.connector ?? null,
      status: this.#retry ? "Retry" : active ? "Active" : "Ready",
      messageCount: waiting.length,
      lastError: this.#lastError,
      lastRetryTime: this.#lastRetryTime,
      nextRetryTime: this.#retry?.at ?? this.#deferred.nextAt ?? null,
      messages: waiting.map(({ item }) => item.internetMessageId),
    };
  }

  /**
   * Ends its channels; attempts under way may finish for a moment, if there is one. What is queued stays in the durable
   * store.
   */
  async close(how: Ending = "in-order"): Promise<void> {
    this.#closing = true;
    if (how === "power-cut") this.#cut.abort();
    this.#endRetry();
    this.#deferred.stop();
    for (let line = this.#idle.take(); line; line = this.#idle.take()) this.#track(this.#hangUp(line));
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => (timer = startTimer(resolve, closeGraceMs)));
    await Promise.race([this.#allWork(), grace]);
    stopTimer(timer);
    this.#cut.abort();
    await Promise.all([...this.#serving].map(({ channel }) => channel.close()));
    await this.#allWork();
  }

  async #allWork(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  /** Lets lab time and `close` wait for work under way. */
  #track(promise: Promise<void>): void {
    const work = this.#modules.clock.busy(`queue ${this.identity}`, promise).finally(() => this.#work.delete(work));
    this.#work.add(work);
  }

  /** Puts what is ready to the channels there are, and opens another when too much waits. */
  #pump(): void {
    if (this.#closing || this.#retry) return;
    while (this.#ready.length > 0) {
      const line = this.#idle.take();
      if (!line) break;
      this.#track(line.channel.usable ? this.#serve(line) : this.#hangUp(line));
    }
    while (this.#wantsAnother()) this.#track(this.#openAnother());
  }

  #wantsAnother(): boolean {
    const open = this.#serving.size + this.#opening;
    const allowed = Math.min(this.#channelsAllowed, this.#modules.settings().maxPerDomainOutboundConnections);
    const waiting = this.#ready.length - this.#opening; // those being opened will take one each
    return open < Math.max(1, allowed) && (open === 0 ? waiting > 0 : waiting > waitingPerChannel * open);
  }

  async #openAnother(): Promise<void> {
    this.#opening++;
    const opened = await this.#modules
      .open(this.solution, this.#cut.signal)
      .catch((failure: unknown) => ({ lastError: messageOf(failure) }));
    this.#opening--;
    if ("lastError" in opened) return this.#connectionFailed(opened.lastError);
    if ("failed" in opened) return this.#bounceAll(opened.failed);
    this.#endRetry(); // another of two opened at once may have failed
    await this.#serve({ channel: opened, served: 0 });
  }

  /** Sends through one channel until nothing is ready, or it breaks. */
  async #serve(line: Line): Promise<void> {
    this.#serving.add(line);
    let alive = line.channel.usable;
    while (alive && !this.#closing) {
      const delivery = this.#ready.shift();
      if (!delivery) break;
      this.#flying.add(delivery);
      const outcome = await this.#attempt(line.channel, delivery);
      this.#flying.delete(delivery);
      this.#conclude(delivery, outcome, line);
      line.served++;
      alive = outcome.kind === "answered" && line.channel.usable;
    }
    this.#serving.delete(line);
    const keepMs = alive && !this.#closing ? this.#modules.idleChannelMs(line.served) : 0;
    if (keepMs > 0) this.#idle.keep(line, keepMs);
    const gone = keepMs > 0 ? undefined : this.#hangUp(line);
    this.#pump(); // not after the goodbye: a dead peer can take its time
    await gone;
  }

  async #attempt(channel: Channel, delivery: Delivery): Promise<AttemptOutcome> {
    const content = this.#modules.content(delivery.item.id);
    if (!content) throw new Error(`Message ${delivery.item.id} is in queue ${this.identity} but not in the store`);
    try {
      return await channel.deliver(delivery, content);
    } catch (failure) {
      return { kind: "connectionFailed", lastError: messageOf(failure) };
    }
  }

  #conclude(delivery: Delivery, outcome: AttemptOutcome, line: Line): void {
    const failed = outcome.kind === "connectionFailed";
    // A channel that served before has grown stale. That is no failed attempt: a new one is tried at once.
    if (failed && line.served > 0) return void this.#ready.push(delivery);
    const settlement = this.#settle(delivery, outcome);
    if (failed) {
      // To the end: a message that breaks connections must not hold up those behind it.
      if (settlement.retry) this.#ready.push(delivery);
      this.#serving.delete(line);
      this.#connectionFailed(outcome.lastError);
    } else this.#answered(delivery, settlement);
    this.#tell(delivery, outcome, settlement);
    if (this.messageCount === 0) this.#onEmpty();
  }

  #settle(delivery: Delivery, outcome: AttemptOutcome): Settlement {
    return settle(delivery, outcome, this.#modules.settings(), this.#modules.clock.now());
  }

  #answered(delivery: Delivery, { retry }: Settlement): void {
    this.#failing = undefined;
    this.#lastError = retry?.reason ?? null;
    if (!retry?.at) return;
    this.#lastRetryTime = this.#modules.clock.now();
    this.#deferred.add({ ...delivery, recipients: retry.recipients }, retry.at);
  }

  /** With other channels open the failure only means that there will be no more of them; else the queue waits. */
  #connectionFailed(lastError: string): void {
    const open = this.#serving.size + this.#idle.count;
    if (open > 0) {
      this.#channelsAllowed = open;
      return;
    }
    const { clock, settings, onRetry } = this.#modules;
    this.#lastError = lastError;
    this.#lastRetryTime = clock.now();
    this.#channelsAllowed = Infinity;
    if (this.#closing || this.#retry || this.messageCount === 0) return;
    const failing = this.#failing ?? { count: 0, since: clock.now() };
    this.#failing = failing;
    const wait = queueRetryInterval(++failing.count, this.solution.deliveryType, settings());
    const at = new Date(clock.now().getTime() + wait.outcome);
    const cancel = clock.at(at, `retry of queue ${this.identity}`, () => this.#connectAgain());
    this.#retry = { at, cancel };
    onRetry(this.identity, wait);
    if (clock.now().getTime() - failing.since.getTime() >= maxIdleTimeBeforeResubmitMs) this.#resubmit(failing);
  }

  /** What has the same next hop still is back when `onStale` returns, and waits for the same retry. */
  #resubmit(failing: { since: Date }): void {
    failing.since = this.#modules.clock.now();
    this.#modules.onStale([...this.#ready.splice(0), ...this.#deferred.take(() => true)]);
    this.#endIfEmpty();
  }

  #endIfEmpty(): void {
    if (this.messageCount > 0) return;
    this.#endRetry();
    this.#onEmpty();
  }

  #connectAgain(): void {
    this.#endRetry();
    this.#pump();
  }

  /** There is no such next hop: whatever waits goes back to its senders at once. What is closing keeps it on disk. */
  #bounceAll(refusal: SmtpReply): void {
    if (this.#closing) return;
    this.#endRetry();
    this.#failing = undefined;
    this.#lastError = formatReply(refusal);
    this.#lastRetryTime = this.#modules.clock.now();
    for (const delivery of [...this.#ready.splice(0), ...this.#deferred.take(() => true)]) {
      const recipients = delivery.recipients.map(() => ({ kind: "failed" as const, reply: refusal }));
      const outcome: AttemptOutcome = { kind: "answered", recipients };
      this.#tell(delivery, outcome, this.#settle(delivery, outcome));
    }
    if (this.messageCount === 0) this.#onEmpty();
  }

  #tell(delivery: Delivery, outcome: AttemptOutcome, settlement: Settlement): void {
    const told = this.#modules.onAttempt(delivery, outcome, settlement);
    if (told) this.#track(told);
  }

  #endRetry(): void {
    this.#retry?.cancel();
    this.#retry = undefined;
  }

  async #hangUp(line: Line): Promise<void> {
    await line.channel.close();
    if (this.#serving.size + this.#idle.count === 0) this.#channelsAllowed = Infinity;
  }
}
