import { LabError } from "../base/index.ts";
import type { ExitCode, Io } from "./io.ts";

/**
 * Runs a command's body: its exit code, or the error's words and remedy with 2 where the command line itself is wrong
 * and 3 where the environment is. What is no LabError is a bug.
 */
export async function act(io: Io, body: () => Promise<ExitCode>): Promise<void> {
  try {
    io.exit(await body());
  } catch (failure) {
    if (failure instanceof LabError) io.err(formatLabError(failure));
    else io.err(`This is a bug in hubedge:\n${failure instanceof Error ? failure.stack : String(failure)}\n`);
    io.exit(failure instanceof LabError && failure.code.startsWith("RUN_") ? 2 : 3);
  }
}

export const formatLabError = ({ code, message, remedy }: LabError): string =>
  `${code}: ${message}\n    remedy: ${remedy}\n`;
