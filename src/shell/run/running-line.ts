import { setImmediate } from "node:timers/promises";
import { lineInterrupted } from "../errors.ts";

/** After how many steps the rest of the process gets its turn. */
const turn = 1000;

/** A line while it runs: between two of its steps it can be stopped, and the lab lives in the same process. */
export class RunningLine {
  /** Aborted when the line is to stop. */
  readonly signal: AbortSignal;
  #steps = 0;

  constructor(signal = new AbortController().signal) {
    this.signal = signal;
  }

  /** Is waited for before each statement, of which a block may have very many, and each object. Rejects SHELL_INTERRUPTED. */
  async step(): Promise<void> {
    if (++this.#steps % turn === 0) await setImmediate();
    if (this.signal.aborted) throw lineInterrupted();
  }
}
