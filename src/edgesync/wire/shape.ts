/**
 * Reads a value of a known shape out of what came over the link, or throws `Unreadable`. Where in the message it was is
 * found out on the way back only: hundreds of thousands of values are read, and hardly one is wrong.
 */
export type Read<T> = (value: unknown) => T;

/** Something that came over the link has not the shape it must have. */
export class Unreadable extends Error {
  #place = "";
  readonly #wanted: string;

  constructor(wanted: string) {
    super();
    this.#wanted = wanted;
    this.#say();
  }

  /** It was there, in something larger. */
  within(place: string): this {
    this.#place = `${place}${this.#place === "" || this.#place.startsWith("[") ? "" : "."}${this.#place}`;
    this.#say();
    return this;
  }

  #say(): void {
    this.message = `${this.#place || "the message"} ${this.#wanted}`;
  }
}

/** Reads a part of something larger. */
export function readWithin<T>(place: string, read: Read<T>, value: unknown): T {
  try {
    return read(value);
  } catch (failure) {
    throw failure instanceof Unreadable ? failure.within(place) : failure;
  }
}

function fail(wanted: string): never {
  throw new Unreadable(`must be ${wanted}`);
}

/** Text of at most so many characters, and of a form where one is given. */
export const text =
  (longest: number, form?: RegExp): Read<string> =>
  (value) =>
    typeof value === "string" && value.length <= longest && (form?.test(value) ?? true)
      ? value
      : fail(`text of at most ${longest} characters${form ? ` like ${form.source}` : ""}`);

export const whole =
  (least = 0, most = Number.MAX_SAFE_INTEGER): Read<number> =>
  (value) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most
      ? value
      : fail(`a whole number from ${least} to ${most}`);

export const flag: Read<boolean> = (value) => (typeof value === "boolean" ? value : fail("true or false"));

/** An instant as `Date.toISOString` writes it. */
export const instant: Read<string> = (value) => {
  const time = typeof value === "string" ? new Date(value) : undefined;
  return typeof value === "string" && time && !Number.isNaN(time.getTime()) && time.toISOString() === value
    ? value
    : fail("an instant like 2008-05-12T10:00:00.000Z");
};

export const base64 = (longest: number): Read<string> => text(longest, /^[A-Za-z0-9+/]*={0,2}$/);

export const oneOf =
  <const T extends string | boolean>(...values: readonly T[]): Read<T> =>
  (value) =>
    values.find((one) => one === value) ?? fail(`one of ${values.join(", ")}`);

export const nothing: Read<null> = (value) => (value === null ? null : fail("null"));

/** Whatever it is. */
export const anything: Read<unknown> = (value) => value;

export const orNull =
  <T>(read: Read<T>): Read<T | null> =>
  (value) =>
    value === null ? null : read(value);

export const listOf =
  <T>(read: Read<T>, longest: number): Read<T[]> =>
  (value) => {
    if (!Array.isArray(value) || value.length > longest) return fail(`a list of at most ${longest}`);
    let index = 0;
    try {
      const list: T[] = [];
      for (; index < value.length; index++) list.push(read(value[index]));
      return list;
    } catch (failure) {
      throw failure instanceof Unreadable ? failure.within(`[${index}]`) : failure;
    }
  };

/** An object with exactly these fields. */
export const record = <T extends object>(fields: { readonly [K in keyof T]-?: Read<T[K]> }): Read<T> => {
  const readers = Object.entries<Read<unknown>>(fields);
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return fail("an object");
    for (const name in value) {
      if (!Object.hasOwn(fields, name)) throw new Unreadable(`must be without ${name.slice(0, 40)}`);
    }
    const given = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    let place = "";
    try {
      for (const [name, read] of readers) {
        place = name;
        result[name] = read(given[name]);
      }
    } catch (failure) {
      throw failure instanceof Unreadable ? failure.within(place) : failure;
    }
    return result as T;
  };
};

/** The JSON text's value in that shape; throws `Unreadable`. */
export function readJson<T>(json: string, read: Read<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return fail("JSON");
  }
  return read(value);
}
