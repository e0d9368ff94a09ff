import { formatBytes, formatTimeSpan, LabError, nearestOf, parseBytes, parseDuration } from "../../base/index.ts";
import { type ParameterSpec, type ParameterValue, SecureString } from "../../commands/index.ts";
import { ScriptBlock } from "../run/script-block.ts";
import { TimeSpan } from "../run/time-span.ts";
import { readDate } from "./read-date.ts";

/** A value that cannot be taken: what is wanted instead, and which of several it is. */
interface Refusal {
  refused: unknown;
  /** What was found, in words, where it must not be repeated. */
  found?: string;
  place?: number;
  wanted: string;
  remedy?: string;
  /** What to write behind the parameter's name. */
  instead?: string;
}

export type Converted = { value: ParameterValue } | Refusal;

/**
 * Makes of a value what `spec` declares: bytes, milliseconds, the enumeration's own spelling.
 * As in PowerShell, what was in quotes and what was not is read alike; unlike it, a Boolean is `$true` or `$false`
 * and nothing else.
 */
export function convert(spec: ParameterSpec, value: unknown): Converted {
  switch (spec.type) {
    case "stringList":
      if (spec.nullable === true && value === null) return { value: [] };
      return convertEach(itemsOf(value), (item) => convertText(spec, item));
    case "enumList":
      return convertEach(splitFlags(value), (item) => convertMember(spec, item));
    case "enum":
      return convertMember(spec, value);
    case "switch":
    case "boolean":
      return typeof value === "boolean" ? { value } : refusal(spec, value);
    case "string":
      return spec.nullable === true && value === null ? { value } : convertLine(spec, value);
    case "integer":
    case "byteSize":
    case "duration":
      return convertNumber(spec, value);
    case "dateTime":
      return convertDate(spec, value);
    case "secureString":
      return value instanceof SecureString ? { value } : secretRefused(spec, value);
    case "scriptBlock":
      return value instanceof ScriptBlock ? { value } : refusal(spec, value);
    case "object":
      return isObject(value) ? { value } : refusal(spec, value);
    case "propertyList":
      return convertEach(itemsOf(value), (item) =>
        isObject(item) ? { value: item } : convertText({ type: "string" }, item),
      );
    case "any":
      // Whatever the language can hold is taken as it is.
      return { value: value as ParameterValue };
  }
}

/** What to write for a parameter of that kind. */
export function wantedFor(spec: Kind): string {
  switch (spec.type) {
    case "string":
      return `a text${lengthOf(spec)}${orNull(spec)}`;
    case "stringList":
      return `one text or several joined by commas${orNull(spec)}`;
    case "switch":
    case "boolean":
      return "$true or $false";
    case "integer":
      return `a whole number${rangeOf(spec, String)}`;
    case "byteSize":
      return `a size like 512, 64KB or 10MB${rangeOf(spec, formatBytes)}`;
    case "duration":
      return `a time span like 00:05:00, 10s or 4h${rangeOf(spec, formatTimeSpan)}`;
    case "dateTime":
      return "a date and time like 2008-05-12T10:00:00Z or '5/12/2008 10:00 AM'";
    case "secureString":
      return "a secure string";
    case "scriptBlock":
      return "a block like { $_.Name -eq 'x' }";
    case "object":
      return "an object, as a cmdlet yields it";
    case "propertyList":
      return "one property or several joined by commas";
    case "any":
      return "a value";
    case "enum":
      return `one of ${spec.values.join(", ")}`;
    case "enumList":
      return `one or several of ${spec.values.join(", ")}`;
  }
}

/** A declaration without what people are told about it. */
type Kind = ParameterSpec extends infer S ? (S extends ParameterSpec ? Omit<S, "help"> : never) : never;

const refusal = (spec: Kind, refused: unknown): Refusal => ({ refused, wanted: wantedFor(spec) });

const secretRefused = (spec: Kind, value: unknown): Refusal => ({
  ...refusal(spec, value),
  // What may be a password is not repeated.
  ...(typeof value === "string" && { found: "a text" }),
  remedy: "Write (ConvertTo-SecureString 'the password' -AsPlainText -Force), or (Read-Host -AsSecureString)",
});

const orNull = ({ nullable }: { nullable?: boolean }): string => (nullable === true ? ", or $null" : "");

