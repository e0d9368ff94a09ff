import { formatValue } from "../show/format.ts";
import { netFormat } from "../show/net-format.ts";

/** A text or a list longer than that nobody needs: a line could else fill the memory of the lab's process. */
export const largestText = 10_000_000;
export const largestList = 1_000_000;

export const isTooLarge = (value: unknown): boolean =>
  typeof value === "string" ? value.length > largestText : Array.isArray(value) && value.length > largestList;

/**
 * Everything that a stream yields; throws what `tooLarge` makes when that is too much.
 *
 * @param values where it goes: whoever holds it has what came before the stream failed
 */
export async function gather(
  stream: AsyncIterable<unknown>,
  tooLarge: () => Error,
  values: unknown[] = [],
): Promise<unknown[]> {
  for await (const value of stream) {
    values.push(value);
    if (isTooLarge(values)) throw tooLarge();
  }
  return values;
}

/** What a pipeline that yielded `values` is worth: nothing, the only one, or all of them. */
export function collapse(values: readonly unknown[]): unknown {
  return values.length > 1 ? values : values.length === 1 ? values[0] : null;
}

/** What a value hands to a pipeline: an array one after the other, nothing for `$null`. */
export function itemsOf(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** Whether a value counts as true. Source: [about_Booleans]. */
export function truthy(value: unknown): boolean {
  if (!Array.isArray(value)) return Boolean(value);
  return value.length > 1 || (value.length === 1 && truthy(value[0]));
}

/** A value within a text in double quotes. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(" ");
  return isPlain(value)
    ? `@{${Object.entries(value)
        .map(([name, held]) => `${name}=${textOf(held)}`)
        .join("; ")}}`
    : formatValue(value);
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const partsOfDate: Readonly<Record<string, (date: Date) => unknown>> = {
  year: (date) => date.getUTCFullYear(),
  month: (date) => date.getUTCMonth() + 1,
  day: (date) => date.getUTCDate(),
  hour: (date) => date.getUTCHours(),
  minute: (date) => date.getUTCMinutes(),
  second: (date) => date.getUTCSeconds(),
  dayofweek: (date) => netFormat(date, "dddd"),
  dayofyear: (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0)) / 86_400_000) + 1,
  date: (date) => new Date(new Date(date).setUTCHours(0, 0, 0, 0)),
};

/**
 * A property of a value, whatever the case of its name; of each element for an array. Undefined where there is none.
 * Whatever is no array counts as one. Source: [about_Properties], of PowerShell 3.
 */
export function propertyOf(value: unknown, name: string): unknown {
  const own = ownProperty(value, name);
  return own === undefined && /^(?:count|length)$/i.test(name) ? itemsOf(value).length : own;
}

function ownProperty(value: unknown, name: string): unknown {
  const wanted = name.toLowerCase();
  if (value instanceof Date) return partsOfDate[wanted]?.(value);
  if (typeof value === "string") return wanted === "length" ? value.length : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) return propertyOfEach(value, name);
  const own = Object.keys(value).find((key) => key.toLowerCase() === wanted);
  return own === undefined ? undefined : ((value as Readonly<Record<string, unknown>>)[own] ?? null);
}

function propertyOfEach(values: readonly unknown[], name: string): unknown {
  if (/^(?:count|length)$/i.test(name)) return values.length;
  const held = values.map((value) => propertyOf(value, name)).filter((each) => each !== undefined);
  return held.length === 0 ? undefined : collapse(held.flat());
}

/** The names of a value's properties. */
export function propertiesOf(value: unknown): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap(propertiesOf))];
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}
