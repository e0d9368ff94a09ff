import { nearestOf } from "../../base/index.ts";
import { type Cmdlet, commonParametersOf, describeType, type ParameterSpec, syntaxOf } from "../../commands/index.ts";
import { wantedFor } from "../bind/convert.ts";
import { helpUnknown } from "./errors.ts";
import { commandNamed, isLanguage } from "../run/state.ts";
import { defineCommand, type LanguageCommand } from "./define-command.ts";

export const getHelp = defineCommand({
  verb: "Get",
  noun: "Help",
  aliases: ["help", "man"],
  synopsis: "Tells what a command does, which parameters it has, and how it is used.",
  source: "[get-help]",
  parameters: {
    Name: { type: "string", position: 0, mandatory: true, help: "The command's name" },
    Examples: { type: "switch", help: "Its examples only" },
  },
  examples: [{ line: "Get-Help New-ExchangeCertificate", does: "Tells what it does." }],
  async *run({ state: { commands }, source, at }, { Name, Examples }) {
    const command = commandNamed(commands, Name);
    if (!command) {
      const known = [...commands.cmdlets, ...commands.language].map(({ name }) => name);
      throw helpUnknown(source, at, Name, nearestOf(Name, known));
    }
    const parts = [
      ["NAME", [command.name]],
      ["SYNOPSIS", [command.synopsis]],
    ] as [string, string[]][];
    if (Examples !== true) parts.push(["SYNTAX", [syntaxOf(command)]], ["PARAMETERS", parametersOf(command)]);
    parts.push(["EXAMPLES", (command.examples ?? []).flatMap(({ line, does }) => [`[PS] > ${line}`, does, ""])]);
    const shown = parts.filter(([, lines]) => lines.length > 0);
    yield shown
      .map(([heading, lines]) => [heading, ...lines.map((line) => `    ${line}`.trimEnd())].join("\n").trimEnd())
      .join("\n\n");
  },
});

const parametersOf = (command: Cmdlet | LanguageCommand): string[] =>
  Object.entries({ ...command.parameters, ...(isLanguage(command) ? {} : commonParametersOf(command)) }).flatMap(
    ([name, spec]) => [`-${name} ${describeType(spec)}`.trimEnd(), `    ${spec.help}`, `    ${about(spec)}`, ""],
  );

function about(spec: ParameterSpec): string {
  const place = spec.position === undefined ? "named" : `position ${spec.position + 1}`;
  const wanted = spec.type === "switch" ? [] : [wantedFor(spec)];
  const otherwise = spec.default === undefined ? "" : `; without it, ${spec.default}`;
  const needed = spec.mandatory === true ? "Needed" : `Not needed${otherwise}`;
  return [needed, place, ...wanted, ...(spec.fromPipeline ? ["from the pipeline too"] : [])].join("; ");
}
