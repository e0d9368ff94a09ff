import { setTimeout as startTimer, clearTimeout as stopTimer } from "node:timers";
import type { Channel } from "../mail-item.ts";

/** An open channel of a queue. */
export interface Line {
  channel: Channel;
  /** Whether it has taken a delivery: if it breaks after that, it was stale, and a new one is tried at once. */
  used: boolean;
}

/** Channels with nothing to do, each kept for a while for the next message. The while is real time, as sockets are. */
export class IdleLines {
  readonly #lines: { line: Line; timer: NodeJS.Timeout }[] = [];
  readonly #keepMs: number;
  readonly #onExpired: (line: Line) => void;

  constructor(keepMs: number, onExpired: (line: Line) => void) {
    this.#keepMs = keepMs;
    this.#onExpired = onExpired;
  }

  get count(): number {
    return this.#lines.length;
  }

  keep(line: Line): void {
    const timer = startTimer(() => {
      this.#lines.splice(
        this.#lines.findIndex((held) => held.line === line),
        1,
      );
      this.#onExpired(line);
    }, this.#keepMs);
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
