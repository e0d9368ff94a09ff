import { openInput } from "./terminal/input.ts";
import { repl } from "./terminal/repl.ts";
import { describeLab } from "./describe-lab.ts";
import { type LabHere, type LabToStart, startHere } from "./here.ts";
import { type ExitCode, interruption, type Io } from "./io.ts";

/** `hubedge up PATH`: a lab that stays, with a shell on standard input and for `hubedge shell`. */
export async function up(path: string, options: LabToStart, io: Io): Promise<ExitCode> {
  const here = await startHere(path, options, io);
  if (!here) return 2;
  try {
    io.out(
      `${describeLab(here.lab)}\nOne cmdlet per line; Enter-PSSession SERVER changes servers, quit ends the lab.\n`,
    );
    await takeLines(here, io);
  } finally {
    await here.close();
  }
  io.out(`The logs are in ${here.lab.logsFolder}\n`);
  return 0;
}

/** Until `quit`, or Ctrl-C twice; a person's Ctrl-D ends it, the end of a script does not; a signal does at once. */
async function takeLines(here: LabHere, io: Io): Promise<void> {
  const { signal: until, forget } = interruption(io);
  const interrupted = new Promise<void>((resolve) => until.addEventListener("abort", () => resolve()));
  const input = await openInput(io);
  try {
    const session = here.openSession(undefined, input.host);
    input.completeBy(session);
    const warning = "Press Ctrl-C again (or type exit) to end the lab.";
    const lines = repl({ session, source: input.source, io, stopAtFailure: false, warning, until });
    const ended = lines.then(async ({ by }) => {
      if (by === "end" && !io.interactive) await interrupted;
    });
    await Promise.race([ended, interrupted]);
  } finally {
    forget();
    await input.close();
  }
}
