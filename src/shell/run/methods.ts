import { toNumber } from "./compare.ts";
import { textOf } from "./values.ts";

type Method<T> = (value: T, given: readonly unknown[]) => unknown;

const added =
  (unitMs: number): Method<Date> =>
  (date, [count]) =>
    instant(date.getTime() + toNumber(count) * unitMs);

const calendar =
  (years: number, months: number): Method<Date> =>
  (date, [count]) => {
    const wanted = date.getUTCMonth() + toNumber(count) * (months + 12 * years);
    const moved = new Date(date);
    // The 31st of a month that has none is its last day.
    moved.setUTCMonth(wanted, 1);
    const days = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
    moved.setUTCDate(Math.min(date.getUTCDate(), days));
    return instant(moved.getTime());
  };

/** Undefined for what is no instant. */
function instant(timeMs: number): Date | undefined {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const ofDates: Readonly<Record<string, Method<Date>>> = {
  AddYears: calendar(1, 0),
  AddMonths: calendar(0, 1),
  AddDays: added(24 * 3600_000),
  AddHours: added(3600_000),
  AddMinutes: added(60_000),
  AddSeconds: added(1000),
};

const ofTexts: Readonly<Record<string, Method<string>>> = {
  ToUpper: (text) => text.toUpperCase(),
  ToLower: (text) => text.toLowerCase(),
  Trim: (text) => text.trim(),
  StartsWith: (text, [part]) => text.startsWith(textOf(part)),
  EndsWith: (text, [part]) => text.endsWith(textOf(part)),
  Contains: (text, [part]) => text.includes(textOf(part)),
  Replace: (text, [part, by]) => replaced(text, textOf(part), textOf(by)),
  Split: (text, [by]) => text.split(textOf(by)),
};

/** Undefined where nothing is to be replaced, or by too much. */
function replaced(text: string, part: string, by: string): string | undefined {
  const pieces = part === "" ? [] : text.split(part);
  const fits = pieces.length > 0 && pieces.length * by.length <= 10_000_000;
  return fits ? pieces.join(by) : undefined;
}

const takesNothing = ["ToUpper", "ToLower", "Trim", "ToString"];

/** The methods that a value has here. Ours: those that are used on dates and texts; objects have none. */
export function methodsOf(value: unknown): readonly string[] {
  if (value instanceof Date) return [...Object.keys(ofDates), "ToString"];
  if (typeof value === "string") return [...Object.keys(ofTexts), "ToString"];
  return value === null || value === undefined ? [] : ["ToString"];
}

/** What a method comes to; undefined where the value has none of that name, or the method cannot take what it is given. */
export function invoke(value: unknown, name: string, given: readonly unknown[]): unknown {
  const method = methodsOf(value).find((known) => known.toLowerCase() === name.toLowerCase());
  const wanted = method === undefined || takesNothing.includes(method) ? 0 : method === "Replace" ? 2 : 1;
  if (method === undefined || given.length !== wanted) return undefined;
  if (method === "ToString") return textOf(value);
  return value instanceof Date ? ofDates[method]?.(value, given) : ofTexts[method]?.(value as string, given);
}
