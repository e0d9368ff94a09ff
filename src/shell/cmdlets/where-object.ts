import type { ScriptBlock } from "../run/script-block.ts";
import { collapse, truthy } from "../run/values.ts";
import { defineCommand } from "./define-command.ts";

export const whereObject = defineCommand({
  verb: "Where",
  noun: "Object",
  aliases: ["?", "where"],
  synopsis: "Passes on the objects for which a block comes to true.",
  source: "[where-object]",
  takesInput: true,
  parameters: {
    FilterScript: {
      type: "scriptBlock",
      position: 0,
      mandatory: true,
      help: "What is asked of each object, which `$_` stands for",
    },
  },
  examples: [
    {
      line: 'Get-ExchangeCertificate | Where-Object { $_.Services -like "*SMTP*" }',
      does: "Shows the certificates that SMTP may use.",
    },
  ],
  async *run({ input }, { FilterScript }) {
    for await (const object of input)
      if (truthy(collapse(await (FilterScript as ScriptBlock).run(object)))) yield object;
  },
});
