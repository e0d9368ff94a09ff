import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, symlink } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { Endpoint } from "../../src/smtp/index.ts";
import { root } from "../repo/source-tree.ts";
import { cacheFolder, type Place } from "./lab.ts";

/** How a program ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

/** The real program as a child process. It never outlives its suite. */
export interface Program {
  readonly pid: number;
  /** Both streams as they came. */
  readonly output: string;
  /** Its end, whatever brings it about. */
  readonly exit: Promise<Exit>;
  /**
   * Waits until what it wrote since the last such wait matches, and returns the match; rejects with all that it wrote
   * when it ends first. How long to be patient is the test's affair.
   */
  shows(pattern: RegExp): Promise<RegExpExecArray>;
  /** Types a line. */
  type(line: string): void;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Exit>;
}

const tsx = import.meta.resolve("tsx");
const main = join(root, "src/main.ts");

/**
 * Starts `hubedge …parameters` from the sources, in the suite's folder: logs, temporary files and its control folder
 * lie there; keys come from the cache that test runs share.
 *
 * @param environment beside the usual one, or instead of it where names are the same
 */
export async function startProgram(
  place: Place,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const { argv, env } = await programOf(place, parameters);
  const child = spawn(process.execPath, argv, { cwd: place.path, env: { ...env, ...environment } });
  const program = follow(child);
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill); // a run that is interrupted runs no `after`
  place.atEnd(async () => {
    process.off("exit", kill);
    kill();
    await program.exit;
  });
  return program;
}

/** How the program is started in a suite's folder: what Node is given, and the environment. */
export async function programOf(
  place: Place,
  parameters: readonly string[],
): Promise<{ argv: string[]; env: NodeJS.ProcessEnv }> {
  const { HUBEDGE_REDIS: _redis, HUBEDGE_PROBE: _probe, FORCE_COLOR: _colour, ...usual } = process.env;
  const own = { TMPDIR: await temporaryFolder(place), XDG_CACHE_HOME: cacheFolder, NO_COLOR: "1" };
  return {
    argv: ["--import", tsx, main, ...parameters],
    env: { ...usual, ...own, XDG_STATE_HOME: join(place.path, "state") },
  };
}

/** Empty, but for what tsx has compiled before: it would look for that there. */
async function temporaryFolder(place: Place): Promise<string> {
  const folder = await place.folder("tmp");
  const compiled = `tsx-${userInfo().uid}`;
  await symlink(join(tmpdir(), compiled), join(folder, compiled)).catch(() => {}); // slower without
  return folder;
}

/** What programs of this suite have left in their temporary folder. */
export const leftovers = async (place: Place): Promise<string[]> =>
  (await readdir(join(place.path, "tmp"))).filter((name) => !name.startsWith("tsx-"));

/** Runs `hubedge …parameters` to its end. */
export async function runProgram(...start: Parameters<typeof startProgram>): Promise<Exit> {
  return (await startProgram(...start)).exit;
}

/** A lab that `hubedge up` has started. */
export interface UpLab extends Program {
  /** Where `Ex2007EE\\Default Ex2007EE` listens. */
  endpoint(connector: string): Endpoint;
  /** Of a mailbox, by its address. */
  password(address: string): string;
  /** Types a cmdlet and waits for a match in what comes of it. */
  ask(line: string, answer: RegExp): Promise<RegExpExecArray>;
}

/** Starts `hubedge up …parameters` and waits until it takes cmdlets. */
export async function startUp(...start: Parameters<typeof startProgram>): Promise<UpLab> {
  const [place, parameters, environment] = start;
  const program = await startProgram(place, ["up", ...parameters], environment);
  const [described] = await program.shows(/^[\s\S]*One cmdlet per line.*\n/);
  const find = (pattern: RegExp): string => {
    const found = pattern.exec(described)?.[1];
    if (found === undefined) throw new Error(`hubedge up did not say ${pattern}:\n${described}`);
    return found;
  };
  const literal = (text: string): string => text.replace(/[\\.]/g, "\\$&");
  return Object.assign(Object.create(program) as Program, {
    endpoint(connector: string): Endpoint {
      const [address = "", port = ""] = find(new RegExp(`^${literal(connector)} +(\\S+)$`, "m")).split(":");
      return { address, port: Number(port) };
    },
    password: (address: string) => find(new RegExp(`^${literal(address)} .*password (\\S+)$`, "m")),
    ask(line: string, answer: RegExp): Promise<RegExpExecArray> {
      program.type(line);
      return program.shows(answer);
    },
  });
}

function follow(child: ChildProcessWithoutNullStreams): Program {
  const said = { out: "", err: "" };
  let output = "";
  let read = 0;
  let wake = (): void => {};
  let ended = false;
  const hear = (stream: "out" | "err") => (text: string) => {
    said[stream] += text;
    output += text;
    wake();
  };
  child.stdout.setEncoding("utf8").on("data", hear("out"));
  child.stderr.setEncoding("utf8").on("data", hear("err"));
  child.stdin.on("error", () => {}); // it may end before it has read everything
  const exit = once(child, "close").then(([code, signal]: unknown[]): Exit => {
    ended = true;
    wake();
    return { code: code as Exit["code"], signal: signal as Exit["signal"], ...said };
  });
  return {
    pid: child.pid ?? 0,
    get output() {
      return output;
    },
    exit,
    async shows(pattern) {
      for (;;) {
        const match = pattern.exec(output.slice(read));
        if (match) {
          read += match.index + match[0].length;
          return match;
        }
        if (ended) throw new Error(`hubedge ended and never showed ${pattern}:\n${output}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    type: (line) => void child.stdin.write(`${line}\n`),
    async end(signal) {
      child.kill(signal);
      return exit;
    },
  };
}
