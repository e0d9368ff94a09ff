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
