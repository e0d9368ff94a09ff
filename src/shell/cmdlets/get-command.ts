import { isLike } from "../run/compare.ts";
import { isLanguage } from "../run/state.ts";
import { defineCommand } from "./define-command.ts";

export const getCommand = defineCommand({
  verb: "Get",
  noun: "Command",
  aliases: ["gcm"],
  synopsis: "Shows which commands there are.",
  source: "[get-command]",
  parameters: {
    Name: { type: "stringList", position: 0, help: "Names or patterns; without it, every one" },
    Verb: { type: "string", help: "Those of a verb, like `Get`" },
    Noun: { type: "string", help: "Those of a noun, like `ExchangeCertificate`" },
  },
  columns: [{ property: "CommandType", width: 12 }, { property: "Name", width: 32 }, { property: "Synopsis" }],
  examples: [{ line: "Get-Command *Certificate*", does: "Shows every command for certificates." }],
  async *run({ state: { commands } }, { Name, Verb, Noun }) {
    const all = [...commands.cmdlets, ...commands.language].toSorted((one, other) => (one.name < other.name ? -1 : 1));
    for (const command of all) {
      const wanted =
        (Name === undefined || Name.some((pattern) => isLike(command.name, pattern))) &&
        isLike(command.verb, Verb ?? "*") &&
        isLike(command.noun, Noun ?? "*");
      if (!wanted) continue;
      const { name, verb, noun, synopsis } = command;
      const aliases = isLanguage(command) ? command.aliases : [];
      yield { CommandType: "Cmdlet", Name: name, Verb: verb, Noun: noun, Aliases: aliases, Synopsis: synopsis };
    }
  },
});
