import { setTimeout as startTimer, clearTimeout as stopTimer } from "node:timers";
import type { Channel } from "../mail-item.ts";

/** An open channel of a queue. */
export interface Line {
  channel: Channel;
  /** How many deliveries it has taken: if it breaks after one, it was stale, and a new one is tried at once. */
  served: number;
}

/** Channels with nothing to do, each kept for a while for the next message. The while is real time, as sockets are. */
export class IdleLines {
  readonly #lines: { line: Line; timer: NodeJS.Timeout }[] = [];
  readonly #onExpired: (line: Line) => void;

  constructor(onExpired: (line: Line) => void) {
    this.#onExpired = onExpired;
  }

  get count(): number {
    return this.#lines.length;
  }

  keep(line: Line, keepMs: number): void {
    const timer = startTimer(() => {
      this.#lines.splice(
        this.#lines.findIndex((held) => held.line === line),
        1,
      );
      this.#onExpired(line);
    }, keepMs);
    timer.unref();
    this.#lines.push({ line, timer });
  }

  /** The one that has been idle for the shortest time. */
  take(): Line | undefined {
    const held = this.#lines.pop();
    stopTimer(held?.timer);
    return held?.line;
  }
}
