import { itemsOf } from "../run/values.ts";
import { defineCommand, nothing } from "./define-command.ts";

export const writeOutput = defineCommand({
  verb: "Write",
  noun: "Output",
  aliases: ["echo", "write"],
  synopsis: "Passes on what it is given.",
  source: "[write-output]",
  takesInput: true,
  parameters: { InputObject: { type: "any", position: 0, help: "What is passed on" } },
  examples: [{ line: "Write-Output 'Ready'", does: "Shows a text." }],
  async *run({ input }, { InputObject }) {
    yield* itemsOf(InputObject);
    yield* input;
  },
});

export const outNull = defineCommand({
  verb: "Out",
  noun: "Null",
  synopsis: "Takes objects and shows nothing.",
  source: "[out-null]",
  takesInput: true,
  takesFormatted: true,
  last: true,
  parameters: {},
  examples: [{ line: "Get-Queue | Out-Null", does: "Asks and shows nothing." }],
  async *run({ input }) {
    for await (const value of input) void value;
    yield* nothing();
  },
});
