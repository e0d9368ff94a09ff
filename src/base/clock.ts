import { setTimeout as startTimer, clearTimeout as stopTimer } from "node:timers";

/**
 * Lab time. Validity, schedules, retries, expiry and log times are lab time; socket time-outs, the tarpit and
 * `expect … within` are real time. Ours: design of the simulator, docs/adr/0002-lab-clock.md.
 */
export interface Clock {
  now(): Date;
  /** Runs `task` once when lab time reaches `time`; a time in the past means at once. Returns a function that cancels. */
  at(time: Date, name: string, task: () => void | Promise<void>): () => void;
  /** Runs `task` every `intervalMs` of lab time, the first time one interval from now. Returns a function that cancels. */
  every(intervalMs: number, name: string, task: () => void | Promise<void>): () => void;
  /** Says that work is under way until `promise` settles; `advance` and `quiet` wait for it. */
  busy<T>(name: string, promise: Promise<T>): Promise<T>;
  /** Resolves at a moment when nothing registered is unfinished; rejects after 30 real seconds without one. */
  quiet(): Promise<void>;
  /** Forgets everything that is due. Tasks already running go on. */
  stop(): void;
}

/** The clock of a lab, which its owner may move: running with real time from `start`, or held. */
export interface LabClock extends Clock {
  /**
   * Moves lab time to `to`, task by task: the earliest due task sets the time, runs, and everything busy finishes
   * before the next. A running clock stands meanwhile and runs on from `to`; a time that has passed changes nothing.
   * Fails after 30 real seconds without progress, naming what is busy.
   *
   * @param forMs of real time, after which it stops before the next task: lab time then stands, or runs on, at the moment
   *   that was reached, and nothing is half done. One task is always run. Default: as long as it takes
   * @returns the name of the next task, where it stopped short of `to`; else undefined
   */
  advance(to: Date, forMs?: number): Promise<string | undefined>;
}

/** Who hears of lab time being moved. */
export interface TimeKeeper {
  /** Is waited for before anything moves. */
  beforeMoving(to: Date): Promise<void>;
  /** It stands, or runs on, where it has got to. */
  afterMoving(): void;
}

interface Due {
  time: number;
  name: string;
  task: () => void | Promise<void>;
}

const patienceMs = 30_000;

/** Who is busy, what is due, and what time it is: standing at `#at`, or, while it runs, as far beyond as real time went. */
class OwnClock implements LabClock {
  readonly #busy = new Map<symbol, string>();
  #waiting: (() => void)[] = [];
  #due: Due[] = [];
  #at: number;
  /** Real time at which lab time was `#at`; undefined while the clock stands. */
  #runningSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #moving: Promise<unknown> = Promise.resolve();
  #stopped = false;

  readonly #keeper: TimeKeeper | undefined;

  constructor(start: Date, running: boolean, keeper?: TimeKeeper) {
    this.#at = start.getTime();
    this.#keeper = keeper;
    if (running) this.#runningSince = performance.now();
  }

