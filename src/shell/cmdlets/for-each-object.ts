import type { ScriptBlock } from "../run/script-block.ts";
import { defineCommand } from "./define-command.ts";

export const forEachObject = defineCommand({
  verb: "ForEach",
  noun: "Object",
  aliases: ["%", "foreach"],
  synopsis: "Runs a block for each object, and passes on what it yields.",
  source: "[foreach-object]",
  takesInput: true,
  parameters: {
    Process: {
      type: "scriptBlock",
      position: 0,
      mandatory: true,
      help: "What is run for each object, which `$_` stands for",
    },
  },
  examples: [
    { line: "Get-ExchangeCertificate | ForEach-Object { $_.Thumbprint }", does: "Shows the thumbprints alone." },
  ],
  async *run({ input }, { Process }) {
    for await (const object of input) yield* await (Process as ScriptBlock).run(object);
  },
});
