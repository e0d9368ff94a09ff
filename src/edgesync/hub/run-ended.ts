import type { SynchronizationResult } from "../results.ts";

/** A run, or one scope of it, that came to an early end, and why. */
export class RunEnded extends Error {
  readonly result: Exclude<SynchronizationResult["result"], "Success">;

  constructor(result: RunEnded["result"], details: string) {
    super(details);
    this.result = result;
  }
}