const lengthOf = ({ length }: { length?: readonly [number, number] }): string =>
  length === undefined ? "" : ` of ${length[0]} to ${length[1]} characters`;

function rangeOf(range: { min?: number; max?: number }, format: (value: number) => string): string {
  if (range.min !== undefined && range.max !== undefined) return ` from ${format(range.min)} to ${format(range.max)}`;
  return range.min === undefined || range.min === 0 ? "" : ` of at least ${format(range.min)}`;
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.flat() : [value]);

type One = { value: string | object } | Refusal;

function convertEach(items: readonly unknown[], one: (item: unknown) => One): Converted {
  const made: (string | object)[] = [];
  for (const [place, item] of items.entries()) {
    const converted = one(item);
    if ("refused" in converted) return { ...converted, place };
    made.push(converted.value);
  }
  return { value: [...new Set(made)] };
}

/** A number is as good as a text. */
function convertText(spec: Kind, value: unknown): { value: string } | Refusal {
  return typeof value === "string" || typeof value === "number" ? { value: String(value) } : refusal(spec, value);
}

type Spec<T extends ParameterSpec["type"]> = Extract<Kind, { type: T }>;

function convertLine(spec: Spec<"string">, value: unknown): Converted {
  const converted = convertText(spec, value);
  if ("refused" in converted || spec.length === undefined) return converted;
  const [least, most] = spec.length;
  // A name of blanks is none.
  const fits = converted.value.trim().length >= least && converted.value.length <= most;
  return fits ? converted : refusal(spec, value);
}

/** .NET reads several flags from one text: `"Tls, BasicAuth"`. */
const splitFlags = (value: unknown): readonly unknown[] =>
  itemsOf(value).flatMap((item) => (typeof item === "string" ? item.split(",").map((part) => part.trim()) : [item]));

function convertMember(spec: Spec<"enum" | "enumList">, value: unknown): { value: string } | Refusal {
  const wanted = `one of ${spec.values.join(", ")}`;
  if (typeof value !== "string") return { refused: value, wanted };
  const member = spec.values.find((name) => name.toLowerCase() === value.toLowerCase());
  if (member !== undefined) return { value: member };
  const near = nearestOf(value, spec.values);
  return { refused: value, wanted, ...(near === undefined ? {} : { remedy: `Did you mean ${near}?` }) };
}

function convertNumber(spec: Spec<"integer" | "byteSize" | "duration">, value: unknown): Converted {
  const given = spec.type === "duration" && value instanceof TimeSpan ? String(value) : value;
  const number = typeof given === "number" ? wholeNumber(spec, given) : readNumber(spec, given);
  if (number === undefined || number < (spec.min ?? 0) || number > (spec.max ?? Number.MAX_SAFE_INTEGER))
    return { ...refusal(spec, value), ...(spec.type === "duration" && withUnits(spec, value)) };
  return { value: number };
}

/** What a bare number may have meant. */
function withUnits({ min = 0, max = Number.MAX_SAFE_INTEGER }: Spec<"duration">, value: unknown): { instead?: string } {
  if (!/^\d{1,15}$/.test(String(value))) return {};
  const spans = ["d", "h", "m", "s"].map((unit) => `${String(value)}${unit}`);
  const fitting = spans.filter((span) => parseDuration(span) >= min && parseDuration(span) <= max);
  return fitting.length === 0 ? {} : { instead: fitting.join(", or ") };
}

/** A bare number is no time span: PowerShell would take it for ten-millionths of a second. */
const wholeNumber = ({ type }: Kind, value: number): number | undefined =>
  type !== "duration" && Number.isSafeInteger(value) ? value : undefined;

function readNumber({ type }: Kind, text: unknown): number | undefined {
  if (typeof text !== "string") return undefined;
  if (type === "integer") return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  try {
    return type === "byteSize" ? parseBytes(text) : parseDuration(text);
  } catch (failure) {
    if (failure instanceof LabError) return undefined; // the caller says it, with the column
    throw failure;
  }
}

/** Ours: dates are UTC (docs/fidelity.md#shell). */
function convertDate(spec: Kind, value: unknown): Converted {
  const date = typeof value === "string" ? readDate(value) : value;
  return date instanceof Date ? { value: date } : refusal(spec, value);
}
