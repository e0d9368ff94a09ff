import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { parseProtocolLog, rowsOf } from "../smtp/index.ts";
import { logUnreadable, noProtocolLogs, noSuchSession, notAProtocolLog } from "./errors.ts";
import { namesFromJournals } from "./read-journal.ts";
import { certificateNames, type SessionFilter, type StreamRow, selectSessions, sessionsOf } from "./sessions.ts";

/** What was found in protocol logs. */
interface FoundSessions {
  /** In the order in which they began, each with its rows in order. */
  sessions: StreamRow[][];
  /** What the certificates are that rows name, by thumbprint, as far as these logs and the lab's journal tell. */
  certificates: Map<string, string>;
  /** Lines that are neither rows nor header, and were passed over. */
  unreadableLines: number;
}

/**
 * Reads the sessions in SMTP protocol logs of any Exchange version: ours, real ones, excerpts.
 *
 * @param paths files, or folders, in which every protocol log is read and other files are passed over
 * @throws LOG_UNREADABLE, LOG_NOT_PROTOCOL, LOG_NONE_FOUND; LOG_SESSION_UNKNOWN when the filter matches nothing
 */
export async function readSessions(paths: readonly string[], filter: SessionFilter = {}): Promise<FoundSessions> {
  const found = (await Promise.all(paths.map(readPath))).flat();
  const logs = [...new Map(found.map((log) => [resolve(log.path), log])).values()]; // a folder and a file in it
  if (logs.length === 0) throw noProtocolLogs(paths);
  const all = sessionsOf(logs.flatMap((log) => log.rows)).sort(byBeginning);
  const sessions = selectSessions(all, filter);
  const wanted = filter.session ?? filter.message;
  if (wanted !== undefined && sessions.length === 0) throw noSuchSession(wanted, all.length);
  const fromJournals = await namesFromJournals(logs.map((log) => log.path));
  return {
    sessions,
    certificates: new Map([...fromJournals, ...certificateNames(all)]),
    unreadableLines: logs.reduce((count, log) => count + log.unreadableLines, 0),
  };
}

interface FoundLog {
  path: string;
  rows: StreamRow[];
  unreadableLines: number;
}

const byBeginning = (a: readonly StreamRow[], b: readonly StreamRow[]): number =>
  (a[0]?.at ?? "").localeCompare(b[0]?.at ?? "");

async function readPath(path: string): Promise<FoundLog[]> {
  const refuse = (cause: unknown): never => {
    throw logUnreadable(path, cause);
  };
  if ((await stat(path).catch(refuse)).isDirectory()) return await readFolder(path).catch(refuse);
  const log = await readLog(path).catch(refuse);
  if (log === undefined) throw notAProtocolLog(path);
  return [log];
}

async function readFolder(path: string): Promise<FoundLog[]> {
  const names = (await readdir(path, { recursive: true })).filter((name) => /\.log$/i.test(name));
  const inOrder = names.sort(new Intl.Collator("en", { numeric: true }).compare); // -2 before -10
  const logs = await Promise.all(inOrder.map((name) => readLog(join(path, name))));
  return logs.filter((log) => log !== undefined);
}

/** Undefined when it has neither the header nor a row of a protocol log. */
async function readLog(path: string): Promise<FoundLog | undefined> {
  const log = parseProtocolLog(await readFile(path, "utf8"));
  const stream = streamOf(path);
  const rows = rowsOf(log).map((row) => ({ ...row, stream }));
  if (rows.length === 0 && !/protocol log/i.test(log.header.get("Log-type") ?? "")) return undefined;
  const unreadable = log.lines.filter((line) => line.kind === "unreadable" && line.text !== "");
  return { path, rows, unreadableLines: unreadable.length };
}

/** A session may go on in the next file of the same log; files named otherwise stand for themselves. */
const streamOf = (path: string): string => {
  const prefix = /^(SEND|RECV)\d+-\d+\.log$/i.exec(basename(path))?.[1];
  return prefix === undefined ? resolve(path) : join(dirname(resolve(path)), prefix.toUpperCase());
};
