/** Reads a value of a known shape out of what came over the link, or fails with `Unreadable`. */
export type Read<T> = (value: unknown, place: string) => T;

/** Something that came over the link has not the shape it must have; the message says where and what. */
export class Unreadable extends Error {}

function fail(place: string, wanted: string): never {
  throw new Unreadable(`${place || "the message"} must be ${wanted}`);
}

/** Text of at most so many characters, and of a form where one is given. */
export const text =
  (longest: number, form?: RegExp): Read<string> =>
  (value, place) =>
    typeof value === "string" && value.length <= longest && (form?.test(value) ?? true)
      ? value
      : fail(place, `text of at most ${longest} characters${form ? ` like ${form.source}` : ""}`);

export const whole =
  (least = 0, most = Number.MAX_SAFE_INTEGER): Read<number> =>
  (value, place) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most
      ? value
      : fail(place, `a whole number from ${least} to ${most}`);

export const flag: Read<boolean> = (value, place) =>
  typeof value === "boolean" ? value : fail(place, "true or false");

/** An instant as `Date.toISOString` writes it. */
export const instant: Read<string> = (value, place) => {
  const time = typeof value === "string" ? new Date(value) : undefined;
  return time && !Number.isNaN(time.getTime()) && time.toISOString() === value
    ? value
    : fail(place, "an instant like 2008-05-12T10:00:00.000Z");
};

export const base64 = (longest: number): Read<string> => text(longest, /^[A-Za-z0-9+/]*={0,2}$/);

export const oneOf =
  <const T extends string | boolean>(...values: readonly T[]): Read<T> =>
  (value, place) =>
    values.find((one) => one === value) ?? fail(place, `one of ${values.join(", ")}`);

export const nothing: Read<null> = (value, place) => (value === null ? null : fail(place, "null"));

export const orNull =
  <T>(read: Read<T>): Read<T | null> =>
  (value, place) =>
    value === null ? null : read(value, place);

export const listOf =
  <T>(read: Read<T>, longest: number): Read<T[]> =>
  (value, place) =>
    Array.isArray(value) && value.length <= longest
      ? value.map((one: unknown, index) => read(one, `${place}[${index}]`))
      : fail(place, `a list of at most ${longest}`);

/** An object with exactly these fields. */
export const record =
  <T extends object>(fields: { readonly [K in keyof T]-?: Read<T[K]> }): Read<T> =>
  (value, place) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return fail(place, "an object");
    const names = Object.keys(fields) as (keyof T & string)[];
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
    if (unknown !== undefined) return fail(place, `without ${unknown.slice(0, 40)}`);
    const read = names.map((name) => [
      name,
      fields[name]((value as Record<string, unknown>)[name], place ? `${place}.${name}` : name),
    ]);
    return Object.fromEntries(read) as T;
  };

/** The JSON text's value in that shape; throws `Unreadable`. */
export function readJson<T>(json: string, read: Read<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return fail("", "JSON");
  }
  return read(value, "");
}
