import { randomUUID } from "node:crypto";

/** .NET ticks (100 ns since 0001-01-01) of an instant. */
const ticksOf = (at: Date): bigint => 621_355_968_000_000_000n + BigInt(at.getTime()) * 10_000n;

/**
 * Makes the session ids of one server: 16 upper-case hex digits, counting up by one from the moment of its start
 * in .NET ticks; Send and Receive sessions share the counter.
 *
 * Inferred: from sixteen ids in published logs, each of which decodes to a moment shortly before its rows
 * (docs/fidelity.md#session-ids).
 */
export function sessionIds(startedAt: Date): () => string {
  let next = ticksOf(startedAt);
  return () => (next++).toString(16).toUpperCase().padStart(16, "0");
}

/** An Internet message id of `fqdn`, with its angle brackets. */
export const newMessageId = (fqdn: string): string => `<${randomUUID()}@${fqdn}>`;

/** An id for things that are never shown in a golden log: folders, tokens, GUIDs. */
export const newGuid = (): string => randomUUID();
