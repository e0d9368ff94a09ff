import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ApplicationEvent, Clock } from "../base/index.ts";
import { describeEvent, type EventLevels } from "./application-events.ts";
import { openCsvLog } from "./csv-log.ts";
import type { Hears } from "./hears.ts";
import { factLimits } from "./log-catalogue.ts";
import { numberedNames } from "./log-names.ts";

/** An event as the Application log holds it. */
export interface LoggedEvent {
  /** Its place in what the log holds, from 1. */
  index: number;
  at: Date;
  id: number;
  source: string;
  level: string;
  category: string;
  text: string;
}

interface EventLogOptions {
  /** Whose events to write. */
  server: string;
  /** The server's log folder: `<folder>/Application/Application.ndjson`. */
  folder: string;
  journal: Hears<ApplicationEvent>;
  clock: Clock;
  levels?: EventLevels;
  /** Hears once that events are being lost. */
  onFailure?: (failure: unknown) => void;
}

/** The Application event log of one server. */
export interface EventLog {
  /** Resolves once every event reported so far is on disk. */
  flush(): Promise<void>;
  /** Paths, oldest first. */
  files(): string[];
  /** All that it holds, oldest first: also what an earlier start has written. */
  read(): Promise<readonly LoggedEvent[]>;
  close(): Promise<void>;
}

/**
 * Writes the Application log of one server, one JSON object a line: docs/formats.md#application-log.
 * Ours: the same event with the same parameters is written at most once in a lab hour.
 */
export function startEventLog({ server, folder, journal, clock, levels, onFailure }: EventLogOptions): EventLog {
  const log = openCsvLog({
    folder: join(folder, "Application"),
    names: numberedNames("Application"),
    header: () => "",
    clock,
    limits: () => factLimits,
    append: true,
    onFailure,
  });
  const isRepetition = repetitions(3_600_000);
  const stop = journal.on("event", (event) => {
    if (event.server !== server || isRepetition(event)) return;
    const { source, level, category, text } = describeEvent(event.id, event.parameters, levels);
    log.append(JSON.stringify({ at: event.at, id: event.id, source, level, category, text }), event.at);
  });
  return {
    flush: () => log.flush(),
    files: () => log.files(),
    async read() {
      const files = log.files(); // one that is begun while the others are flushed is not there yet
      await log.flush();
      const texts = await Promise.all(files.map((path) => readFile(path, "utf8").catch(() => "")));
      return texts
        .flatMap((text) => text.split("\n"))
        .flatMap(eventIn)
        .map((event, place) => ({ ...event, index: place + 1 }));
    },
    close() {
      stop();
      return log.close();
    },
  };
}

function eventIn(line: string): Omit<LoggedEvent, "index">[] {
  try {
    const { at, ...event } = JSON.parse(line) as Omit<LoggedEvent, "index" | "at"> & { at: string };
    return [{ ...event, at: new Date(at) }];
  } catch {
    return []; // the end of the file, or what a crash has cut off
  }
}

/** Whether the same event was let through less than `withinMs` of lab time before. */
function repetitions(withinMs: number): (event: ApplicationEvent) => boolean {
  const lastAt = new Map<string, number>();
  return ({ id, parameters, at }) => {
    const key = JSON.stringify([id, ...parameters]);
    const last = lastAt.get(key);
    if (last !== undefined && at.getTime() - last < withinMs) return true;
    if (lastAt.size >= 10_000) lastAt.clear(); // bounded: what is forgotten may be written once more
    lastAt.set(key, at.getTime());
    return false;
  };
}
