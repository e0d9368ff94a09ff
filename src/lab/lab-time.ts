import type { Clock, Database, LabClock } from "../base/index.ts";
import type { ServerApi } from "./api.ts";
import { labTimePast } from "./errors-of-time.ts";

const key = "lab-time";
/** A server that dies is away for as long: what it has dated since then is not dated in the future. */
const keptEveryMs = 5 * 60_000;

/**
 * Lab time never goes back. A lab that is started again on what it had goes on where it ended, even if its file names an
 * earlier moment: otherwise its credentials and certificates would not be in force yet, and its queues be from tomorrow.
 */
export function resumedLabTime(database: Database, start: Date): Date {
  const kept = database.table("lab").get(key);
  const last = kept ? Date.parse(kept.toString()) : Number.NEGATIVE_INFINITY;
  return last > start.getTime() ? new Date(last) : start;
}

/**
 * Keeps lab time for the next start: with what has to have passed by then where this one is killed, and exactly where
 * `close` is called.
 */
export async function keepLabTime(database: Database, clock: Clock): Promise<{ close(): Promise<void> }> {
  const table = database.table("lab");
  const keep = (at: number): Promise<void> => table.putAlone(key, Buffer.from(new Date(at).toISOString()));
  const keepAhead = (): Promise<void> => keep(clock.now().getTime() + 2 * keptEveryMs);
  const stop = clock.every(keptEveryMs, "lab time is kept", () => keepAhead().catch(() => {})); // the queues will say so
  await keepAhead();
  return {
    async close() {
      stop();
      await keep(clock.now().getTime()).catch(() => {});
    },
  };
}

/** What cmdlets may ask of lab time, and do to it, on a server whose own clock is off by `skewMs`. */
export const labTimeApi = (labClock: LabClock, skewMs: number): Pick<ServerApi, "labTime" | "setLabTime"> => ({
  async labTime() {
    const lab = labClock.now();
    return { lab, server: new Date(lab.getTime() + skewMs) };
  },
  async setLabTime(to) {
    const now = labClock.now();
    if (to < now) throw labTimePast(to, now);
    await labClock.advance(to);
  },
});
