import { z } from "zod";
import { nearestOf } from "../base/index.ts";
import { type Finding, quoted } from "./problem.ts";

type Path = readonly (string | number)[];
type Issue = z.core.$ZodIssue;

/**
 * What a schema has against a value, in our words: what was found and what is wanted, at the key where it stands.
 * A misspelt key gets the nearest known one; of a choice between several shapes, the one that was meant is explained.
 */
export function explain(schema: z.ZodType, value: unknown, issues: readonly Issue[], path: Path = []): Finding[] {
  const known = issues.filter((issue) => !isEcho(issue, issues, value));
  return known.flatMap((issue) => explainIssue(schema, value, issue, path));
}

function explainIssue(schema: z.ZodType, value: unknown, issue: Issue, base: Path): Finding[] {
  const path: Path = [...base, ...issue.path.map((key) => (typeof key === "number" ? key : String(key)))];
  const found = valueAt(value, issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, path, keysOf(meantOf(optionsAt(schema, issue.path), found))));
    case "invalid_union":
      return explainUnion(optionsAt(schema, issue.path), found, issue.errors, path);
    case "invalid_key":
      return [
        {
          path,
          part: "key",
          text: `found ${quoted(String(path.at(-1)))}, wanted ${wordsOf(issue.issues[0])}`,
          remedy: "Rename it",
        },
      ];
    default:
      return [found === undefined ? missing(path, issue) : wrong(path, found, wordsOf(issue), meantBy(found, issue))];
  }
}

const wrong = (path: Path, found: unknown, wanted: string, meant = wanted): Finding => ({
  path,
  part: "value",
  text: `found ${describe(found)}, wanted ${wanted}`,
  remedy: `Write ${meant}`,
});

/** The one of several words that was probably meant. */
const meantBy = (found: unknown, issue: Issue): string | undefined =>
  issue.code === "invalid_value" && typeof found === "string" ? nearestOf(found, issue.values.map(String)) : undefined;

/** The mapping that lacks the key is where the eye should go: there is no other place. */
const missing = (path: Path, issue: Issue): Finding => ({
  path,
  part: "value",
  text: `found nothing, wanted ${wordsOf(issue)}`,
  remedy: `Add ${path.at(-1) ?? "it"}: ${wordsOf(issue)}`,
});

function unknownKey(key: string, path: Path, known: readonly string[]): Finding {
  const near = nearestOf(key, known);
  return {
    path: [...path, key],
    part: "key",
    text: `found the unknown key ${quoted(key)}, wanted ${near ? `"${near}"` : `one of ${known.join(", ")}`}`,
    remedy: near ? `Write ${near} instead of it` : "Remove it",
  };
}

/**
 * Of several shapes the one is meant whose first key is there: that key tells shapes apart here. Where the shapes are
 * no mappings, their kinds are told apart by what the value is.
 */
function explainUnion(
  options: readonly z.ZodType[],
  found: unknown,
  errors: readonly Issue[][],
  path: Path,
): Finding[] {
  const leading = options.map((option) => keysOf([option])[0]);
  if (!isMapping(found) || leading.includes(undefined)) {
    const meant = options.findIndex((option) => sameKind(option, found));
    if (meant >= 0) return explain(options[meant] as z.ZodType, found, errors[meant] ?? [], path);
    const wanted = leading.includes(undefined)
      ? [...new Set(options.map(kindOf))]
      : [`a mapping with one of ${leading.join(", ")}`];
    return [wrong(path, found, wanted.join(" or "))];
  }
  const words = leading.filter((key) => key !== undefined);
  const present = words.filter((key) => Object.hasOwn(found, key));
  if (present.length > 1) return [severalAtOnce(present, path)];
  if (present.length === 0) return explainNone(words, Object.keys(found), keysOf(options), path);
  const meant = leading.indexOf(present[0]);
  return explain(options[meant] as z.ZodType, found, errors[meant] ?? [], path);
}

/** Of several shapes those whose first key is there; all, where none is. */
function meantOf(options: readonly z.ZodType[], found: unknown): readonly z.ZodType[] {
  const meant = options.filter((option) => isMapping(found) && Object.hasOwn(found, keysOf([option])[0] ?? ""));
  return meant.length > 0 ? meant : options;
}

const severalAtOnce = (present: readonly string[], path: Path): Finding => ({
  path: [...path, present[1] as string],
  part: "key",
  text: `found ${present.join(" and ")} in one, wanted one of them`,
  remedy: "Make two steps of it",
});

function explainNone(
  words: readonly string[],
  keys: readonly string[],
  known: readonly string[],
  path: Path,
): Finding[] {
  const unknown = keys.filter((key) => !known.includes(key));
  const misspelt = unknown.find((key) => nearestOf(key, words) !== undefined) ?? unknown[0];
  if (misspelt !== undefined) return [unknownKey(misspelt, path, words)];
  return [{ path, part: "value", text: `found none of ${words.join(", ")}, wanted one`, remedy: "Add one of them" }];
}

/** A strict mapping reports a second leading key as unknown, too; one message about it is enough. */
const isEcho = (issue: Issue, issues: readonly Issue[], value: unknown): boolean =>
  issue.code === "invalid_type" &&
  issues.some(
    (other) =>
      other.code === "unrecognized_keys" &&
      other.path.join() === issue.path.slice(0, -1).join() &&
      valueAt(value, issue.path) === undefined &&
      other.keys.some((key) => nearestOf(key, [String(issue.path.at(-1))]) !== undefined),
  );

/** What an issue asks for. Our own schemas say it in their error text; the rest is told by its code. */
function wordsOf(issue: Issue | undefined): string {
  switch (issue?.code) {
    case "invalid_type":
      return typeWords[issue.expected] ?? (issue.message.startsWith("Invalid") ? issue.expected : issue.message);
    case "invalid_value":
      // A long list helps nobody: its name does, and the nearest word beside it.
      if (issue.values.length > 12 && !issue.message.startsWith("Invalid")) return issue.message;
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.map(String).join(", ")}`;
    default:
      return issue?.message ?? "something else";
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

/** A value as a person would recognize it in the file. */
function describe(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object") return "a mapping";
  return typeof value === "string" ? quoted(value) : String(value);
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

/** The schemas that may stand at `path`: several where a choice lies on the way. */
function optionsAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType[] {
  return path
    .reduce<z.ZodType[]>((here, key) => here.flatMap(unfold).flatMap((one) => childOf(one, key)), [schema])
    .flatMap(unfold);
}

/** Without what is wrapped around it; a choice becomes its options. */
function unfold(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => unfold(option as z.ZodType));
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return unfold(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) return unfold(schema.in as z.ZodType);
  return [schema];
}

function childOf(schema: z.ZodType, key: PropertyKey): z.ZodType[] {
  if (schema instanceof z.ZodObject) return key in schema.shape ? [schema.shape[String(key)] as z.ZodType] : [];
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType];
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType];
  return [];
}

const keysOf = (schemas: readonly z.ZodType[]): string[] => [
  ...new Set(schemas.flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []))),
];

function sameKind(schema: z.ZodType, value: unknown): boolean {
  if (schema instanceof z.ZodArray) return Array.isArray(value);
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return isMapping(value);
  if (schema instanceof z.ZodBoolean) return typeof value === "boolean";
  return (schema instanceof z.ZodString || schema instanceof z.ZodEnum) && typeof value === "string";
}

function kindOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodArray) return "a list";
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return "a mapping";
  return schema instanceof z.ZodBoolean ? "true or false" : "text";
}
