import { randomBytes } from "node:crypto";
import type { EdgeSyncCredential } from "../../directory/index.ts";

/** The name of the bootstrap account. Source: [bb266959], ESRA.<Edge server>. */
export const bootstrapUserName = (edge: string): string => `ESRA.${edge}`;

/** The name of the account of one Hub on one Edge server. Source: [bb266959]; Inferred: its first part. */
const durableUserName = (edge: string, hub: string, number: number): string => `ESRA.${edge}.${hub}.${number}`;

/** As long as Windows lets a password be. Source: [bb266959], random and of that length. */
const passwordLength = 127;

/** A password that no person ever types. */
export const randomPassword = (): string => randomBytes(96).toString("base64url").slice(0, passwordLength);

/** How long the bootstrap account lives, in minutes. Source: [bb266959], 24 hours. */
export const bootstrapMinutes = 1440;

const day = 86_400_000;

/** The lifetime that the offsets below are made for; a shorter one shortens them alike. */
const usualLifetimeMs = 30 * day;

/**
 * How long before an account expires its successor is made, tried, and used.
 * Source: [bb266959], seven days and three. Ours: when it is tried; shorter lifetimes have shorter offsets.
 */
export function renewalOffsets(lifetimeMs: number): { madeMs: number; triedMs: number; usedMs: number } {
  const share = Math.min(1, lifetimeMs / usualLifetimeMs);
  return { madeMs: 7 * day * share, triedMs: 5 * day * share, usedMs: 3 * day * share };
}

/** What one Hub has to do about its accounts on one Edge server. */
export interface CredentialPlan {
  /** The account to make. */
  make: { userName: string; effectiveTime: Date; expirationTime: Date } | undefined;
  /** Accounts whose time is over. */
  remove: readonly EdgeSyncCredential[];
  /** When to look again at the latest, if nothing changes. */
  again: Date | undefined;
}

/**
 * Plans the accounts of a Hub: the first one, and each time a successor before the last one expires.
 *
 * @param held the Hub's own copies of its credentials for this Edge server
 * @param names the two servers' names
 * @returns nothing to make for a Hub without the bootstrap credential: it was not there when the subscription was made
 * Source: [bb266959], which Hubs take part and how accounts are renewed.
 */
export function planCredentials(
  held: readonly EdgeSyncCredential[],
  names: { edge: string; hub: string },
  at: Date,
  lifetimeMs: number,
): CredentialPlan {
  if (!held.some(isBootstrap)) return { make: undefined, remove: [], again: undefined };
  const durable = held.filter((credential) => !isBootstrap(credential));
  const alive = durable.filter((credential) => !isExpired(credential, at));
  const remove = durable.filter((credential) => isExpired(credential, at));
  const last = alive.toSorted(byExpiry).at(-1);
  const number = 1 + Math.max(-1, ...durable.map(numberOf));
  const userName = durableUserName(names.edge, names.hub, number);
  if (!last) return { make: lifeOf(userName, at, lifetimeMs), remove, again: at };

  const { madeMs, usedMs } = renewalOffsets(lifetimeMs);
  const expiry = Date.parse(last.expirationTime);
  if (at.getTime() >= expiry - madeMs) {
    return { make: lifeOf(userName, new Date(expiry - usedMs), lifetimeMs), remove, again: at };
  }
  const firstExpiry = Math.min(...alive.map(({ expirationTime }) => Date.parse(expirationTime)));
  return { make: undefined, remove, again: new Date(Math.min(expiry - madeMs, firstExpiry)) };
}

const lifeOf = (userName: string, from: Date, lifetimeMs: number): NonNullable<CredentialPlan["make"]> => ({
  userName,
  effectiveTime: from,
  expirationTime: new Date(from.getTime() + lifetimeMs),
});

/**
 * The credentials that a Hub may log on with now, in the order in which to try them: the newest of its own first, the
 * bootstrap credential last, for an Edge server that does not know the others yet. Source: [bb266959].
 */
export const usableCredentials = (held: readonly EdgeSyncCredential[], at: Date): readonly EdgeSyncCredential[] =>
  held
    .filter((credential) => !isExpired(credential, at) && at >= new Date(credential.effectiveTime))
    .toSorted(
      (a, b) =>
        Number(isBootstrap(a)) - Number(isBootstrap(b)) || Date.parse(b.effectiveTime) - Date.parse(a.effectiveTime),
    );

/** The successors that are to be tried, before anything depends on them. Source: [ff360303], 2010 edition. */
export const successorsToTry = (
  held: readonly EdgeSyncCredential[],
  at: Date,
  lifetimeMs: number,
): readonly EdgeSyncCredential[] => {
  const { triedMs, usedMs } = renewalOffsets(lifetimeMs);
  return held.filter(({ effectiveTime }) => {
    const effective = Date.parse(effectiveTime);
    return at.getTime() < effective && at.getTime() >= effective - (triedMs - usedMs);
  });
};

export const isBootstrap = ({ sourceServerFqdn }: Pick<EdgeSyncCredential, "sourceServerFqdn">): boolean =>
  sourceServerFqdn === null;

const isExpired = ({ expirationTime }: EdgeSyncCredential, at: Date): boolean => at >= new Date(expirationTime);

const byExpiry = (a: EdgeSyncCredential, b: EdgeSyncCredential): number =>
  Date.parse(a.expirationTime) - Date.parse(b.expirationTime);

const numberOf = ({ userName }: EdgeSyncCredential): number => Number(/\.(\d+)$/.exec(userName)?.[1] ?? -1);
