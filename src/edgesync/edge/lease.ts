import type { Decision, Step } from "../../base/index.ts";
import type { EdgeSyncLease } from "../../directory/index.ts";
import type { EdgeSyncSchedule } from "../results.ts";

/** Who asks for the right to write to an Edge server's ADAM. */
export interface LeaseClaim {
  /** FQDN of the Hub. */
  hub: string;
  /** Whether somebody started it by hand. */
  manual: boolean;
}

export type LeaseAnswer = { kind: "granted"; lease: EdgeSyncLease } | { kind: "refused"; lease: EdgeSyncLease };

type Durations = Pick<EdgeSyncSchedule, "lockDurationMs" | "optionDurationMs" | "lockRenewalMs" | "topologyIntervalMs">;

/**
 * Decides whether a Hub may have the lock.
 *
 * A lock that holds is nobody else's, by hand or not. An option keeps other Hubs' scheduled runs away, until it expires
 * or its holder has failed to come for a lock's duration after it was due; a run that was started by hand takes it over.
 *
 * @param held undefined for nobody
 * @param at lab time, on the Edge server
 * @returns on refusal `lease` is what is held from now on: the holder is due within one topology interval, now that
 *   somebody waits for it
 * Source: [aa997438] lock, option and takeover, 2013 edition. Inferred: option after lock, and what a start by hand may
 *   (docs/fidelity.md#lease).
 */
export function decideLease(
  held: EdgeSyncLease | undefined,
  { hub, manual }: LeaseClaim,
  at: Date,
  durations: Durations,
): Decision<LeaseAnswer> {
  const steps: Step[] = [];
  const note = (place: string, text: string): void => void steps.push({ source: `aa997438#${place}`, text });
  const grant = (): Decision<LeaseAnswer> => ({
    outcome: { kind: "granted", lease: lockFor(hub, at, durations) },
    steps,
  });
  const refuse = (lease: EdgeSyncLease): Decision<LeaseAnswer> => ({ outcome: { kind: "refused", lease }, steps });

  if (!held) {
    note("lock", `nobody holds a lease: ${hub} has the lock`);
    return grant();
  }
  if (held.holder === hub) {
    note("lock", `${hub} holds the ${held.type.toLowerCase()} itself and has the lock`);
    return grant();
  }
  if (at > new Date(held.expires) || (held.type === "Lock" && !isInForce(held, at))) {
    note(
      "takeover",
      `the ${held.type.toLowerCase()} of ${held.holder} expired at ${held.expires}: ${hub} has the lock`,
    );
    return grant();
  }
  if (held.type === "Lock") {
    note("lock", `${held.holder} holds the lock until ${held.expires}`);
    return refuse(held);
  }
  if (manual) {
    note("option", `${held.holder} holds an option only, and this was started by hand: ${hub} has the lock`);
    return grant();
  }
  const overdueAt = new Date(Date.parse(held.due) + durations.lockDurationMs);
  if (at >= overdueAt) {
    note("takeover", `${held.holder} was due at ${held.due} and has not come: ${hub} has the lock`);
    return grant();
  }
  note("option", `${held.holder} holds an option until ${held.expires}, and was not due before ${held.due}`);
  const awaited = new Date(at.getTime() + durations.topologyIntervalMs).toISOString();
  return refuse(awaited < held.due ? { ...held, due: awaited } : held);
}

const lockFor = (hub: string, at: Date, { lockDurationMs }: Durations): EdgeSyncLease => {
  const expires = new Date(at.getTime() + lockDurationMs).toISOString();
  return { holder: hub, type: "Lock", expires, due: expires };
};

/** Whether a Hub may write: it holds the lock, and the lock has not expired. */
export const mayWrite = (held: EdgeSyncLease | undefined, hub: string, at: Date): boolean =>
  held?.holder === hub && held.type === "Lock" && isInForce(held, at);

const isInForce = ({ expires }: EdgeSyncLease, at: Date): boolean => at < new Date(expires);

/**
 * The lock renewed, for a Hub that writes; undefined while it was renewed a short time ago. Source: [aa997438], the
 * renewal of a lock, 2013 edition.
 */
export function renewedLock(held: EdgeSyncLease, at: Date, durations: Durations): EdgeSyncLease | undefined {
  const renewedAt = Date.parse(held.expires) - durations.lockDurationMs;
  return at.getTime() - renewedAt >= durations.lockRenewalMs ? lockFor(held.holder, at, durations) : undefined;
}

/**
 * What a Hub keeps when it has finished: the option to come again first.
 *
 * @param due when it means to come again
 * Source: [aa997438].
 */
export const optionFor = (hub: string, at: Date, due: Date, { optionDurationMs }: Durations): EdgeSyncLease => ({
  holder: hub,
  type: "Option",
  expires: new Date(at.getTime() + optionDurationMs).toISOString(),
  due: due.toISOString(),
});
