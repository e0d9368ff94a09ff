import { clearTimeout as stopTimer, setTimeout as startTimer } from "node:timers";

/** Runs what it is given one after the other, in the order it came; what failed does not stop the next. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined); // whoever asked is told
    return turn;
  }

  /** Resolves when nothing is under way that was there before. */
  async idle(): Promise<void> {
    await this.#last;
  }
}

/** Waits until some work is done, whatever comes of it, but at most so long of real time. */
export function within(patienceMs: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = startTimer(resolve, patienceMs);
    void work
      .catch(() => undefined)
      .then(() => {
        stopTimer(timer);
        resolve();
      });
  });
}
