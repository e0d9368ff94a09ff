import { propertiesOf } from "../run/values.ts";
import { Formatted } from "../show/formatted.ts";
import { joinParts, showProperties, showValues } from "../show/show.ts";
import { defineCommand } from "./define-command.ts";
import { gathered, Property, Wishes } from "./properties.ts";

export const formatTableCommand = defineCommand({
  verb: "Format",
  noun: "Table",
  aliases: ["ft"],
  synopsis: "Shows objects in a table.",
  source: "[format-table]",
  takesInput: true,
  last: true,
  parameters: { Property, AutoSize: { type: "switch", help: "As wide as what stands in it, each column" } },
  examples: [
    {
      line: "Get-Queue | Format-Table Identity, MessageCount -AutoSize",
      does: "Shows how many messages each queue holds.",
    },
  ],
  async *run(call, { Property: wanted, AutoSize }) {
    const values = await gathered(call);
    if (!wanted) return yield new Formatted(joinParts(showValues(values, call.state)), values);
    const rows = await new Wishes(call, wanted).ofAll(values);
    yield new Formatted(showProperties(rows, propertiesOf(rows), call.state, AutoSize), values);
  },
});
