import { type Database, type LabClock, runningClock } from "../../base/index.ts";
import type { ServerApi } from "../api/index.ts";

const key = "lab-time";
/** A server that dies is away for as long at most: what it has dated since then is not dated in the future. */
const keptAheadMs = 10 * 60_000;

/**
 * Lab time never goes back. A lab that is started again on what it had goes on where it ended, even if its file names an
 * earlier moment: otherwise its credentials and certificates would not be in force yet, and its queues be from tomorrow.
 */
function resumedLabTime(database: Database, start: Date): Date {
  const kept = database.table("lab").get(key);
  const last = kept ? Date.parse(kept.toString()) : Number.NEGATIVE_INFINITY;
  return last > start.getTime() ? new Date(last) : start;
}

/**
 * Starts lab time, and keeps it for the next start: with what has to have passed by then where this one is killed, and
 * exactly where `close` is called. Before time is moved, it is kept to where: whoever is killed on the way was away as long.
 * A move is made in parts, and may end after any of them: that is written down a second later, once no other part has begun.
 */
export async function startLabTime(
  database: Database,
  start: Date,
): Promise<{ clock: LabClock; close(): Promise<void> }> {
  const table = database.table("lab");
  let kept = Number.NEGATIVE_INFINITY;
  let closed = false;
  let cancel = (): void => {};
  const keep = (at: number): Promise<void> => {
    kept = at;
    return table.putAlone(key, Buffer.from(new Date(at).toISOString())).catch(() => {}); // the queues will say so
  };
  const keepAhead = async (): Promise<void> => {
    const until = clock.now().getTime() + keptAheadMs;
    lookAgain();
    await keep(until);
  };
  const lookAgain = (): void => {
    cancel();
    if (closed) return;
    const now = clock.now().getTime();
    const tooFar = kept > now + keptAheadMs;
    cancel = clock.at(new Date(now + (tooFar ? 1000 : keptAheadMs / 2)), "lab time is kept", keepAhead);
  };
  const clock = runningClock(resumedLabTime(database, start), {
    async beforeMoving(to) {
      cancel();
      const until = to.getTime() + keptAheadMs;
      if (until > kept) await keep(until);
    },
    afterMoving: lookAgain,
  });
  await keepAhead();
  return {
    clock,
    async close() {
      closed = true;
      cancel();
      await keep(clock.now().getTime());
    },
  };
}

/** What cmdlets may ask of lab time, and do to it, on a server whose own clock is off by `skewMs`. */
export const labTimeApi = (labClock: LabClock, skewMs: number): Pick<ServerApi, "labTime" | "moveLabTime"> => ({
  async labTime() {
    const lab = labClock.now();
    return { lab, server: new Date(lab.getTime() + skewMs) };
  },
  async moveLabTime(to, forMs) {
    const due = await labClock.advance(to, forMs);
    return { lab: labClock.now(), due: due ?? null };
  },
});
