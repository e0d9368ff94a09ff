import { createInterface } from "node:readline";
import { LabError } from "../base/index.ts";
import { connectControl, type ControlConnection, controlFolder } from "../shell/index.ts";
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
 * @returns 0, 1 where a line failed, 3 where there is no lab to attach to
 */
export async function runShell(options: ShellOptions, io: Io): Promise<ExitCode> {
  const folder = options.folder ?? controlFolder();
  try {
    const lab = await connectControl({ folder, ...(options.lab === undefined ? {} : { labId: options.lab }) });
    try {
      return await runLines(lab, options, io);
    } finally {
      lab.close();
    }
  } catch (failure) {
    report(failure, io);
    return 3;
  }
}

async function runLines(lab: ControlConnection, { command, on }: ShellOptions, io: Io): Promise<ExitCode> {
  if (command !== undefined) return runOne(lab, command, on, io);
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
    report(failure, io);
    return 1;
  }
}

function report(failure: unknown, io: Io): void {
  if (!(failure instanceof LabError)) throw failure;
  io.err(`${failure.message}\n  ${failure.remedy}\n`);
}
