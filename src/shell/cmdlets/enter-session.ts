import { serverUnreachable } from "./errors.ts";
import { defineCommand, nothing } from "./define-command.ts";

export const enterSession = defineCommand({
  verb: "Enter",
  noun: "PSSession",
  aliases: ["etsn"],
  basis: "ours",
  synopsis: "Moves to another server of the lab: what is typed from then on runs there.",
  source: "[enter-pssession]",
  parameters: { ComputerName: { type: "string", position: 0, mandatory: true, help: "The server's name" } },
  examples: [{ line: "Enter-PSSession Ex2007SE", does: "Goes to another server." }],
  run({ state, source, at }, { ComputerName }) {
    if (!state.serverNamed) throw serverUnreachable(source, at, ComputerName);
    state.server = state.serverNamed(ComputerName);
    return nothing();
  },
});
