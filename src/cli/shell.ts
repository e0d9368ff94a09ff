import { createInterface } from "node:readline";
import { LabError } from "../base/index.ts";
import { connectControl, type ControlConnection, controlFolder } from "../shell/index.ts";
import { formatLabError } from "./action.ts";
import type { ExitCode, Io } from "./io.ts";

interface ShellOptions {
  /** One line to run; without it, lines come from standard input. */
  command?: string;
  /** The lab's id; without it, the only one that runs. */
  lab?: string;
  /** The server to run on; without it, the lab's first Hub. */
  on?: string;
  /** Where running labs register; default: this user's control folder. */
  folder?: string;
}

/**
 * `hubedge shell`: runs cmdlets in a lab that `hubedge up` started. A script from standard input ends at the first
 * line that fails; a person at the keyboard may go on.
 *
 * @returns 0, or 1 where a line failed; rejects with CONTROL_… where there is no lab to attach to
 */
export async function runShell(
  { command, lab, on, folder = controlFolder() }: ShellOptions,
  io: Io,
): Promise<ExitCode> {
  const attached = await connectControl({ folder, ...(lab === undefined ? {} : { labId: lab }) });
  try {
    return command === undefined ? await runScript(attached, on, io) : await runOne(attached, command, on, io);
  } finally {
    attached.close();
  }
}

async function runScript(lab: ControlConnection, on: string | undefined, io: Io): Promise<ExitCode> {
  let worst: ExitCode = 0;
  for await (const line of createInterface({ input: io.input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if ((await runOne(lab, line, on, io)) === 0) continue;
    worst = 1;
    if (!io.interactive) break;
  }
  return worst;
}

async function runOne(lab: ControlConnection, line: string, on: string | undefined, io: Io): Promise<ExitCode> {
  try {
    const { text } = await lab.execute(line, on);
    if (text !== "") io.out(`${text}\n`);
    return 0;
  } catch (failure) {
    if (!(failure instanceof LabError)) throw failure;
    io.err(formatLabError(failure));
    return 1;
  }
}
