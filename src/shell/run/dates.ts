import { readDate } from "../bind/read-date.ts";

/** A date, or the one that a text says; undefined for anything else. */
export const dateOf = (value: unknown): Date | undefined =>
  value instanceof Date ? value : typeof value === "string" ? readDate(value) : undefined;

/** Undefined for what is no instant: NaN, or too far away. */
export function instantAt(timeMs: number): Date | undefined {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
