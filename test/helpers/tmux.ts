import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { programOf } from "./cli.ts";
import type { Place } from "./lab.ts";

/** A program in a real pseudo-terminal, seen as a person sees it. It never outlives its suite. */
export interface TerminalWindow {
  /** Presses keys by tmux's names (`Enter`, `Tab`, `Up`, `C-c`); what is no key's name is typed. */
  press(...keys: readonly string[]): void;
  /** Waits until the window matches, and returns what it shows, one text a row without blanks at its end. */
  shows(pattern: RegExp): Promise<string>;
  /** Resolves when the program has ended. */
  readonly ended: Promise<void>;
}

/** Starts `hubedge …parameters` in a window of that size, by a tmux server of its own. */
export async function openTerminal(
  place: Place,
  parameters: readonly string[],
  { columns, rows }: { columns: number; rows: number },
): Promise<TerminalWindow> {
  const { argv, env } = await programOf(place, parameters);
  const size = ["-x", String(columns), "-y", String(rows)];
  const socket = join(await mkdtemp(join(tmpdir(), "hubedge-tmux-")), "s"); // the suite's folder may be too long a path
  const tmux = spawn(
    "tmux",
    ["-S", socket, "-f", "/dev/null", "-C", "new-session", ...size, process.execPath, ...argv],
    {
      cwd: place.path,
      env: { ...env, TERM: "xterm" },
    },
  );
  const control = new Control(tmux);
  void control.ask(`refresh-client -C ${columns},${rows}`);
  place.atEnd(async () => {
    if (tmux.exitCode === null) void control.ask("kill-server");
    await control.ended;
    await rm(dirname(socket), { recursive: true, force: true });
  });
  return control;
}

/** tmux's control mode: commands go in a line each, their answers come between `%begin` and `%end`, with notices between. */
class Control implements TerminalWindow {
  readonly ended: Promise<void>;
  readonly #tmux: ChildProcessWithoutNullStreams;
  /** Whoever waits for the answers to commands, in their order. */
  readonly #waiting: ((answer: string) => void)[] = [() => undefined]; // the first is new-session's
  readonly #watching = new Set<() => void>();

  constructor(tmux: ChildProcessWithoutNullStreams) {
    this.#tmux = tmux;
    tmux.stdin.on("error", () => {}); // it ends with its program
    this.ended = new Promise((resolve) => tmux.once("close", () => resolve()));
    let answer: string[] | undefined;
    createInterface({ input: tmux.stdout }).on("line", (line) => {
      if (/^%begin /.test(line)) answer = [];
      else if (/^%(?:end|error) /.test(line)) {
        this.#waiting.shift()?.((answer ?? []).join("\n"));
        answer = undefined;
      } else if (answer) answer.push(line);
      else if (line.startsWith("%output ")) for (const look of this.#watching) look();
    });
  }

  ask(command: string): Promise<string> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#tmux.stdin.write(`${command}\n`);
    });
  }

  press(...keys: readonly string[]): void {
    for (const key of keys) void this.ask(`send-keys ${/^(?:[A-Z]\w+|C-.)$/.test(key) ? key : `-l ${quoted(key)}`}`);
  }

  shows(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      let screen = "";
      const tooLong = setTimeout(() => {
        this.#watching.delete(look);
        reject(new Error(`The window never matched ${String(pattern)}:\n${screen.trimEnd()}`));
      }, patienceMs);
      const look = (): void =>
        void this.ask("capture-pane -p").then((now) => {
          screen = now;
          if (!pattern.test(screen) || !this.#watching.delete(look)) return;
          clearTimeout(tooLong);
          resolve(screen);
        });
      this.#watching.add(look);
      look();
    });
  }
}

const patienceMs = 30_000;

const quoted = (text: string): string => `"${text.replace(/[\\"$]/g, "\\$&")}"`;
