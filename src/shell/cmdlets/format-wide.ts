import { Formatted } from "../show/formatted.ts";
import { formatWide } from "../show/format.ts";
import { textOf } from "../run/values.ts";
import { defineCommand } from "./define-command.ts";
import { gathered, Wishes } from "./properties.ts";

export const formatWideCommand = defineCommand({
  verb: "Format",
  noun: "Wide",
  aliases: ["fw"],
  synopsis: "Shows one property of objects, several objects in a line.",
  source: "[format-wide]",
  takesInput: true,
  last: true,
  parameters: {
    Property: { type: "string", position: 0, help: "Which one", default: "`Name`, where there is one" },
    Column: { type: "integer", min: 1, max: 20, help: "How many in a line", default: "2" },
  },
  examples: [{ line: "Get-Command Get-* | Format-Wide -Column 3", does: "Shows the names of what can be asked." }],
  async *run(call, { Property = "N*ame", Column = 2 }) {
    const values = await gathered(call);
    const rows = await new Wishes(call, [Property]).ofAll(values);
    const shown = rows.map((row, place) => textOf(Object.values(row)[0] ?? values[place]));
    yield new Formatted(formatWide(shown, Column, call.state.columns), values);
  },
});
