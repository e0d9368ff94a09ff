import { formatList } from "../show/format.ts";
import { Formatted } from "../show/formatted.ts";
import { propertiesOf } from "../run/values.ts";
import { type CommandCall, defineCommand } from "./define-command.ts";
import { GroupBy, shownInGroups } from "./group-by.ts";
import { gathered, Property, Wishes } from "./properties.ts";

export const formatListCommand = defineCommand({
  verb: "Format",
  noun: "List",
  aliases: ["fl"],
  synopsis: "Shows each property of objects in a line of its own.",
  source: "[format-list]",
  takesInput: true,
  last: true,
  parameters: { Property, GroupBy },
  examples: [
    { line: "Get-ExchangeCertificate | Format-List Thumbprint, Not*", does: "Shows when each certificate is valid." },
  ],
  async *run(call, { Property: wanted, GroupBy: by }) {
    const values = await gathered(call);
    yield new Formatted(await shownInGroups(call, { values, by }, (group) => listText(call, group, wanted)), values);
  },
});

async function listText(
  call: CommandCall,
  values: readonly unknown[],
  wanted: readonly unknown[] | undefined,
): Promise<string> {
  const objects = values.filter((value) => typeof value === "object" && value !== null);
  const rows = wanted ? await new Wishes(call, wanted).ofAll(objects) : objects;
  const [first] = objects;
  const listed = wanted || first === undefined ? undefined : call.state.views.get(first)?.listed;
  const text = formatList(rows, listed ?? propertiesOf(rows), call.state.columns);
  const others = values.filter((value) => typeof value !== "object" || value === null).map(String);
  return [...others, ...(rows.length > 0 ? [text] : [])].join("\n");
}
