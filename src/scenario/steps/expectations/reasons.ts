import type { Lab } from "../../../lab/index.ts";
import { formatShort, readRows, sessionsIn } from "../../logs.ts";
import type { StepContext } from "../define-step.ts";

const shownRows = 14;

/** What became of a message so far, one line per stage. */
export function traceOf({ lab, memory }: StepContext, message: string): string[] {
  const id = memory.messages.get(message);
  return lab.facts
    .messages()
    .filter((record) => record.internetMessageId === id)
    .map(({ server, stage, detail }) => `${server} ${stage}${detail === "" ? "" : `: ${detail}`}`);
}

/** The latest decisions of these servers with their steps, one line each. */
export function decisionsOf(lab: Lab, servers: readonly string[], about?: readonly string[]): string[] {
  return lab.facts
    .decisions()
    .filter((decision) => servers.includes(decision.server) && (about?.includes(decision.about) ?? true))
    .slice(-3)
    .flatMap(({ server, about: what, subject, outcome, steps }) => [
      `${server} ${what} ${subject}: ${outcome}`,
      ...steps.map(({ source, text }) => `  [${source}] ${text}`),
    ]);
}

/** The last rows of the latest session in a server's logs, as the files have them. */
export async function rowsAround(lab: Lab, server: string, kind: "SmtpSend" | "SmtpReceive"): Promise<string[]> {
  const rows = await readRows(lab, server, kind);
  const latest = sessionsIn(rows, { connector: undefined, sessions: undefined }).at(-1) ?? [];
  if (latest.length === 0) return [`${server} ${kind}: no rows (protocol logging is None by default)`];
  return latest
    .slice(-shownRows)
    .map((row) => `${server} ${kind} ${row.sessionId} ${row.sequence} ${formatShort(row)}`);
}
