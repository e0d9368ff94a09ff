import type { Clock } from "../../base/index.ts";
import { type ReplicationScope, replicationScopes } from "../../directory/index.ts";
import type { EdgeSyncSchedule } from "../results.ts";

/**
 * Says by lab time what is due: each scope one interval after it was due last, counted from the start or from the last
 * reset. Source: [aa996383] intervals, from the start of the service, and from a synchronization that was started by hand.
 */
export class SyncTimer {
  readonly #clock: Clock;
  readonly #name: string;
  readonly #intervals: Readonly<Record<ReplicationScope, number>>;
  readonly #run: (due: readonly ReplicationScope[]) => Promise<void>;
  #dueAt: Record<ReplicationScope, number>;
  #cancel: (() => void) | undefined;
  #stopped = false;

  /** @param run never rejects */
  constructor(
    clock: Clock,
    name: string,
    schedule: EdgeSyncSchedule,
    run: (due: readonly ReplicationScope[]) => Promise<void>,
  ) {
    this.#clock = clock;
    this.#name = name;
    this.#run = run;
    this.#intervals = {
      Topology: schedule.topologyIntervalMs,
      Configuration: schedule.configurationIntervalMs,
      Recipients: schedule.recipientIntervalMs,
    };
    this.#dueAt = this.#fromNow();
    this.#arm();
  }

  /** Counts all intervals from now. */
  reset(): void {
    this.#dueAt = this.#fromNow();
    this.#arm();
  }

  /** When recipients are due next. */
  get nextShow(): Date {
    return new Date(this.#dueAt.Recipients);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #fromNow(): Record<ReplicationScope, number> {
    const now = this.#clock.now().getTime();
    const { Topology, Configuration, Recipients } = this.#intervals;
    return { Topology: now + Topology, Configuration: now + Configuration, Recipients: now + Recipients };
  }

  #arm(): void {
    this.#cancel?.();
    if (this.#stopped) return;
    const { Topology, Configuration, Recipients } = this.#dueAt;
    const at = new Date(Math.min(Topology, Configuration, Recipients));
    this.#cancel = this.#clock.at(at, this.#name, () => this.#fire());
  }

  async #fire(): Promise<void> {
    const now = this.#clock.now().getTime();
    // A running clock may be a millisecond early.
    const due = replicationScopes.filter((scope) => this.#dueAt[scope] <= now + 1);
    for (const scope of due) this.#dueAt[scope] = now + this.#intervals[scope];
    await this.#run(due);
    this.#arm();
  }
}
