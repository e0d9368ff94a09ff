import { netFormat } from "../show/net-format.ts";
import { calculate } from "./calculate.ts";
import { OperandRefused, toNumber } from "./compare.ts";
import { instantAt } from "./dates.ts";
import { largestText, textOf } from "./values.ts";

/** How many arguments a method takes at least and at most, and what it comes to; undefined where it cannot take them. */
type Method<T> = readonly [least: number, most: number, run: (value: T, given: readonly unknown[]) => unknown];

const added = (unitMs: number): Method<Date> => [
  1,
  1,
  (date, [count]) => instantAt(date.getTime() + toNumber(count) * unitMs),
];

const calendar = (months: number): Method<Date> => [
  1,
  1,
  (date, [count]) => {
    const wanted = date.getUTCMonth() + toNumber(count) * months;
    const moved = new Date(date);
    // The 31st of a month that has none is its last day.
    moved.setUTCMonth(wanted, 1);
    const days = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
    moved.setUTCDate(Math.min(date.getUTCDate(), days));
    return instantAt(moved.getTime());
  },
];

const toText: Method<unknown> = [
  0,
  1,
  (value, [format]) => (format === undefined ? textOf(value) : netFormat(value, textOf(format))),
];

const ofDates: Readonly<Record<string, Method<Date>>> = {
  AddYears: calendar(12),
  AddMonths: calendar(1),
  AddDays: added(24 * 3600_000),
  AddHours: added(3600_000),
  AddMinutes: added(60_000),
  AddSeconds: added(1000),
  Subtract: [1, 1, (date, [other]) => calculated(date, other)],
  // Ours: dates are UTC here.
  ToUniversalTime: [0, 0, (date) => date],
  ToLocalTime: [0, 0, (date) => date],
  ToShortDateString: [0, 0, (date) => netFormat(date, "d")],
};

/** Undefined where the operands do not go together. */
function calculated(date: Date, other: unknown): unknown {
  try {
    return calculate("-", date, other);
  } catch (failure) {
    if (failure instanceof OperandRefused) return undefined;
    throw failure;
  }
}

const ofTexts: Readonly<Record<string, Method<string>>> = {
  ToUpper: [0, 0, (text) => text.toUpperCase()],
  ToLower: [0, 0, (text) => text.toLowerCase()],
  Trim: [0, 0, (text) => text.trim()],
  TrimStart: [0, 0, (text) => text.trimStart()],
  TrimEnd: [0, 0, (text) => text.trimEnd()],
  StartsWith: [1, 1, (text, [part]) => text.startsWith(textOf(part))],
  EndsWith: [1, 1, (text, [part]) => text.endsWith(textOf(part))],
  Contains: [1, 1, (text, [part]) => text.includes(textOf(part))],
  IndexOf: [1, 1, (text, [part]) => text.indexOf(textOf(part))],
  Replace: [2, 2, (text, [part, by]) => replaced(text, textOf(part), textOf(by))],
  Split: [0, 1, (text, [by]) => splitAt(text, textOf(by))],
  Substring: [1, 2, (text, [from, length]) => part(text, toNumber(from), length)],
  PadLeft: [1, 1, (text, [width]) => padded(width, (to) => text.padStart(to))],
  PadRight: [1, 1, (text, [width]) => padded(width, (to) => text.padEnd(to))],
};

/** Undefined where nothing is to be replaced, or by too much. */
function replaced(text: string, part: string, by: string): string | undefined {
  const pieces = part === "" ? [] : text.split(part);
  const fits = pieces.length > 0 && pieces.length * by.length <= largestText;
  return fits ? pieces.join(by) : undefined;
}

/** At each of the characters; at blanks where none is given. */
function splitAt(text: string, by: string): string[] {
  const pieces = [""];
  for (const sign of text)
    if (by === "" ? /\s/.test(sign) : by.includes(sign)) pieces.push("");
    else pieces[pieces.length - 1] += sign;
  return pieces;
}

function part(text: string, from: number, length: unknown): string | undefined {
  const to = length === undefined ? text.length : from + toNumber(length);
  const fits = Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= text.length;
  return fits ? text.slice(from, to) : undefined;
}

function padded(width: unknown, pad: (to: number) => string): string | undefined {
  const to = toNumber(width);
  return to >= 0 && to <= 1000 ? pad(to) : undefined;
}

/** Ours: those that are used on dates and texts; objects have none. */
function tableOf(value: unknown): Readonly<Record<string, Method<never>>> {
  if (value === null || value === undefined) return {};
  if (value instanceof Date) return { ...ofDates, ToString: toText };
  return typeof value === "string" ? { ...ofTexts, ToString: toText } : { ToString: toText };
}

/** The methods that a value has here. */
export const methodsOf = (value: unknown): readonly string[] => Object.keys(tableOf(value));

/** What a value's methods are, and how many values each is given: `Substring(1 or 2)`. */
export const methodsTold = (value: unknown): string =>
  Object.entries(tableOf(value))
    .map(([name, [least, most]]) => `${name}(${most === 0 ? "" : least === most ? most : `${least} or ${most}`})`)
    .join(", ");

/** What a method comes to; undefined where the value has none of that name, or the method cannot take what it is given. */
export function invoke(value: unknown, name: string, given: readonly unknown[]): unknown {
  const found = Object.entries(tableOf(value)).find(([known]) => known.toLowerCase() === name.toLowerCase());
  if (!found) return undefined;
  const [least, most, run] = found[1];
  return given.length < least || given.length > most ? undefined : run(value as never, given);
}
