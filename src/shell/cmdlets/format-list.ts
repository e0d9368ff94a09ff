import { formatList } from "../show/format.ts";
import { Formatted } from "../show/formatted.ts";
import { propertiesOf } from "../run/values.ts";
import { defineCommand } from "./define-command.ts";
import { gathered, Property, Wishes } from "./properties.ts";

export const formatListCommand = defineCommand({
  verb: "Format",
  noun: "List",
  aliases: ["fl"],
  synopsis: "Shows each property of objects in a line of its own.",
  source: "[format-list]",
  takesInput: true,
  last: true,
  parameters: { Property },
  examples: [
    { line: "Get-ExchangeCertificate | Format-List Thumbprint, Not*", does: "Shows when each certificate is valid." },
  ],
  async *run(call, { Property: wanted }) {
    const values = await gathered(call);
    const objects = values.filter((value) => typeof value === "object" && value !== null);
    const rows = wanted ? await new Wishes(call, wanted).ofAll(objects) : objects;
    const [first] = objects;
    const listed = wanted || first === undefined ? undefined : call.state.views.get(first)?.listed;
    const text = formatList(rows, listed ?? propertiesOf(rows), call.state.columns);
    const others = values.filter((value) => typeof value !== "object" || value === null).map(String);
    yield new Formatted([...others, ...(rows.length > 0 ? [text] : [])].join("\n"), values);
  },
});
