import type { EventLog } from "../../logging/index.ts";
import type { EventFilter, EventView, ServerApi } from "../api/index.ts";

/** What Get-EventLog reads: the log itself, so that it also has what an earlier start has written. */
export const eventsApi = (log: EventLog): Pick<ServerApi, "events"> => ({
  async events({ newest = Number.POSITIVE_INFINITY, ...filter }) {
    const newestFirst = (await log.read()).toReversed();
    return newestFirst.filter((event) => passes(event, filter)).slice(0, newest);
  },
});

const passes = (event: EventView, { sources, levels, ids, after, before }: EventFilter): boolean =>
  isAmong(event.source, sources) &&
  isAmong(event.level, levels) &&
  (ids?.includes(event.id) ?? true) &&
  (after === undefined || event.at > after) &&
  (before === undefined || event.at < before);

const isAmong = (text: string, wanted: readonly string[] | undefined): boolean =>
  wanted?.some((one) => one.toLowerCase() === text.toLowerCase()) ?? true;
