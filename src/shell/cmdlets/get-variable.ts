import { isLike } from "../run/compare.ts";
import { defineCommand } from "./define-command.ts";

export const getVariable = defineCommand({
  verb: "Get",
  noun: "Variable",
  aliases: ["gv"],
  synopsis: "Shows the variables that something has been assigned to.",
  source: "[get-variable]",
  parameters: { Name: { type: "stringList", position: 0, help: "Names or patterns, without $", default: "every one" } },
  columns: [{ property: "Name", width: 30 }, { property: "Value" }],
  examples: [{ line: "Get-Variable", does: "Shows what this shell remembers." }],
  async *run({ state: { variables } }, { Name = ["*"] }) {
    for (const [name, value] of [...variables].toSorted(([one], [other]) => (one < other ? -1 : 1)))
      if (Name.some((pattern) => isLike(name, pattern))) yield { Name: name, Value: value };
  },
});
