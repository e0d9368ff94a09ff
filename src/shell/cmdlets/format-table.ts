import { propertiesOf } from "../run/values.ts";
import { Formatted } from "../show/formatted.ts";
import { joinParts, showProperties, showValues } from "../show/show.ts";
import { defineCommand } from "./define-command.ts";
import { GroupBy, shownInGroups } from "./group-by.ts";
import { gathered, Property, Wishes } from "./properties.ts";

export const formatTableCommand = defineCommand({
  verb: "Format",
  noun: "Table",
  aliases: ["ft"],
  synopsis: "Shows objects in a table.",
  source: "[format-table]",
  takesInput: true,
  last: true,
  parameters: {
    Property,
    AutoSize: { type: "switch", help: "As wide as what stands in it, each column" },
    Wrap: { type: "switch", help: "Goes on in the next line where a value is too long, rather than cut it" },
    HideTableHeaders: { type: "switch", help: "Shows no headings" },
    GroupBy,
  },
  examples: [
    {
      line: "Get-Queue | Format-Table Identity, MessageCount -AutoSize",
      does: "Shows how many messages each queue holds.",
    },
    {
      line: "Get-ExchangeCertificate | Sort-Object Status | Format-Table Thumbprint, Subject -GroupBy Status -Wrap",
      does: "Shows a table for each status, and subjects whole.",
    },
  ],
  async *run(call, { Property: wanted, AutoSize = false, Wrap = false, HideTableHeaders = false, GroupBy: by }) {
    const values = await gathered(call);
    const layout = { autoSize: AutoSize, wrap: Wrap, headless: HideTableHeaders };
    const text = await shownInGroups(call, { values, by }, async (group) => {
      if (!wanted) return joinParts(showValues(group, call.state, layout));
      const rows = await new Wishes(call, wanted).ofAll(group);
      return showProperties(rows, propertiesOf(rows), call.state, layout);
    });
    yield new Formatted(text, values);
  },
});
