import { nearestOf } from "../../base/index.ts";
import { isLike } from "../run/compare.ts";
import { commandNamed } from "../run/state.ts";
import { topics } from "./about.ts";
import { type CommandCall, defineCommand } from "./define-command.ts";
import { helpUnknown, parameterHelpUnknown } from "./errors.ts";
import { commandHelp, parameterHelp, topicHelp } from "./help-text.ts";

export const getHelp = defineCommand({
  verb: "Get",
  noun: "Help",
  aliases: ["help", "man"],
  synopsis: "Tells what a command does, which parameters it has, and how it is used.",
  source: "[get-help]",
  parameters: {
    Name: {
      type: "string",
      position: 0,
      default: "about_Lab",
      help: "A command's name, a topic like about_Operators, or a pattern: what it fits is listed",
    },
    Detailed: { type: "switch", help: "As without it: parameters and examples" },
    Full: { type: "switch", help: "Where it comes from, too, what it asks and refuses, and its other names" },
    Examples: { type: "switch", help: "Its examples only" },
    Parameter: { type: "string", help: "Some parameters only, by a name or a pattern" },
  },
  columns: [{ property: "Name", width: 33 }, { property: "Category", width: 9 }, { property: "Synopsis" }],
  examples: [
    { line: "Get-Help New-ExchangeCertificate", does: "Tells what it does." },
    { line: "Get-Help *Certificate*", does: "Lists what there is about certificates." },
    { line: "Get-Help Set-ReceiveConnector -Parameter *Tls*", does: "Tells of some parameters." },
    { line: "Get-Help about_*", does: "Lists what there is about the language and the lab." },
  ],
  async *run(call, { Name = "about_Lab", Full, Examples, Parameter }) {
    const command = commandNamed(call.state.commands, Name);
    if (command && Parameter !== undefined) {
      const text = parameterHelp(command, Parameter);
      if (text === undefined)
        throw parameterHelpUnknown(
          call.source,
          call.at,
          command.name,
          Parameter,
          nearestOf(Parameter, Object.keys(command.parameters)),
        );
      return yield text;
    }
    if (command) return yield commandHelp(command, Examples === true ? "examples" : Full === true ? "full" : "parts");
    const topic = topics.find(({ name }) => name.toLowerCase() === Name.toLowerCase());
    if (topic) return yield topicHelp(topic);
    yield* listed(call, Name);
  },
});

/** What a pattern fits. Throws SHELL_HELP_UNKNOWN where that is nothing. */
function listed({ state: { commands }, source, at }: CommandCall, pattern: string): readonly object[] {
  const all = [
    ...[...commands.cmdlets, ...commands.language].map(({ name, synopsis }) => ({
      name,
      synopsis,
      category: "Cmdlet",
    })),
    ...topics.map(({ name, synopsis }) => ({ name, synopsis, category: "HelpFile" })),
  ];
  const fits = all
    .filter(({ name }) => isLike(name, pattern))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const near = nearestOf(
    pattern,
    all.map(({ name }) => name),
  );
  if (fits.length === 0) throw helpUnknown(source, at, pattern, near);
  return fits.map(({ name, synopsis, category }) => ({ Name: name, Category: category, Synopsis: synopsis }));
}
