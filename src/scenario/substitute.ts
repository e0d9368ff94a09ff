/** `${name}` in a text. */
const placeholder = /\$\{([A-Za-z][\w-]*)\}/g;

/** Every `${name}` in the texts of a value, with where it stands. */
export function namesIn(
  value: unknown,
  path: readonly (string | number)[] = [],
): { name: string; path: (string | number)[] }[] {
  if (typeof value === "string")
    return [...value.matchAll(placeholder)].map((match) => ({ name: match[1] as string, path: [...path] }));
  if (Array.isArray(value)) return value.flatMap((item, index) => namesIn(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => namesIn(item, [...path, key]));
}

/** The value with each `${name}` replaced by what was remembered; what nobody remembers stays as it is. */
export function substitute(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return value.replace(placeholder, (whole, name: string) => values.get(name) ?? whole);
  if (Array.isArray(value)) return value.map((item) => substitute(item, values));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substitute(item, values)]));
}
