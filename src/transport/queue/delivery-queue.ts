import { setMaxListeners } from "node:events";
import { setTimeout as startTimer, clearTimeout as stopTimer } from "node:timers";
import { type Clock, messageOf } from "../../base/index.ts";
import type { TransportSettings } from "../../directory/index.ts";
import { formatReply, type SmtpReply } from "../../smtp/index.ts";
import type { AttemptOutcome, Channel, Delivery, Ending, NextHopSolution, OpenChannel } from "../mail-item.ts";
import { Deferred } from "./deferred.ts";
import { IdleLines, type Line } from "./idle-lines.ts";
import { retryIntervalMs, settle, type Settlement } from "./settle.ts";
import type { DeliveryQueueView } from "./view.ts";

/** What a queue needs of its server. */
export interface QueueModules {
  /** Its name, the first half of every queue's identity. */
  server: string;
  clock: Clock;
  settings: () => Pick<TransportSettings, "maxPerDomainOutboundConnections">;
  content: (id: number) => Buffer | undefined;
  open: OpenChannel;
  /**
   * Told once per attempt, what was tried and what it settled. What stays is back in the queue by then. A promise is
   * waited for by lab time and by `close`; it must not reject.
   */
  onAttempt: (delivery: Delivery, outcome: AttemptOutcome, settlement: Settlement) => void | Promise<void>;
  /** How long, in real time, an idle channel that has served so many messages is kept for the next; 0: not at all. */
  idleChannelMs: (served: number) => number;
}

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
  readonly #ready: Delivery[] = [];
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

  /** Tries everything at once and starts the retry timers anew. */
  retryNow(): void {
    this.#endRetry();
    this.#ready.push(...this.#deferred.takeAll());
    this.#pump();
  }

  view(): DeliveryQueueView {
    const waiting = [...this.#flying, ...this.#ready, ...this.#deferred.deliveries];
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
    if (outcome.kind === "connectionFailed") {
      // To the end: a message that breaks connections must not hold up those behind it.
      this.#ready.push(delivery);
      // A channel that served before has grown stale. That is no failed attempt: a new one is tried at once.
      if (line.served > 0) return;
      this.#serving.delete(line);
      this.#connectionFailed(outcome.lastError);
    }
    const settlement = settle(delivery, outcome, this.#modules.clock.now());
    if (outcome.kind === "answered") this.#answered(delivery, settlement);
    this.#tell(delivery, outcome, settlement);
    if (this.messageCount === 0) this.#onEmpty();
  }

  #answered(delivery: Delivery, { retry }: Settlement): void {
    this.#lastError = retry?.reason ?? null;
    if (!retry) return;
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
    const { clock } = this.#modules;
    this.#lastError = lastError;
    this.#lastRetryTime = clock.now();
    this.#channelsAllowed = Infinity;
    if (this.#closing || this.#retry) return;
    const at = new Date(clock.now().getTime() + retryIntervalMs);
    const cancel = clock.at(at, `retry of queue ${this.identity}`, () => this.retryNow());
    this.#retry = { at, cancel };
  }

  /** There is no such next hop: whatever waits goes back to its senders at once. What is closing keeps it on disk. */
  #bounceAll(refusal: SmtpReply): void {
    if (this.#closing) return;
    this.#endRetry();
    this.#lastError = formatReply(refusal);
    this.#lastRetryTime = this.#modules.clock.now();
    for (const delivery of [...this.#ready.splice(0), ...this.#deferred.takeAll()]) {
      const recipients = delivery.recipients.map(() => ({ kind: "failed" as const, reply: refusal }));
      const outcome: AttemptOutcome = { kind: "answered", recipients };
      this.#tell(delivery, outcome, settle(delivery, outcome, this.#modules.clock.now()));
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
