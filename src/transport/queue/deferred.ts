import type { Clock } from "../../base/index.ts";
import type { Delivery } from "../mail-item.ts";

/** Deliveries that wait for a retry of their own, in lab time; one timer for all. */
export class Deferred {
  readonly #clock: Clock;
  readonly #name: string;
  readonly #onDue: (deliveries: Delivery[]) => void;
  #waiting: { delivery: Delivery; at: Date }[] = [];
  #cancel: (() => void) | undefined;

  /** @param name whose they are, for the clock's error messages */
  constructor(clock: Clock, name: string, onDue: (deliveries: Delivery[]) => void) {
    this.#clock = clock;
    this.#name = name;
    this.#onDue = onDue;
  }

  get deliveries(): Delivery[] {
    return this.#waiting.map(({ delivery }) => delivery);
  }

  get count(): number {
    return this.#waiting.length;
  }

  /** When the first of them is due. */
  get nextAt(): Date | undefined {
    return this.#waiting[0]?.at;
  }

  add(delivery: Delivery, at: Date): void {
    const before = this.#waiting.findLastIndex((other) => other.at <= at); // as a rule the last: all wait equally long
    this.#waiting.splice(before + 1, 0, { delivery, at });
    if (before < 0) this.stop();
    this.#arm();
  }

  /** Takes out those that are `wanted`. */
  take(wanted: (delivery: Delivery) => boolean): Delivery[] {
    const taken = this.#waiting.filter(({ delivery }) => wanted(delivery));
    if (taken.length === 0) return [];
    this.#waiting = this.#waiting.filter(({ delivery }) => !wanted(delivery));
    this.stop();
    this.#arm();
    return taken.map(({ delivery }) => delivery);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(): void {
    if (this.#cancel || !this.nextAt) return;
    this.#cancel = this.#clock.at(this.nextAt, `retry of messages in ${this.#name}`, () => {
      this.#cancel = undefined;
      const now = this.#clock.now();
      const due = this.#waiting.filter(({ at }) => at <= now);
      this.#waiting = this.#waiting.filter(({ at }) => at > now);
      this.#arm();
      this.#onDue(due.map(({ delivery }) => delivery));
    });
  }
}
