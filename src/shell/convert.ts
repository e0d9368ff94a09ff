import { formatBytes, formatTimeSpan, LabError, nearestOf, parseBytes, parseDuration } from "../base/index.ts";
import type { ParameterSpec, ParameterValue } from "../commands/index.ts";
import type { Element, Value } from "./parse.ts";
import { readDate } from "./read-date.ts";

/** A value that cannot be taken: what is wanted instead, and where it stands. */
interface Refusal {
  refused: Element | Value;
  wanted: string;
  remedy?: string;
}

type Converted = { value: ParameterValue } | Refusal;

/**
 * Makes of a written value what `spec` declares: bytes, milliseconds, the enumeration's own spelling.
 * As in PowerShell, what was in quotes and what was not is read alike; unlike it, a Boolean is `$true` or `$false`
 * and nothing else.
 */
export function convert(spec: ParameterSpec, written: Value): Converted {
  switch (spec.type) {
    case "stringList":
      if (spec.nullable === true && isNull(written)) return { value: [] };
      return convertEach(itemsOf(written), (item) => convertText(item, wantedFor(spec)));
    case "enumList":
      return convertEach(itemsOf(written).flatMap(splitFlags), (item) => convertMember(spec.values, item));
    case "enum":
      return convertMember(spec.values, written);
    case "switch":
    case "boolean":
      return isBoolean(written) ? { value: written.value } : { refused: written, wanted: wantedFor(spec) };
    case "string":
      if (spec.nullable === true && isNull(written)) return { value: null };
      return convertLine(spec, written);
    case "integer":
    case "byteSize":
    case "duration":
      return convertNumber(spec, written);
    case "dateTime":
      return convertDate(written);
    case "secureString":
    case "object":
      return { refused: written, wanted: wantedFor(spec) };
  }
}

/** What to write for a parameter of that kind. */
export function wantedFor(spec: ParameterSpec): string {
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
      return "a date and time like 2008-05-12T10:00:00Z or 5/12/2008 10:00 AM";
    case "secureString":
      return "a secure string, as ConvertTo-SecureString makes it";
    case "object":
      return "an object, as a cmdlet yields it";
    case "enum":
      return `one of ${spec.values.join(", ")}`;
    case "enumList":
      return `one or several of ${spec.values.join(", ")}`;
  }
}

const orNull = ({ nullable }: { nullable?: boolean }): string => (nullable === true ? ", or $null" : "");

const lengthOf = ({ length }: LineSpec): string =>
  length === undefined ? "" : ` of ${length[0]} to ${length[1]} characters`;

function rangeOf(range: { min?: number; max?: number }, format: (value: number) => string): string {
  if (range.min !== undefined && range.max !== undefined) return ` from ${format(range.min)} to ${format(range.max)}`;
  return range.min === undefined || range.min === 0 ? "" : ` of at least ${format(range.min)}`;
}

const itemsOf = (written: Value): readonly Element[] => (written.kind === "list" ? written.items : [written]);

const isNull = (written: Value): boolean => written.kind === "literal" && written.value === null;

const isBoolean = (written: Value): written is { kind: "literal"; value: boolean; at: number } =>
  written.kind === "literal" && written.value !== null;

function convertEach(items: readonly Element[], one: (item: Element) => { value: string } | Refusal): Converted {
  const converted = items.map(one);
  const refusal = converted.find((item) => "refused" in item);
  return refusal ?? { value: [...new Set(converted.flatMap((item) => ("value" in item ? [item.value] : [])))] };
}

const convertText = (written: Value, wanted: string): { value: string } | Refusal =>
  written.kind === "text" ? { value: written.text } : { refused: written, wanted };

type LineSpec = Extract<ParameterSpec, { type: "string" }>;

function convertLine(spec: LineSpec, written: Value): Converted {
  const converted = convertText(written, wantedFor(spec));
  if ("refused" in converted || spec.length === undefined) return converted;
  const [least, most] = spec.length;
  // A name of blanks is none.
  const fits = converted.value.trim().length >= least && converted.value.length <= most;
  return fits ? converted : { refused: written, wanted: wantedFor(spec) };
}

/** .NET reads several flags from one text: `"Tls, BasicAuth"`. */
function splitFlags(item: Element): readonly Element[] {
  if (item.kind !== "text") return [item];
  return item.text.split(",").map((part) => ({ ...item, text: part.trim() }));
}

function convertMember(values: readonly string[], written: Value): { value: string } | Refusal {
  const wanted = `one of ${values.join(", ")}`;
  if (written.kind !== "text") return { refused: written, wanted };
  const member = values.find((value) => value.toLowerCase() === written.text.toLowerCase());
  if (member !== undefined) return { value: member };
  const near = nearestOf(written.text, values);
  return { refused: written, wanted, ...(near === undefined ? {} : { remedy: `Did you mean ${near}?` }) };
}

/** Ours: dates are UTC (docs/fidelity.md#shell). */
function convertDate(written: Value): Converted {
  const date = written.kind === "text" ? readDate(written.text) : undefined;
  return date ? { value: date } : { refused: written, wanted: wantedFor({ type: "dateTime", help: "" }) };
}

type NumberSpec = Extract<ParameterSpec, { type: "integer" | "byteSize" | "duration" }>;

function convertNumber(spec: NumberSpec, written: Value): Converted {
  const number = written.kind === "text" ? readNumber(spec, written.text) : undefined;
  if (number === undefined || number < (spec.min ?? 0) || number > (spec.max ?? Number.MAX_SAFE_INTEGER))
    return { refused: written, wanted: wantedFor(spec) };
  return { value: number };
}

function readNumber(spec: NumberSpec, text: string): number | undefined {
  if (spec.type === "integer") return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  try {
    return spec.type === "byteSize" ? parseBytes(text) : parseDuration(text);
  } catch (failure) {
    if (failure instanceof LabError) return undefined; // the caller says it, with the column
    throw failure;
  }
}
