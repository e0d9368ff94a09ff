import type { DirectoryObjects } from "./steps/define-step.ts";

/** What is otherwise in a directory than it was, by key. */
export interface DirectoryDifference {
  added: readonly DirectoryEntry[];
  changed: readonly { key: string; attributes: readonly { name: string; before: string; after: string }[] }[];
  removed: readonly DirectoryEntry[];
}

type DirectoryEntry = DirectoryObjects[number];

/** Compares two looks at one directory; keys and attributes come out in order. Pure. */
export function differenceOf(before: DirectoryObjects, after: DirectoryObjects): DirectoryDifference {
  const [old, current] = [byKey(before), byKey(after)];
  const changed = [...current.values()].flatMap(({ key, attributes }) => {
    const earlier = old.get(key);
    const differing = earlier ? attributesBetween(earlier.attributes, attributes) : [];
    return differing.length === 0 ? [] : [{ key, attributes: differing }];
  });
  return {
    added: [...current.values()].filter(({ key }) => !old.has(key)),
    changed,
    removed: [...old.values()].filter(({ key }) => !current.has(key)),
  };
}

const byKey = (objects: DirectoryObjects): Map<string, DirectoryEntry> =>
  new Map(objects.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map((entry) => [entry.key, entry]));

type Attributes = Readonly<Record<string, string>>;

const attributesBetween = (before: Attributes, after: Attributes): { name: string; before: string; after: string }[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .filter((name) => before[name] !== after[name])
    .map((name) => ({ name, before: before[name] ?? "", after: after[name] ?? "" }));

/** Keys of one sign that a report shows; a full synchronization may bring many thousands. */
const shownKeys = 100;
const shownLength = 60;

/** The difference as lines: `+`, `~` or `-` and the key, then its attributes, shortened. */
export function formatDifference({ added, changed, removed }: DirectoryDifference): string[] {
  return [
    ...section("+", added, ({ attributes }) =>
      Object.keys(attributes)
        .sort()
        .map((name) => `${name} ${shown(name, attributes[name] ?? "")}`),
    ),
    ...section("~", changed, ({ attributes }) =>
      attributes.map(({ name, before, after }) => `${name} ${shown(name, before)} -> ${shown(name, after)}`),
    ),
    ...section("-", removed, () => []),
  ];
}

function section<E extends { key: string }>(
  sign: string,
  entries: readonly E[],
  attributesOf: (entry: E) => string[],
): string[] {
  const more = entries.length - shownKeys;
  return [
    ...entries
      .slice(0, shownKeys)
      .flatMap((entry) => [`${sign} ${entry.key}`, ...attributesOf(entry).map((line) => `    ${line}`)]),
    ...(more > 0 ? [`${sign} … and ${more} more`] : []),
  ];
}

/** Reports are attached to tickets: what a password could be guessed from is not in them. */
function shown(name: string, json: string): string {
  if (/password|secret/i.test(name)) return "(not shown)";
  if (json === "") return "(none)";
  return json.length > shownLength ? `${json.slice(0, shownLength - 1)}…` : json;
}
