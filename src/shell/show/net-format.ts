import { formatDate } from "../../commands/index.ts";
import { formatValue } from "./format.ts";

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];

/**
 * A value by one of .NET's format strings, of the culture en-US: `yyyy-MM-dd` for a date, `N2`, `D4`, `P0`, `X`, `0.00` for a number.
 * Undefined for one that is not known; whatever else has no formats is as it is shown. Source: [net-format-strings].
 */
export function netFormat(value: unknown, format: string): string | undefined {
  if (value instanceof Date) return dateFormats[format]?.(value) ?? customDate(value, format);
  return typeof value === "number" ? numberFormat(value, format) : formatValue(value);
}

/** No text that somebody looks at has more characters filled in. */
const longest = 1_000_000;

/** A text in which `{0}`, `{1,10}` and `{2:N2}` stand for values; undefined where it is none, or lacks a value. Source: [net-format-strings]. */
export function compositeFormat(text: string, values: readonly unknown[]): string | undefined {
  let left = longest;
  const made = text.replace(/\{\{|\}\}|\{(\d{1,4})(?:,\s*(-?\d{1,4}))?(?::([^{}]*))?\}|[{}]/g, (found, ...parts) => {
    if (found === "{{" || found === "}}") return found.charAt(0);
    const [place, width = "0", format = ""] = parts as (string | undefined)[];
    const shown = Number(place) < values.length ? shownBy(values[Number(place)], format) : undefined;
    left = shown === undefined ? -1 : left - shown.length - Math.abs(Number(width));
    if (shown === undefined || left < 0) return "";
    return Number(width) < 0 ? shown.padEnd(-Number(width)) : shown.padStart(Number(width));
  });
  return left < 0 ? undefined : made;
}

const shownBy = (value: unknown, format: string): string | undefined =>
  format === "" ? formatValue(value) : netFormat(value, format);

const dateFormats: Readonly<Record<string, (date: Date) => string>> = {
  d: (date) => customDate(date, "M/d/yyyy"),
  D: (date) => customDate(date, "dddd, MMMM d, yyyy"),
  g: (date) => customDate(date, "M/d/yyyy h:mm tt"),
  G: formatDate,
  o: (date) => customDate(date, "yyyy-MM-ddTHH:mm:ss.fff0000Z"),
  s: (date) => customDate(date, "yyyy-MM-ddTHH:mm:ss"),
  t: (date) => customDate(date, "h:mm tt"),
  T: (date) => customDate(date, "h:mm:ss tt"),
  u: (date) => customDate(date, "yyyy-MM-dd HH:mm:ssZ"),
};

/** Each letter as often as it is written says how; what is quoted or behind a backslash stands for itself. */
const customDate = (date: Date, format: string): string =>
  format.replace(/'([^']*)'|"([^"]*)"|\\(.)|yyyy|yy|M{1,4}|d{1,4}|HH?|hh?|mm?|ss?|f{1,3}|tt?/g, (sign, ...quoted) => {
    const text = (quoted as (string | undefined)[]).slice(0, 3).find((one) => one !== undefined);
    return text ?? partOf(date, sign);
  });

function partOf(date: Date, sign: string): string {
  const twelve = date.getUTCHours() % 12 || 12;
  const numbers: Readonly<Record<string, number>> = {
    M: date.getUTCMonth() + 1,
    d: date.getUTCDate(),
    H: date.getUTCHours(),
    h: twelve,
    m: date.getUTCMinutes(),
    s: date.getUTCSeconds(),
  };
  const letter = sign.charAt(0);
  const name = letter === "M" ? months[date.getUTCMonth()] : letter === "d" ? days[date.getUTCDay()] : undefined;
  if (name !== undefined && sign.length > 2) return sign.length === 3 ? name.slice(0, 3) : name;
  if (letter === "y") return String(date.getUTCFullYear()).padStart(4, "0").slice(-sign.length);
  if (letter === "f") return String(date.getUTCMilliseconds()).padStart(3, "0").slice(0, sign.length);
  if (letter === "t") return (date.getUTCHours() < 12 ? "AM" : "PM").slice(0, sign.length);
  return String(numbers[letter]).padStart(sign.length, "0");
}

function numberFormat(value: number, format: string): string | undefined {
  const [, letter = "", written] = /^([NFDXP])(\d{1,2})?$/i.exec(format) ?? [];
  const digits = written === undefined ? undefined : Number(written);
  const grouped = (number: number, places: number): string =>
    number.toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
  switch (letter.toUpperCase()) {
    case "N":
      return grouped(value, digits ?? 2);
    case "F":
      return value.toFixed(digits ?? 2);
    case "P":
      return `${grouped(value * 100, digits ?? 2)} %`;
    case "D":
    case "X":
      return Number.isInteger(value) ? wholeFormat(value, letter, digits ?? 0) : undefined;
    default:
      return zeros(value, format);
  }
}

function wholeFormat(value: number, letter: string, digits: number): string {
  const shown = Math.abs(value).toString(letter.toUpperCase() === "X" ? 16 : 10);
  const cased = letter === "X" ? shown.toUpperCase() : shown;
  return (value < 0 ? "-" : "") + cased.padStart(digits, "0");
}

/** `0.00`, `000`: as many digits as zeros. */
function zeros(value: number, format: string): string | undefined {
  const [, before, behind = ""] = /^(0{1,15})(?:\.(0{1,15}))?$/.exec(format) ?? [];
  if (before === undefined) return undefined;
  const shown = Math.abs(value).toFixed(behind.length);
  const width = before.length + (behind.length > 0 ? behind.length + 1 : 0);
  return (value < 0 ? "-" : "") + shown.padStart(width, "0");
}