  now(): Date {
    const elapsed = this.#runningSince === undefined ? 0 : performance.now() - this.#runningSince;
    return new Date(this.#at + elapsed);
  }

  at(time: Date, name: string, task: () => void | Promise<void>): () => void {
    const due: Due = { time: time.getTime(), name, task };
    const index = this.#due.findIndex((other) => other.time > due.time);
    this.#due.splice(index < 0 ? this.#due.length : index, 0, due);
    this.#rearm();
    return () => {
      this.#due = this.#due.filter((other) => other !== due);
      this.#rearm();
    };
  }

  every(intervalMs: number, name: string, task: () => void | Promise<void>): () => void {
    let cancelled = false;
    let cancel = (): void => {};
    const plan = (after: number): void => {
      cancel = this.at(new Date(after + intervalMs), name, async () => {
        const due = after + intervalMs;
        await task();
        if (!cancelled) plan(due);
      });
    };
    plan(this.now().getTime());
    return () => {
      cancelled = true;
      cancel();
    };
  }

  async busy<T>(name: string, promise: Promise<T>): Promise<T> {
    const token = Symbol(name);
    this.#busy.set(token, name);
    try {
      return await promise;
    } finally {
      this.#busy.delete(token);
      if (this.#busy.size === 0) this.#release();
    }
  }

  async quiet(): Promise<void> {
    // Work hands over to work across a turn of the loop (a socket event, a timer of zero): look twice.
    for (let calm = 0; calm < 2;) {
      if (this.#busy.size > 0) {
        calm = 0;
        await this.#settled();
      } else {
        calm++;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  advance(to: Date, forMs = Number.POSITIVE_INFINITY): Promise<string | undefined> {
    const moved = this.#moving.then(() => this.#advance(to.getTime(), forMs));
    this.#moving = moved.catch(() => {}); // whoever asked is told
    return moved;
  }

  stop(): void {
    this.#stopped = true;
    this.#due = [];
    this.#rearm();
  }

  async #advance(to: number, forMs: number): Promise<string | undefined> {
    if (to > this.now().getTime()) await this.#keeper?.beforeMoving(new Date(to));
    const until = performance.now() + forMs;
    const running = this.#runningSince !== undefined;
    this.#at = this.now().getTime();
    this.#runningSince = undefined;
    this.#rearm();
    try {
      await this.quiet();
      for (let next = this.#nextBy(to); next; next = this.#nextBy(to)) {
        this.#due.shift();
        this.#at = Math.max(this.#at, next.time);
        this.#run(next);
        await this.quiet();
        if (performance.now() >= until) break;
      }
      const left = this.#nextBy(to);
      // What was to happen on the way is forgotten once the clock has been stopped: it has not got there.
      if (!left && !this.#stopped) this.#at = Math.max(this.#at, to);
      return left?.name;
    } finally {
      if (running) this.#runningSince = performance.now();
      this.#rearm();
      this.#keeper?.afterMoving();
    }
  }

  #nextBy(to: number): Due | undefined {
    const next = this.#due[0];
    return next && next.time <= to ? next : undefined;
  }

  /** Sets the timer for what is due next, while the clock runs. */
  #rearm(): void {
    stopTimer(this.#timer);
    const next = this.#due[0];
    if (!next || this.#runningSince === undefined) return;
    const waitMs = Math.min(Math.max(0, next.time - this.now().getTime()), 2 ** 31 - 1);
    this.#timer = startTimer(() => {
      const at = this.now().getTime();
      // A timer may fire a little early by our own clock: what is due within a millisecond is due.
      while (this.#due[0] && this.#due[0].time <= at + 1) this.#run(this.#due.shift() as Due);
      this.#rearm();
    }, waitMs);
    this.#timer.unref();
  }

  #run(due: Due): void {
    const outcome = due.task();
    if (outcome instanceof Promise) void this.busy(due.name, outcome);
  }

  #settled(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = startTimer(() => {
        const names = [...new Set(this.#busy.values())].join(", ");
        reject(new Error(`No progress in ${patienceMs / 1000} s: still busy with ${names}`));
      }, patienceMs);
      this.#waiting.push(() => {
        stopTimer(timer);
        resolve();
      });
    });
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}

/** Lab time that follows real time from `start`; `keeper` hears of every `advance`. */
export const runningClock = (start: Date, keeper?: TimeKeeper): LabClock => new OwnClock(start, true, keeper);

/** Lab time that stands at `start` until somebody advances it. */
export const heldClock = (start: Date): LabClock => new OwnClock(start, false);

/**
 * What a machine shows whose clock is off by `byMs` from `clock` and goes at its pace. Whoever owns that one moves both;
 * stopping this one stops both. Ours: docs/adr/0015-clocks-of-servers.md.
 */
export function skewedClock(clock: Clock, byMs: number): Clock {
  if (byMs === 0) return clock;
  return {
    now: () => new Date(clock.now().getTime() + byMs),
    at: (time, name, task) => clock.at(new Date(time.getTime() - byMs), name, task),
    every: (intervalMs, name, task) => clock.every(intervalMs, name, task),
    busy: (name, promise) => clock.busy(name, promise),
    quiet: () => clock.quiet(),
    stop: () => clock.stop(),
  };
}
