import { formatBytes, formatTimeSpan } from "../base/index.ts";
import type { Cmdlet } from "./define-cmdlet.ts";
import type { Edition, ParameterSpec } from "./parameter.ts";
import { inWords } from "./roles.ts";

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
    "(2010) marks what came with Exchange 2010 and is offered all the same.",
    "",
    ...described.toSorted(byName).flatMap(section),
  ].join("\n");

const byName = (one: Cmdlet, other: Cmdlet): number => (one.name < other.name ? -1 : 1);

const section = (cmdlet: Cmdlet): string[] => [
  `## ${cmdlet.name}${edition(cmdlet)}`,
  "",
  [cmdlet.synopsis, ...runsOn(cmdlet), `Documented in ${cmdlet.source}.`].join(" "),
  "",
  "```powershell",
  [cmdlet.name, ...Object.entries(cmdlet.parameters).flatMap(syntaxOfMain)].join(" "),
  "```",
  "",
  ...parameterTable(Object.entries(cmdlet.parameters)),
  ...(cmdlet.columns.length === 0
    ? ["Shows nothing."]
    : [`Shows ${cmdlet.columns.map((column) => column.label ?? column.property).join(", ")}.`]),
  "",
];

const runsOn = ({ on }: Cmdlet): string[] => (on === undefined ? [] : [`Only on ${inWords[on]}.`]);

const edition = (declared: { edition?: Edition }): string =>
  declared.edition === undefined ? "" : ` (${declared.edition})`;

const parameterTable = (parameters: readonly [string, ParameterSpec][]): string[] =>
  parameters.length === 0
    ? []
    : [
        "| Parameter | Value | Position | What it is |",
        "| --- | --- | --- | --- |",
        ...parameters.map(parameterRow),
        "",
      ];

/** Parameters that change settings are many; the table has those that need not be given. */
const syntaxOfMain = ([name, spec]: [string, ParameterSpec]): string[] => {
  if (spec.field !== undefined && spec.mandatory !== true) return [];
  const value = spec.type === "switch" ? "" : ` <${spec.type}>`;
  const named = spec.position === undefined ? `-${name}${value}` : `[-${name}]${value}`;
  return [spec.mandatory === true ? named : `[${named}]`];
};

const parameterRow = ([name, spec]: [string, ParameterSpec]): string => {
  const position = spec.position === undefined ? "" : String(spec.position + 1);
  return `| ${name}${spec.mandatory === true ? " (needed)" : ""}${edition(spec)} | ${takenBy(spec)} | ${position} | ${spec.help} |`;
};

function takenBy(spec: ParameterSpec): string {
  switch (spec.type) {
    case "string":
      return `text${lengthOf(spec)}${orNull(spec)}`;
    case "stringList":
      return `texts, joined by commas${orNull(spec)}`;
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
    case "dateTime":
      return "date and time";
    case "secureString":
      return "secure string";
    case "object":
      return "object";
    case "any":
      return "anything";
    case "scriptBlock":
      return "block";
    case "propertyList":
      return "properties, joined by commas";
    case "enum":
      return spec.values.map((value) => `\`${value}\``).join(", ");
    case "enumList":
      return `one or several of ${spec.values.map((value) => `\`${value}\``).join(", ")}`;
  }
}

const orNull = ({ nullable }: { nullable?: boolean }): string => (nullable === true ? " or `$null`" : "");

const lengthOf = ({ length }: { length?: readonly [number, number] }): string =>
  length === undefined ? "" : `, at most ${length[1]} characters`;

function rangeOf(range: { min?: number; max?: number }, format: (value: number) => string): string {
  if (range.min !== undefined && range.max !== undefined) return `, ${format(range.min)} to ${format(range.max)}`;
  return range.min === undefined ? "" : `, at least ${format(range.min)}`;
}
