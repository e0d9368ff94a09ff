import { textOf } from "../run/values.ts";
import { defineCommand } from "./define-command.ts";
import { gathered, Property, Wishes } from "./properties.ts";

export const groupObject = defineCommand({
  verb: "Group",
  noun: "Object",
  aliases: ["group"],
  synopsis: "Puts objects together that are alike in a property, and counts them.",
  source: "[group-object]",
  takesInput: true,
  parameters: { Property, NoElement: { type: "switch", help: "Leaves out the objects themselves" } },
  columns: [{ property: "Count", width: 5 }, { property: "Name", width: 25 }, { property: "Group" }],
  examples: [
    { line: "Get-ExchangeCertificate | Group-Object Status", does: "Counts the certificates of each status." },
    {
      line: "Get-EventLog Application | Group-Object EventID -NoElement | Sort-Object Count -Descending",
      does: "Counts the events of each number, the most frequent first.",
    },
  ],
  async *run(call, { Property: wanted, NoElement }) {
    const objects = await gathered(call);
    const rows = wanted ? await new Wishes(call, wanted).ofAll(objects) : undefined;
    const groups = new Map<string, { Name: string; Group: unknown[] }>();
    for (const [place, object] of objects.entries()) {
      const Name = (rows ? Object.values(rows[place] ?? {}) : [object]).map(textOf).join(", ");
      const group = groups.get(Name.toLowerCase()) ?? { Name, Group: [] };
      group.Group.push(object);
      groups.set(Name.toLowerCase(), group);
    }
    for (const { Name, Group } of groups.values())
      yield { Count: Group.length, Name, ...(NoElement !== true && { Group }) };
  },
});
