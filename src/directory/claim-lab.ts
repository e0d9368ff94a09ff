import { clearInterval, setInterval, setTimeout } from "node:timers";
import { newGuid, type RedisConnection } from "../base/index.ts";
import { labAlreadyRunning } from "./errors.ts";
import { claimScript, releaseScript } from "./redis-scripts.ts";
import { labPrefix } from "./redis-store.ts";

const lifetimeMs = 10_000;
const renewEveryMs = 3_000;
const releaseWithinMs = 1_000;

/**
 * Takes the name of a lab for ourselves on this Redis, and keeps it until it is given back; the dead lose it after ten
 * seconds. Ours: design of the simulator.
 *
 * @param who whom a second claimant is told about: `laptop, process 4711`
 * @returns a function that gives the name back. Throws LAB_ALREADY_RUNNING.
 */
export async function claimLab(connection: RedisConnection, lab: string, who: string): Promise<() => Promise<void>> {
  const key = `${labPrefix(lab)}owner`;
  const owner = `${who} (${newGuid()})`;
  const claim = async (): Promise<void> => {
    const reply = await connection.evaluate(claimScript, [key], [owner, lifetimeMs]);
    const [other, expiresInMs] = Array.isArray(reply) ? reply : [];
    if (other !== undefined)
      throw labAlreadyRunning(
        lab,
        nameOf(String(other)),
        `${connection.server} at ${connection.address}`,
        Number(expiresInMs),
      );
  };
  await claim();
  // A renewal that fails is made good by the next; the name that somebody took while Redis was away stays theirs.
  const timer = setInterval(() => void claim().catch(() => {}), renewEveryMs).unref();
  return async () => {
    clearInterval(timer);
    const released = connection.evaluate(releaseScript, [key], [owner]).catch(() => {});
    await Promise.race([released, patience()]); // a server that has frozen keeps nobody from leaving
  };
}

const patience = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, releaseWithinMs).unref());

const nameOf = (owner: string): string => owner.replace(/ \([^)]*\)$/, "");
