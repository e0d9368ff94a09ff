import { connectControl, type ControlConnection, controlFolder, type ShellHost } from "../shell/index.ts";
import { describeDisks } from "./describe-lab.ts";
import { openInput } from "./terminal/input.ts";
import { type LineSource, repl } from "./terminal/repl.ts";
import { type LabToStart, startHere } from "./here.ts";
import { type ExitCode, interruption, type Io } from "./io.ts";

interface ShellOptions extends LabToStart {
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
 * `hubedge shell`: runs cmdlets in a lab that `hubedge up` started, or in the lab of a scenario file that it starts and
 * ends itself. A script from standard input ends at the first line that fails; a person at a terminal may go on.
 *
 * @returns 0, or 1 where a line failed, or 3 where the lab ended first, or 130 where it was interrupted; rejects with CONTROL_… where there is no lab to attach to
 */
export async function runShell(path: string | undefined, options: ShellOptions, io: Io): Promise<ExitCode> {
  if (path === undefined) return await attach(options, io);
  const started = await startHere(path, options, io);
  if (!started) return 2;
  try {
    io.err(`${describeDisks(started.lab)}\n`); // what is on standard output may be read by a program
    return await attach({ ...options, lab: started.lab.id }, io);
  } finally {
    await started.close();
  }
}

async function attach(options: ShellOptions, io: Io): Promise<ExitCode> {
  const { signal, forget } = interruption(io);
  try {
    const code = await takeLines(options, io, signal);
    return signal.aborted ? 130 : code;
  } finally {
    forget();
  }
}

async function takeLines(
  { command, lab, on, folder = controlFolder() }: ShellOptions,
  io: Io,
  until: AbortSignal,
): Promise<ExitCode> {
  const connect = (host: ShellHost | undefined): Promise<ControlConnection> =>
    connectControl({ folder, labId: lab, server: on, host });
  if (command !== undefined) return await runCommand(await connect(undefined), command, io, until);
  const input = await openInput(io);
  try {
    const session = await connect(input.host);
    input.completeBy(session);
    try {
      return await takeLinesUntilEnd(session, input.source, io, until);
    } finally {
      session.close();
    }
  } finally {
    await input.close();
  }
}

/** A shell ends with its lab, also while nobody types. */
async function takeLinesUntilEnd(
  session: ControlConnection,
  source: LineSource,
  io: Io,
  until: AbortSignal,
): Promise<ExitCode> {
  const { code, by } = await repl({
    session,
    source,
    io,
    stopAtFailure: !io.interactive,
    until: AbortSignal.any([until, session.ended]),
    abandon: () => session.abandon(),
  });
  if (by !== "end" || !session.ended.aborted) return code;
  io.err(`${io.interactive ? "\n" : ""}Lab "${session.labId}" has ended.\n`);
  return 3;
}

async function runCommand(session: ControlConnection, command: string, io: Io, until: AbortSignal): Promise<ExitCode> {
  let given: string | undefined = command;
  const read = async () => {
    const text = given;
    given = undefined;
    return text === undefined ? ({ kind: "end" } as const) : ({ kind: "line", text } as const);
  };
  try {
    const source = { columns: undefined, read, onInterrupt: () => () => undefined };
    return (await repl({ session, source, io, stopAtFailure: true, until })).code;
  } finally {
    session.close();
  }
}
