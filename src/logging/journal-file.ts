import type { Clock, DecisionRecord } from "../base/index.ts";
import { timeFormatter } from "../smtp/index.ts";
import { openCsvLog } from "./csv-log.ts";
import type { FactJournal } from "./facts.ts";
import {
  recordOfDecision,
  recordOfDirectoryChange,
  recordOfEvent,
  recordOfMessage,
  recordOfSameDecision,
  recordOfSession,
} from "./journal-record.ts";
import { factLimits } from "./log-catalogue.ts";
import { numberedNames } from "./log-names.ts";

interface JournalFileOptions {
  /** The lab's log folder: `<folder>/journal-<process>.ndjson`. */
  folder: string;
  /** The name of this process within the lab: `main`, or the server of a node. */
  process: string;
  journal: FactJournal;
  clock: Clock;
  /** Hears once that records are being lost. */
  onFailure?: (failure: unknown) => void;
}

/** The journal of one process, on disk. */
interface JournalFile {
  /** Resolves once everything reported so far is on disk. */
  flush(): Promise<void>;
  /** Paths, oldest first. */
  files(): string[];
  close(): Promise<void>;
}

/**
 * Writes the facts that this process reports, one JSON object a line: docs/formats.md#journal. Journals of several
 * processes merge by `at`, `process`, `sequence`. Each start begins a new file, with sequence 1.
 */
export function startJournalFile({ folder, process, journal, clock, onFailure }: JournalFileOptions): JournalFile {
  const log = openCsvLog({
    folder,
    names: numberedNames(`journal-${process}`),
    header: () => "",
    clock,
    limits: () => factLimits,
    append: false,
    onFailure,
  });
  let sequence = 0;
  const timeOf = timeFormatter();
  const name = JSON.stringify(process);
  // Head and record are joined as text: records are many, and a spread costs more than all the rest.
  const write = (at: Date, record: object): void => {
    const head = `{"at":"${timeOf(at)}","process":${name},"sequence":${++sequence}`;
    log.append(`${head},${JSON.stringify(record).slice(1)}`, at);
  };
  const earlier = rememberDecisions();
  const stops = [
    journal.on("session", (session) => write(session.endedAt, recordOfSession(session))),
    journal.on("message", (message) => write(message.at, recordOfMessage(message))),
    journal.on("event", (event) => write(event.at, recordOfEvent(event))),
    journal.on("directoryChange", (change) => write(change.at, recordOfDirectoryChange(change))),
    journal.on("decision", (decision) => {
      const same = earlier(decision, sequence + 1);
      write(decision.at, same === undefined ? recordOfDecision(decision) : recordOfSameDecision(decision, same));
    }),
  ];
  return {
    flush: () => log.flush(),
    files: () => log.files(),
    close() {
      for (const stop of stops) stop();
      return log.close();
    },
  };
}

/**
 * Finds the record of the same outcome by the same steps, whoever it was about; otherwise remembers this one under the
 * sequence number it gets. Bounded: what is forgotten is written in full once more.
 */
function rememberDecisions(): (decision: DecisionRecord, sequence: number) => number | undefined {
  const sequences = new Map<string, number>();
  return ({ about, outcome, steps }, sequence) => {
    const key = JSON.stringify([about, outcome, steps]);
    const same = sequences.get(key);
    if (same !== undefined) return same;
    if (sequences.size >= 10_000) sequences.clear();
    sequences.set(key, sequence);
    return undefined;
  };
}
