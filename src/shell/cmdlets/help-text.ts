import { type Cmdlet, commonParametersOf, describeType, type ParameterSpec, syntaxOf } from "../../commands/index.ts";
import { wantedFor } from "../bind/convert.ts";
import { isLike } from "../run/compare.ts";
import { isLanguage } from "../run/state.ts";
import type { Topic } from "./about.ts";
import type { LanguageCommand } from "./define-command.ts";

type Command = Cmdlet | LanguageCommand;

/** A heading and what stands under it. */
type Part = readonly [heading: string, lines: readonly string[]];

/** How much of a command's help is wanted: `parts` nothing said; `examples` these only; `full` what docs/cmdlets.md tells too. */
export type HelpWanted = "parts" | "examples" | "full";

/** A command's help, as Get-Help shows it. Source: [get-help]. */
export function commandHelp(command: Command, wanted: HelpWanted): string {
  const shown: Part[] = [
    ["NAME", [command.name]],
    ["SYNOPSIS", [command.synopsis]],
  ];
  if (wanted !== "examples")
    shown.push(["SYNTAX", [syntaxOf(command)]], ["PARAMETERS", parametersOf(command, "*").flatMap(described)]);
  if (wanted === "full") shown.push(["NOTES", notesOf(command)]);
  return inParts([...shown, ["EXAMPLES", examplesOf(command.examples ?? [])]]);
}

export const topicHelp = ({ name, synopsis, lines, examples }: Topic): string =>
  inParts([
    ["TOPIC", [name]],
    ["SYNOPSIS", [synopsis]],
    ["DESCRIPTION", lines],
    ["EXAMPLES", examplesOf(examples)],
  ]);

/** The help of the parameters whose names a pattern fits; undefined where it fits none. */
export function parameterHelp(command: Command, pattern: string): string | undefined {
  const found = parametersOf(command, pattern).flatMap(described);
  return found.length === 0 ? undefined : found.join("\n").trimEnd();
}

const inParts = (parts: readonly Part[]): string =>
  parts
    .filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => [heading, ...lines.map((line) => `    ${line}`.trimEnd())].join("\n").trimEnd())
    .join("\n\n");

const examplesOf = (examples: readonly { line: string; does: string }[]): string[] =>
  examples.flatMap(({ line, does }) => [`[PS] > ${line}`, does, ""]);

const parametersOf = (command: Command, pattern: string): [string, ParameterSpec][] =>
  Object.entries({ ...command.parameters, ...(isLanguage(command) ? {} : commonParametersOf(command)) }).filter(
    ([name]) => isLike(name, pattern),
  );

const described = ([name, spec]: [string, ParameterSpec]): string[] => [
  `-${name} ${describeType(spec)}`.trimEnd(),
  `    ${spec.help}`,
  `    ${about(spec)}`,
  "",
];

function about(spec: ParameterSpec): string {
  const place = spec.position === undefined ? "named" : `position ${spec.position + 1}`;
  const wanted = spec.type === "switch" ? [] : [wantedFor(spec)];
  const otherwise = spec.default === undefined ? "" : `; without it, ${spec.default}`;
  const needed = spec.mandatory === true ? "Needed" : `Not needed${otherwise}`;
  return [needed, place, ...wanted, ...(spec.fromPipeline ? ["from the pipeline too"] : [])].join("; ");
}

/** What docs/cmdlets.md says beside it: other names, questions, refusals, where it comes from. */
function notesOf(command: Command): string[] {
  const aliases = isLanguage(command) ? command.aliases : [];
  const { asks = [], errors = [], source, basis = "documented" } = command;
  return [
    ...(aliases.length === 0 ? [] : [`Also ${aliases.join(", ")}`]),
    ...asks.map((question) => `Asks: ${question}`),
    ...(errors.length === 0 ? [] : [`Refuses with ${errors.join(", ")}`]),
    `${{ documented: "Documented in", inferred: "Inferred from", ours: "Ours; see" }[basis]} ${source}`,
  ];
}
