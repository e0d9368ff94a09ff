import type { EventView } from "../../lab/index.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { eventIdMalformed } from "./errors.ts";

export const getEventLog = defineCmdlet({
  verb: "Get",
  noun: "EventLog",
  synopsis: "Shows what this server has written to its Application log, the newest first.",
  source: "[get-eventlog]",
  errors: ["COMMAND_EVENT_ID_MALFORMED"],
  examples: [
    { line: "Get-EventLog Application -Newest 5", does: "Shows the five newest events." },
    {
      line: "Get-EventLog Application -InstanceId 12017,12018 -After 2009-04-01 | Format-List",
      does: "Shows in full which certificates were said to expire soon.",
    },
  ],
  parameters: {
    LogName: { type: "enum", values: ["Application"], position: 0, mandatory: true, help: "Which log; there is one" },
    InstanceId: { type: "stringList", position: 1, help: "Only events of these ids, like 12014" },
    Source: { type: "stringList", help: "Only events of these sources, like MSExchangeTransport" },
    EntryType: { type: "enumList", values: ["Error", "Information", "Warning"], help: "Only events of these kinds" },
    Newest: { type: "integer", min: 1, help: "Only so many, the newest" },
    After: { type: "dateTime", help: "Only what is later than this" },
    Before: { type: "dateTime", help: "Only what is earlier than this" },
  },
  columns: [
    { property: "Index" },
    { property: "TimeGenerated", label: "Time" },
    { property: "EntryType" },
    { property: "Source" },
    { property: "InstanceId" },
    { property: "Message" },
  ],
  async *run({ server }, given) {
    const { EntryType: levels, Newest: newest, After: after, Before: before } = given;
    const filter = { ids: given.InstanceId?.map(eventId), sources: given.Source, levels, newest, after, before };
    for (const event of await server.events(filter)) yield shown(event);
  },
});

const shown = ({ index: Index, at, level, source: Source, category: Category, id, text }: EventView): object => ({
  Index,
  TimeGenerated: at,
  EntryType: level,
  Source,
  Category,
  EventID: id,
  InstanceId: id,
  Message: text,
});

function eventId(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw eventIdMalformed(text);
  return Number(text);
}
