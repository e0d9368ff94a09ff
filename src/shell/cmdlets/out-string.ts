import { joinParts, showValues } from "../show/show.ts";
import { defineCommand } from "./define-command.ts";
import { gathered } from "./properties.ts";

export const outString = defineCommand({
  verb: "Out",
  noun: "String",
  synopsis: "Makes of objects the text that would be shown of them.",
  source: "[out-string]",
  takesInput: true,
  takesFormatted: true,
  parameters: {
    Stream: { type: "switch", help: "Line by line, rather than one text" },
    Width: { type: "integer", min: 20, max: 10_000, help: "How many characters a line may have" },
  },
  examples: [
    {
      line: "Get-Queue | Format-Table Identity, Status | Out-String -Stream | Where-Object { $_ -match 'Retry' }",
      does: "Shows the lines of the table that say Retry.",
    },
  ],
  async *run(call, { Stream, Width }) {
    const text = joinParts(showValues(await gathered(call), { ...call.state, columns: Width ?? call.state.columns }));
    if (Stream === true) yield* text.split("\n");
    else yield text;
  },
});
