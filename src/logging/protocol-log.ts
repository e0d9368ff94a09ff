import { join } from "node:path";
import type { Clock } from "../base/index.ts";
import type { TransportSettings } from "../directory/index.ts";
import { formatProtocolRow, type ProtocolRow, protocolLogHeader, timeFormatter } from "../smtp/index.ts";
import { type CsvLog, openCsvLog } from "./csv-log.ts";
import type { Hears } from "./hears.ts";
import type { LogLimits } from "./log-catalogue.ts";
import { dailyNames } from "./log-names.ts";

type LogKind = ProtocolRow["log"];

/** Source: [aa997624] (folders, prefixes); the limits' names: [bb124238]. */
const logKinds: Readonly<Record<LogKind, { prefix: string; limits: (settings: TransportSettings) => LogLimits }>> = {
  SmtpSend: {
    prefix: "SEND",
    limits: (settings) => ({
      maxFileSizeBytes: settings.sendProtocolLogMaxFileSizeBytes,
      maxDirectorySizeBytes: settings.sendProtocolLogMaxDirectorySizeBytes,
      maxAgeMs: settings.sendProtocolLogMaxAgeMs,
    }),
  },
  SmtpReceive: {
    prefix: "RECV",
    limits: (settings) => ({
      maxFileSizeBytes: settings.receiveProtocolLogMaxFileSizeBytes,
      maxDirectorySizeBytes: settings.receiveProtocolLogMaxDirectorySizeBytes,
      maxAgeMs: settings.receiveProtocolLogMaxAgeMs,
    }),
  },
};

/** Inferred: later versions write theirs as 14.0.0.0 and 15.0.0.0. */
const version = "8.0.0.0";

interface ProtocolLogsOptions {
  /** Whose rows to write. */
  server: string;
  /** The server's log folder: `<folder>/ProtocolLog/SmtpSend/SEND20080512-1.LOG`. */
  folder: string;
  journal: Hears<ProtocolRow>;
  clock: Clock;
  /** In force now; read again for every batch of rows. */
  settings: () => TransportSettings;
  /** Hears once per log that rows are being lost. */
  onFailure?: (failure: unknown) => void;
}

/** The Send and the Receive log of one server. */
export interface ProtocolLogs {
  /** Resolves once every row reported so far is on disk. */
  flush(): Promise<void>;
  /** Paths, oldest first. */
  files(log: LogKind): string[];
  close(): Promise<void>;
}

/**
 * Writes the protocol logs of one server: all its Send connectors share one, all Receive connectors the other.
 * Whether a connector logs is its session's affair; what is reported is written. Goes on in files it finds.
 * Source: [aa997624].
 */
export function startProtocolLogs(options: ProtocolLogsOptions): ProtocolLogs {
  const { server, folder, journal, clock, settings, onFailure } = options;
  const open = (log: LogKind): CsvLog =>
    openCsvLog({
      folder: join(folder, "ProtocolLog", log),
      names: dailyNames(logKinds[log].prefix),
      header: (date) => protocolLogHeader(log, version, date),
      clock,
      limits: () => logKinds[log].limits(settings()),
      append: true,
      onFailure,
    });
  const logs: Record<LogKind, CsvLog> = { SmtpSend: open("SmtpSend"), SmtpReceive: open("SmtpReceive") };
  const timeOf = timeFormatter();
  const stop = journal.on("protocolRow", (row) => {
    if (row.server === server) logs[row.log].append(formatProtocolRow(row, timeOf), row.at);
  });
  const both = async (task: (log: CsvLog) => Promise<void>): Promise<void> => {
    await Promise.all(Object.values(logs).map(task));
  };
  return {
    flush: () => both((log) => log.flush()),
    files: (log) => logs[log].files(),
    close() {
      stop();
      return both((log) => log.close());
    },
  };
}
