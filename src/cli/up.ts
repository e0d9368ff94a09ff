import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { LabError, removeFolder } from "../base/index.ts";
import { type Lab, startLab } from "../lab/index.ts";
import { controlFolder, runLine, serveControl, type ShellResult } from "../shell/index.ts";
import { formatLabError } from "./action.ts";
import { describeLab } from "./describe-lab.ts";
import { loadAll } from "./find-scenarios.ts";
import type { ExitCode, Io } from "./io.ts";
import { labOptions } from "./lab-options.ts";

export interface UpOptions {
  logs: string;
  directory: string;
  data?: string;
  fresh?: boolean;
}

/** `hubedge up PATH`: a lab that stays, with a shell on standard input and for `hubedge shell`. */
export async function up(path: string, options: UpOptions, io: Io): Promise<ExitCode> {
  const [scenario] = (await loadAll([path], io)) ?? [];
  if (!scenario) return 2;
  const { id } = scenario.topology;
  const dataFolder = resolve(io.cwd, options.data ?? join(dirname(scenario.file), ".hubedge", id));
  if (options.fresh) await removeFolder(dataFolder);
  const lab = await startLab(scenario.topology, labOptions(io, options, { dataFolder, keepLogs: true }));
  try {
    const execute = (line: string, server = firstHub(lab)): Promise<ShellResult> =>
      runLine(line, { server: lab.server(server) });
    const control = await serveControl({ folder: controlFolder(), labId: id, execute });
    try {
      io.out(`${describeLab(lab)}\nOne cmdlet per line; Enter-PSSession SERVER changes servers, quit ends the lab.\n`);
      await takeLines(lab, execute, io);
    } finally {
      await control.close();
    }
  } finally {
    await lab.close();
  }
  io.out(`The logs are in ${lab.logsFolder}\n`);
  return 0;
}

const firstHub = (lab: Lab): string => lab.listeners()[0]?.server ?? (lab.serverNames()[0] as string);

type ExecuteLine = (line: string, server: string) => Promise<ShellResult>;

/** Until `quit` or Ctrl-C; a person's Ctrl-D ends it, the end of a script does not. */
async function takeLines(lab: Lab, execute: ExecuteLine, io: Io): Promise<void> {
  const lines = createInterface({ input: io.input, crlfDelay: Number.POSITIVE_INFINITY });
  let current = firstHub(lab);
  const prompt = (): void => {
    if (io.interactive) io.out(`[PS] ${current}> `);
  };
  const takeLine = async (line: string): Promise<void> => {
    const entered = /^Enter-PSSession\s+(\S+)$/i.exec(line)?.[1];
    try {
      if (entered !== undefined) current = lab.server(entered).name;
      else if (line !== "") io.out(ended((await execute(line, current)).text));
    } catch (failure) {
      if (!(failure instanceof LabError)) throw failure;
      io.err(formatLabError(failure));
    }
    prompt();
  };
  await new Promise<void>((end, fail) => {
    const forget = io.onInterrupt(end);
    let work = Promise.resolve();
    const stop = (): void => {
      forget();
      end();
    };
    lines.on("line", (text) => {
      const line = text.trim();
      // `quit` waits for the lines before it.
      work = work.then(() => (/^(?:quit|exit)$/i.test(line) ? stop() : takeLine(line))).catch(fail);
    });
    lines.on("close", () => {
      if (io.interactive) stop();
    });
    prompt();
  });
  lines.close();
}

const ended = (text: string): string => (text === "" ? "" : `${text}\n`);
