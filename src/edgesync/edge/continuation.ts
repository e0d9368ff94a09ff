import { type DirectoryCookie, type EdgeSyncPosition, isSameCookie } from "../../directory/index.ts";
import type { Batch, DeltaReach, FullReach, Sweep, Touch } from "../wire/wire.ts";

/** What an Edge server holds of one scope. */
export interface HeldPosition {
  position: EdgeSyncPosition | undefined;
  /** The USN of that position in ADAM itself. */
  usn: number;
}

/** By whom and when the next step is taken. */
export interface Taker {
  /** FQDN of the Hub. */
  hub: string;
  at: Date;
}

/** How what a Hub sends fits to what the Edge server holds. */
export type Continuation =
  | { kind: "next"; position: EdgeSyncPosition }
  /** It was done before. */
  | { kind: "repeated"; position: EdgeSyncPosition }
  | { kind: "gap"; why: string };

/**
 * Decides whether a batch goes on where ADAM has come to, and where it has come to after it. Pure.
 * Ours: docs/fidelity.md#edgesync-positions.
 */
export function continueWith(
  held: HeldPosition,
  batch: Pick<Batch, "scope" | "subscription" | "reach">,
  by: Taker,
): Continuation {
  const { reach, scope, subscription } = batch;
  if (held.position && subscription < held.position.subscription) {
    return gap(
      `it comes under the subscription of ${subscription}, and that of ${held.position.subscription} is in force`,
    );
  }
  return reach.kind === "delta"
    ? continueDelta(held.position, { scope, subscription }, reach, by)
    : continueFull(held, { scope, subscription }, reach, by);
}

type About = Pick<Batch, "scope" | "subscription">;

function continueDelta(
  position: EdgeSyncPosition | undefined,
  { scope, subscription }: About,
  { from, to }: DeltaReach,
  { at, hub }: Taker,
): Continuation {
  if (!position?.cookie) return gap(`${scope} was never synchronized: a full synchronization must come first`);
  if (position.subscription !== subscription) return gap("a new subscription begins with a full synchronization");
  if (position.full) return gap(`full synchronization ${position.generation} is under way`);
  if (to.invocationId !== from.invocationId || to.usn < from.usn) return gap("it goes backwards");
  if (isSameCookie(position.cookie, from)) return next({ ...position, cookie: to, at: at.toISOString(), by: hub });
  if (isSameCookie(position.cookie, to)) return { kind: "repeated", position };
  return gap(`it begins at ${words(from)}, and ADAM has come to ${words(position.cookie)}`);
}

function continueFull(
  { position, usn }: HeldPosition,
  { scope, subscription }: About,
  { generation, began, from, to }: FullReach,
  { at, hub }: Taker,
): Continuation {
  const taken = { scope, subscription, generation, at: at.toISOString(), by: hub };
  const cookie = position?.cookie ?? null;
  if (to < from) return gap("it goes backwards");
  if (from === 0 && generation === (position?.generation ?? 0) + 1) {
    return next({ ...taken, cookie, full: { cookie: began, after: to, oldUpTo: null } });
  }
  const { full } = position ?? {};
  if (!position || !full || position.generation !== generation || position.subscription !== subscription) {
    return gap(`full synchronization ${generation} is not under way`);
  }
  if (!isSameCookie(full.cookie, began))
    return gap(`full synchronization ${generation} began at ${words(full.cookie)}`);
  if (full.after === from)
    return next({ ...taken, cookie, full: { ...full, after: to, oldUpTo: full.oldUpTo ?? usn } });
  if (full.after === to) return { kind: "repeated", position };
  return gap(`it begins at USN ${from}, and full synchronization ${generation} has come to ${full.after}`);
}

/**
 * Decides whether a full synchronization may end.
 *
 * @returns the position while it is ending; `finished` makes of it what stands at the end
 */
export function continueSweep(held: HeldPosition, sweep: Sweep): Continuation {
  const { position } = held;
  const { generation, subscription, from } = sweep;
  if (!position || position.generation !== generation || position.subscription !== subscription) {
    return gap(`full synchronization ${generation} is not under way`);
  }
  if (!position.full) return { kind: "repeated", position };
  return position.full.after === from
    ? next(position)
    : gap(`it ends at USN ${from}, and full synchronization ${generation} has come to ${position.full.after}`);
}

/** A full synchronization is through: what changed since it began comes with the next delta. */
export const finished = (position: EdgeSyncPosition, { at, hub }: Taker): EdgeSyncPosition => ({
  ...position,
  cookie: position.full?.cookie ?? position.cookie,
  full: null,
  at: at.toISOString(),
  by: hub,
});

/** The positions after a touch; undefined where one of its scopes does not stand where the Hub thinks. */
export function continueTouch(
  positions: readonly EdgeSyncPosition[],
  { scopes }: Touch,
  by: Taker,
): EdgeSyncPosition[] | undefined {
  const after = scopes.map(({ scope, subscription, from, to }) =>
    continueDelta(
      positions.find((position) => position.scope === scope),
      { scope, subscription },
      { kind: "delta", from, to },
      by,
    ),
  );
  const taken = after.flatMap((one) => (one.kind === "next" ? [one.position] : []));
  return taken.length === scopes.length ? taken : undefined;
}

const next = (position: EdgeSyncPosition): Continuation => ({ kind: "next", position });
const gap = (why: string): Continuation => ({ kind: "gap", why });

const words = ({ invocationId, usn }: DirectoryCookie): string => `USN ${usn} of ${invocationId.slice(0, 8)}`;
