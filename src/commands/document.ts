import { formatBytes, formatTimeSpan } from "../base/index.ts";
import type { Cmdlet } from "./define-cmdlet.ts";
import type { ParameterSpec } from "./parameter.ts";

/** docs/cmdlets.md: what can be typed, made from the cmdlets' own declarations. */
export const cmdletsDocument = (described: readonly Cmdlet[]): string =>
  [
    "# Cmdlets",
    "",
    "Made from `src/commands/` by `UPDATE_DOCS=1 npm test`; a test fails when this page is out of date.",
    "",
    "Names of cmdlets, parameters and values may be written in any case, and a parameter's name may be shortened as",
    "long as only one fits. A value may stand without its parameter's name where a position is given. Behind `|` stand",
    "`Format-List` (`fl`), `Format-Table` (`ft`) or `ConvertTo-Json`. Bracketed sources are rows of [sources.md](sources.md).",
    "",
    ...described.toSorted(byName).flatMap(section),
  ].join("\n");

const byName = (one: Cmdlet, other: Cmdlet): number => (one.name < other.name ? -1 : 1);

const section = (cmdlet: Cmdlet): string[] => [
  `## ${cmdlet.name}`,
  "",
  `${cmdlet.synopsis} Documented in ${cmdlet.source}.`,
  "",
  "```powershell",
  [cmdlet.name, ...Object.entries(cmdlet.parameters).flatMap(syntaxOfMain)].join(" "),
  "```",
  "",
  "| Parameter | Value | Position | What it is |",
  "| --- | --- | --- | --- |",
  ...Object.entries(cmdlet.parameters).map(parameterRow),
  "",
  ...(cmdlet.columns.length === 0
    ? ["Shows nothing."]
    : [`Shows ${cmdlet.columns.map((column) => column.label ?? column.property).join(", ")}.`]),
  "",
];

/** Parameters that change settings are many; the table has them. */
const syntaxOfMain = ([name, spec]: [string, ParameterSpec]): string[] => {
  if (spec.field !== undefined) return [];
  const value = spec.type === "switch" ? "" : ` <${spec.type}>`;
  const named = spec.position === undefined ? `-${name}${value}` : `[-${name}]${value}`;
  return [spec.mandatory === true ? named : `[${named}]`];
};

const parameterRow = ([name, spec]: [string, ParameterSpec]): string => {
  const position = spec.position === undefined ? "" : String(spec.position + 1);
  return `| ${name}${spec.mandatory === true ? " (needed)" : ""} | ${takenBy(spec)} | ${position} | ${spec.help} |`;
};

function takenBy(spec: ParameterSpec): string {
  switch (spec.type) {
    case "string":
      return spec.nullable === true ? "text or `$null`" : "text";
    case "stringList":
      return "texts, joined by commas";
    case "switch":
      return "none";
    case "boolean":
      return "`$true` or `$false`";
    case "integer":
      return `number${rangeOf(spec, String)}`;
    case "byteSize":
      return `size${rangeOf(spec, formatBytes)}`;
    case "duration":
      return `time span${rangeOf(spec, formatTimeSpan)}`;
    case "enum":
      return spec.values.map((value) => `\`${value}\``).join(", ");
    case "enumList":
      return `one or several of ${spec.values.map((value) => `\`${value}\``).join(", ")}`;
  }
}

function rangeOf(range: { min?: number; max?: number }, format: (value: number) => string): string {
  if (range.min !== undefined && range.max !== undefined) return `, ${format(range.min)} to ${format(range.max)}`;
  return range.min === undefined ? "" : `, at least ${format(range.min)}`;
}
