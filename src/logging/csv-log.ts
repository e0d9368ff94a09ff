import { type CatalogueOptions, LogCatalogue, type LogFile } from "./log-catalogue.ts";
import { LogWriter } from "./log-writer.ts";

interface CsvLogOptions extends CatalogueOptions {
  /** Hears once that rows are being lost (a full disk, a folder that may not be written), and nothing more. */
  onFailure?: ((failure: unknown) => void) | undefined;
}

/** One log: rows go in at once and in order; files are written, begun and removed behind them. */
export interface CsvLog {
  /** @param at lab time of the row: says which day's file it belongs to */
  append(line: string, at: Date): void;
  /** Resolves once every row appended so far is in its file. Never rejects: see `onFailure`. */
  flush(): Promise<void>;
  /** Paths of the files that are kept, oldest first; the newest may not be on disk before a flush. */
  files(): string[];
  close(): Promise<void>;
}

/** Rows wait this long, real time, or until there are this many characters of them, to be written together. */
const gatherMs = 100;
const gatherCharacters = 64 * 1024;

/**
 * Opens a log that rotates as Exchange's do: a new file on a new UTC day, and when the next row would pass the size
 * limit; the oldest files go when the folder or their age reaches its limit. Touches nothing before the first row.
 *
 * Source: [aa997624] (names, limits). Ours: a file's age is lab time since its last row, looked at with every new file
 * and once a lab day.
 */
export function openCsvLog(options: CsvLogOptions): CsvLog {
  const writer = new LogWriter(options.onFailure ?? (() => {}));
  const catalogue = new LogCatalogue(options, (path) => {
    handOver(); // or rows that wait for this file would make it anew
    writer.remove(path);
  });
  let waiting = "";
  let file: LogFile | undefined;
  let timer: NodeJS.Timeout | undefined;

  const handOver = (): void => {
    clearTimeout(timer);
    if (waiting === "" || file === undefined) return;
    const { path, startedAt } = file;
    writer.write({ path, text: waiting, header: () => options.header(startedAt) });
    waiting = "";
  };

  return {
    append(line, at) {
      if (waiting === "") catalogue.limits = options.limits(); // once per batch, for rows are many
      const next = catalogue.place(at, Buffer.byteLength(line) + 1);
      if (next !== file) handOver();
      file = next;
      if (waiting === "") timer = setTimeout(handOver, gatherMs).unref();
      waiting += `${line}\n`;
      if (waiting.length > gatherCharacters) handOver();
    },
    flush() {
      handOver();
      return writer.idle();
    },
    files: () => catalogue.paths(),
    close() {
      catalogue.close();
      handOver();
      return writer.close();
    },
  };
}
