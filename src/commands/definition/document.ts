import { formatBytes, formatTimeSpan } from "../../base/index.ts";
import type { Cmdlet } from "./define-cmdlet.ts";
import type { ParameterSpec } from "./parameter.ts";
import { inWords } from "./roles.ts";
import { syntaxOf } from "./syntax.ts";

/** What the page says of a command: one of Exchange's, or one of the shell's own. */
type Documented = Omit<Cmdlet, "run"> & { aliases?: readonly string[] };

/** What `Get-Help about_…` tells. */
interface Topic {
  name: string;
  synopsis: string;
  lines: readonly string[];
  examples: readonly { line: string; does: string }[];
}

/** docs/cmdlets.md: what can be typed, made from the commands' own declarations. */
export const cmdletsDocument = (
  exchange: readonly Documented[],
  language: readonly Documented[],
  topics: readonly Topic[],
): string =>
  [
    "# Cmdlets",
    "",
    "Made from the declarations in `src/commands/` and `src/shell/cmdlets/` by `npm run docs`; a test fails when this page is out of date.",
    "",
    "Names of cmdlets, parameters and values may be written in any case, and a parameter's name may be shortened as",
    "long as only one fits. A value may stand without its parameter's name where a position is given. Where the column",
    "*Pipeline* says so, a parameter also takes what is piped in: an object itself, or its property of the parameter's name.",
    "*Basis* says how a rule is known: documented by Microsoft, inferred from something, or ours, an addition of this simulator.",
    "Bracketed sources are rows of [sources.md](sources.md); (2010) marks what came with Exchange 2010 and is offered all the same.",
    "Every cmdlet also has `-Verbose`. Where nobody can be asked (behind `-c`, in a script, in a scenario), a question is an error that says what to",
    "add. Error codes are explained in [errors.md](errors.md); a line that cannot be read or bound is refused with a `SHELL_…` code before anything runs.",
    "",
    ...exchange.toSorted(byName).flatMap(section),
    "# The shell's own commands",
    "",
    "They come from PowerShell, and are the same on every server.",
    "",
    ...language.toSorted(byName).flatMap(section),
    "# The language",
    "",
    "As `Get-Help` tells of it. Why it is no more: [ADR 13](adr/0013-shell-language.md).",
    "",
    ...topics.flatMap(topicSection),
  ].join("\n");

const topicSection = ({ name, synopsis, lines, examples }: Topic): string[] => [
  `## ${name}`,
  "",
  synopsis,
  "",
  "```text",
  ...lines,
  "```",
  "",
  ...examplesOf(examples),
];

const examplesOf = (examples: Documented["examples"] = []): string[] =>
  examples.flatMap(({ line, does }) => [does, "", "```powershell", line, "```", ""]);

const byName = (one: Documented, other: Documented): number => (one.name < other.name ? -1 : 1);

const section = (cmdlet: Documented): string[] => [
  `## ${cmdlet.name}${edition(cmdlet)}`,
  "",
  [cmdlet.synopsis, ...runsOn(cmdlet), ...aliases(cmdlet), origin(cmdlet)].join(" "),
  "",
  "```powershell",
  syntaxOf(shortened(cmdlet)),
  "```",
  "",
  ...parameterTable(cmdlet),
  [...prompts(cmdlet), ...shows(cmdlet), ...refusals(cmdlet)].join(" "),
  "",
  ...examplesOf(cmdlet.examples),
];

const runsOn = ({ on }: Documented): string[] => (on === undefined ? [] : [`Only on ${inWords[on]}.`]);

const aliases = ({ aliases: held = [] }: Documented): string[] =>
  held.length === 0 ? [] : [`Also ${held.map((alias) => `\`${alias}\``).join(", ")}.`];

const origins = { documented: "Documented in", inferred: "Inferred from", ours: "Ours; see" };

const origin = ({ basis, source }: Documented): string => `${origins[basis ?? "documented"]} ${source}.`;

const edition = (declared: { edition?: Cmdlet["edition"] }): string =>
  declared.edition === undefined ? "" : ` (${declared.edition})`;

/** Parameters that change settings are many; the syntax has those that need not be given as the table does, not one by one. */
const shortened = (cmdlet: Documented): Documented => ({
  ...cmdlet,
  parameters: Object.fromEntries(
    Object.entries(cmdlet.parameters).filter(([, spec]) => spec.field === undefined || spec.mandatory === true),
  ),
});

function parameterTable(cmdlet: Documented): string[] {
  const rows = Object.entries(cmdlet.parameters).map(([name, spec]) => parameterRow(cmdlet, name, spec));
  if (rows.length === 0) return [];
  return [
    "| Parameter | Type | Default | Position | Pipeline | Basis | What it is |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ];
}

const pipeline = { value: "object", propertyName: "property", both: "object, property" };

function parameterRow(cmdlet: Documented, name: string, spec: ParameterSpec): string {
  const cells = [
    `${name}${spec.mandatory === true ? " (needed)" : ""}${edition(spec)}`,
    takenBy(spec),
    spec.default ?? (spec.type === "switch" ? "off" : ""),
    spec.position === undefined ? "" : String(spec.position + 1),
    spec.fromPipeline === undefined ? "" : pipeline[spec.fromPipeline],
    spec.basis ?? cmdlet.basis ?? "documented",
    spec.help,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** What it asks; a cmdlet that changes something may have -WhatIf and -Confirm. */
function prompts({ shouldProcess, asks = [] }: Documented): string[] {
  if (shouldProcess === undefined) return asks.map(asked);
  const itself =
    shouldProcess === "high"
      ? "It asks before it acts, unless `-Confirm:$false` is given."
      : "It asks before it acts with `-Confirm`.";
  return [`Has \`-WhatIf\` and \`-Confirm\`. ${itself}`, ...asks.map(asked)];
}

const asked = (question: string): string => `Asks: ${question}`;

const shows = ({ columns, otherViews = [] }: Documented): string[] => {
  const headings = [{ columns }, ...otherViews].map((view) =>
    view.columns.map((column) => column.label ?? column.property).join(", "),
  );
  return [columns.length === 0 ? "Shows nothing by a table of its own." : `Shows ${headings.join("; or ")}.`];
};

const refusals = ({ errors = [] }: Documented): string[] =>
  errors.length === 0 ? [] : [`Refuses with ${errors.map((code) => `\`${code}\``).join(", ")}.`];

function takenBy(spec: ParameterSpec): string {
  switch (spec.type) {
    case "string":
      return `text${lengthOf(spec)}${orNull(spec)}`;
    case "stringList":
      return `texts, joined by commas${orNull(spec)}`;
    case "switch":
      return "switch";
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
