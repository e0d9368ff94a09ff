import { type DirectoryCookie, isSameCookie } from "../../directory/index.ts";

/**
 * When to try again after failures: each time twice as long after the last one, up to a limit, but at once when Active
 * Directory has changed. Ours: docs/fidelity.md#edgesync-schedule.
 */
export class Patience {
  readonly #firstMs: number;
  readonly #mostMs: number;
  #failed: { times: number; until: number; cookie: DirectoryCookie } | undefined;

  constructor(firstMs: number, mostMs: number) {
    this.#firstMs = firstMs;
    this.#mostMs = mostMs;
  }

  /** Whether it is too early to try again. */
  isWaiting(at: Date, cookie: DirectoryCookie): boolean {
    return this.#failed !== undefined && at.getTime() < this.#failed.until && isSameCookie(this.#failed.cookie, cookie);
  }

  failed(at: Date, cookie: DirectoryCookie): void {
    const times = Math.min((this.#failed?.times ?? 0) + 1, 20);
    const waitMs = Math.min(2 ** (times - 1) * this.#firstMs, this.#mostMs);
    this.#failed = { times, until: at.getTime() + waitMs, cookie };
  }

  succeeded(): void {
    this.#failed = undefined;
  }
}
