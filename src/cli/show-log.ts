import { LabError } from "../base/index.ts";
import { formatSessions, readSessions } from "../lab/index.ts";
import { formatLabError } from "./action.ts";
import type { ExitCode, Io } from "./io.ts";

/** Prints the sessions of any Exchange protocol logs, in order: 0, or 2 with the reason when there is none to show. */
export async function showLog(
  paths: readonly string[],
  filter: { session?: string; message?: string },
  io: Pick<Io, "out" | "err" | "colour">,
): Promise<ExitCode> {
  try {
    const { sessions, certificates, unreadableLines } = await readSessions(paths, filter);
    io.out(formatSessions(sessions, { colour: io.colour, certificates }));
    if (unreadableLines > 0) io.err(`passed over ${unreadableLines} lines that are no rows of a protocol log\n`);
    return 0;
  } catch (failure) {
    if (!(failure instanceof LabError)) throw failure;
    io.err(formatLabError(failure));
    return 2;
  }
}
