import { formatCsvField, parseCsvLine } from "./csv.ts";
import { formatEndpoint } from "./endpoint.ts";
import type { ProtocolRow } from "./session.ts";

/**
 * The columns of a protocol log, in order: the header's last line and every row come from this one table.
 * Source: [aa997624]; how each is written: docs/formats.md#protocol-logs.
 */
const columns: readonly { name: string; value: (row: ProtocolRow, timeOf: (at: Date) => string) => string }[] = [
  { name: "date-time", value: (row, timeOf) => timeOf(row.at) },
  { name: "connector-id", value: (row) => formatCsvField(row.connectorId) },
  { name: "session-id", value: (row) => row.sessionId },
  { name: "sequence-number", value: (row) => String(row.sequence) },
  { name: "local-endpoint", value: (row) => (row.local === undefined ? "" : formatEndpoint(row.local)) },
  { name: "remote-endpoint", value: (row) => formatEndpoint(row.remote) },
  { name: "event", value: (row) => row.event },
  { name: "data", value: (row) => formatCsvField(row.data) },
  { name: "context", value: (row) => formatCsvField(row.context) },
];

const protocolLogFields: readonly string[] = columns.map((column) => column.name);

const logTypes = { SmtpSend: "SMTP Send Protocol Log", SmtpReceive: "SMTP Receive Protocol Log" } as const;

/**
 * One row of a protocol log without its line end. Whatever a peer sent, it is one line of nine CSV fields:
 * control characters are shown as `visibleText` has them.
 *
 * @param timeOf writes the time; whoever writes many rows passes a `timeFormatter`
 */
export function formatProtocolRow(row: ProtocolRow, timeOf = (at: Date): string => at.toISOString()): string {
  let line = "";
  for (const column of columns) line += line === "" ? column.value(row, timeOf) : `,${column.value(row, timeOf)}`;
  return line;
}

/** A faster `toISOString` for times that come in order: all but the milliseconds is kept from one to the next. */
export function timeFormatter(): (at: Date) => string {
  let second = Number.NaN;
  let prefix = "";
  return (at) => {
    const ms = at.getTime();
    const fraction = ((ms % 1000) + 1000) % 1000;
    if (ms - fraction !== second) {
      second = ms - fraction;
      prefix = at.toISOString().slice(0, -4);
    }
    return `${prefix}${fraction < 10 ? "00" : fraction < 100 ? "0" : ""}${fraction}Z`;
  };
}

/**
 * The five lines that open a protocol log file, each with its line end.
 * Source: published logs of later versions; the number 8.0.0.0 is Inferred from theirs.
 *
 * @param version as `#Version` has it: `8.0.0.0`
 * @param date lab time at which the file was made
 */
export const protocolLogHeader = (log: ProtocolRow["log"], version: string, date: Date): string =>
  [
    "#Software: Microsoft Exchange Server",
    `#Version: ${version}`,
    `#Log-type: ${logTypes[log]}`,
    `#Date: ${date.toISOString()}`,
    `#Fields: ${protocolLogFields.join(",")}`,
    "",
  ].join("\n");

/** A row as a file holds it: all of it text but the sequence number, for it may be somebody else's, masked or cut. */
export interface LoggedRow {
  at: string;
  connectorId: string;
  sessionId: string;
  sequence: number;
  local: string;
  remote: string;
  /** One of `+ - > < *`; empty where whoever published the log lost it. */
  event: string;
  data: string;
  context: string;
}

/**
 * One line of a protocol log file. `asWritten` is there only where this codec would write the row otherwise; `end` is
 * a carriage return where the file has Windows line ends.
 */
type ProtocolLogLine = { end: "" | "\r" } & (
  | { kind: "header"; text: string }
  | { kind: "row"; row: LoggedRow; fields: readonly string[]; asWritten?: string }
  | { kind: "unreadable"; text: string }
);

/** A protocol log file, read. */
interface ProtocolLog {
  /** The header's values by name (`Software`, `Log-type`, …); empty for an excerpt without header. */
  header: ReadonlyMap<string, string>;
  lines: readonly ProtocolLogLine[];
}

/**
 * Reads a protocol log of any Exchange version, whole or an excerpt. Never throws: a line that is no row is kept as
 * it stands, columns that are not known are kept too, and `formatProtocolLog` gives the same text back.
 */
export function parseProtocolLog(text: string): ProtocolLog {
  const header = new Map<string, string>();
  const lines = text.split("\n").map((line): ProtocolLogLine => {
    const end = line.endsWith("\r") ? "\r" : "";
    const content = line.slice(0, line.length - end.length);
    const heading = /^\uFEFF?#([^:]+): ?(.*)$/.exec(content);
    if (!heading) return { end, ...parseRow(content, header.get("Fields")) };
    header.set(heading[1] as string, heading[2] as string);
    return { end, kind: "header", text: content };
  });
  return { header, lines };
}

/** The text of a protocol log: what `parseProtocolLog` read, to the letter. */
export const formatProtocolLog = (log: ProtocolLog): string =>
  log.lines.map((line) => formatLine(line) + line.end).join("\n");

const formatLine = (line: ProtocolLogLine): string =>
  line.kind === "row" ? (line.asWritten ?? formatFields(line.fields)) : line.text;

const formatFields = (fields: readonly string[]): string => fields.map(formatCsvField).join(",");

/** The rows of a log that could be read, in the order of the file. */
export const rowsOf = (log: ProtocolLog): LoggedRow[] =>
  log.lines.flatMap((line) => (line.kind === "row" ? line.row : []));

function parseRow(line: string, declared: string | undefined) {
  const fields = parseCsvLine(line);
  const row = fields && rowFrom(fields, declared?.split(",") ?? protocolLogFields);
  if (!fields || !row) return { kind: "unreadable", text: line } as const;
  const read = { kind: "row", row, fields } as const;
  return formatFields(fields) === line ? read : { ...read, asWritten: line };
}

/** Undefined when these are not the fields of a protocol log's row. */
function rowFrom(fields: readonly string[], names: readonly string[]): LoggedRow | undefined {
  const values = protocolLogFields.map((name) => fields[names.indexOf(name)]);
  const [
    at = "",
    connectorId = "",
    sessionId = "",
    sequence = "",
    local = "",
    remote = "",
    event = "",
    data = "",
    context = "",
  ] = values;
  if (values.includes(undefined) || !/^\d{1,9}$/.test(sequence) || !/^[-+<>*]?$/.test(event)) return undefined;
  return { at, connectorId, sessionId, sequence: Number(sequence), local, remote, event, data, context };
}

/**
 * The sessions in a stream of rows, in the order in which they began there, each with its rows by sequence number:
 * sessions that ran at the same time are interleaved in a log.
 *
 * @param keyOf what tells sessions apart; by default their id
 */
export function groupSessions<R extends { sessionId: string; sequence: number }>(
  rows: Iterable<R>,
  keyOf: (row: R) => string = (row) => row.sessionId,
): R[][] {
  const sessions = new Map<string, R[]>();
  for (const row of rows) {
    const known = sessions.get(keyOf(row));
    if (known) known.push(row);
    else sessions.set(keyOf(row), [row]);
  }
  return [...sessions.values()].map((session) => session.toSorted((a, b) => a.sequence - b.sequence));
}
