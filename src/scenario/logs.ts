import { readFile } from "node:fs/promises";
import { groupSessions, type Lab, type LoggedRow, parseProtocolLog, rowsOf } from "../lab/index.ts";
import type { StepContext } from "./steps/define-step.ts";

export type LogKind = "SmtpSend" | "SmtpReceive";

/** Every row of one server's log, read from the files on disk after a flush, oldest first. */
export async function readRows(lab: Lab, server: string, kind: LogKind): Promise<LoggedRow[]> {
  const files = await lab.protocolLogs(server, kind);
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return texts.flatMap((text) => rowsOf(parseProtocolLog(text)));
}

/** Which sessions of a log are meant: those of a connector, and, where given, only these ids. */
export interface SessionChoice {
  connector: string | undefined;
  sessions: readonly string[] | undefined;
}

/** The sessions of a choice, in order of their start, each with its rows in sequence. */
export const sessionsIn = (rows: readonly LoggedRow[], { connector, sessions }: SessionChoice): LoggedRow[][] =>
  groupSessions(rows).filter(
    ([first]) =>
      (connector === undefined || first?.connectorId === connector) &&
      (sessions === undefined || sessions.includes(first?.sessionId ?? "")),
  );

/**
 * The rows that match `wanted`, one for one and in that order, others between them allowed, in the first session that
 * has them all. Undefined when no session has.
 *
 * @param wanted `event,data,context` each, `<any>` for what varies
 */
export function findRows(
  rows: readonly LoggedRow[],
  wanted: readonly string[],
  choice: SessionChoice,
): LoggedRow[] | undefined {
  return sessionsIn(rows, choice)
    .map((session) => matchInOrder(session, wanted))
    .find((matched) => matched.length === wanted.length);
}

/** As many of the wanted rows as are there in order, from the first on. */
export function matchInOrder(session: readonly LoggedRow[], wanted: readonly string[]): LoggedRow[] {
  const matched: LoggedRow[] = [];
  for (const row of session) {
    const next = wanted[matched.length];
    if (next !== undefined && isMatch(row, next)) matched.push(row);
  }
  return matched;
}

/** A wanted row is split at its first comma and at its last: the text between may hold commas of its own. */
function isMatch(row: LoggedRow, wanted: string): boolean {
  const first = wanted.indexOf(",");
  const last = wanted.lastIndexOf(",");
  const fields = [wanted.slice(0, first), wanted.slice(first + 1, last), wanted.slice(last + 1)];
  return [row.event, row.data, row.context].every((text, index) => isLike(text, fields[index] ?? ""));
}

/** `<any>` stands for anything, as a whole field or within one. */
export function isLike(text: string, wanted: string): boolean {
  const parts = wanted.split("<any>").map((part) => part.replace(/[\\^$.|?+*()[\]{}]/g, String.raw`\$&`));
  return parts.length === 1 ? text === wanted : new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}

/** `event,data,context` of a row, as scenario files write it. */
export const formatShort = (row: LoggedRow): string => `${row.event},${row.data},${row.context}`;

/** Ids of the sessions in which a server sent, or received, a message that an earlier step named. */
export function sessionOf(
  { lab, memory }: StepContext,
  message: string,
  log: { server: string; kind: LogKind },
): string[] {
  const id = memory.messages.get(message) ?? "";
  const side = log.kind === "SmtpSend" ? "send" : "receive";
  return lab.facts
    .sessions()
    .filter((session) => session.server === log.server && session.side === side && session.messages.includes(id))
    .map((session) => session.sessionId);
}

export const thumbprintsIn = (rows: readonly LoggedRow[]): string[] =>
  rows.filter((row) => row.context === "Certificate thumbprint").map((row) => row.data);
