import { LabError } from "../../base/index.ts";
import { FailedLine, lineInterrupted, needsMore, type ShellSession } from "../../shell/index.ts";
import { formatLabError } from "../action.ts";
import type { ExitCode, Io } from "../io.ts";
import type { Typed } from "./window.ts";

/** Where lines come from. */
export interface LineSource {
  /** How wide what is shown may be; undefined: as wide as it is. */
  readonly columns: number | undefined;
  read(prompt: string): Promise<Typed>;
  /** Calls back at Ctrl-C while a line runs; returns a function that ends it. */
  onInterrupt(listener: () => void): () => void;
}

interface ReplOptions {
  session: ShellSession;
  source: LineSource;
  io: Pick<Io, "out" | "err">;
  /** Whether the first line that fails ends it: so for a script. */
  stopAtFailure: boolean;
  /** Said at Ctrl-C with nothing typed: the next one ends it. Without it, Ctrl-C never does. */
  warning?: string;
  /** Ends it, and stops what runs. */
  until: AbortSignal;
  /** Waits no longer for what runs, which then rejects; default: it is left to itself. */
  abandon?(): void;
  /** After how long a line that was told to stop is said to go on. */
  patienceMs?: number;
}

/** Reads lines and runs them until `quit`, `exit`, a second Ctrl-C with nothing typed, or the end. 1 where a line failed. */
export async function repl(options: ReplOptions): Promise<{ code: ExitCode; by: "quit" | Typed["kind"] }> {
  const { io, warning, until } = options;
  const ended = new Promise<Typed>((resolve) => {
    if (until.aborted) resolve({ kind: "end" });
    until.addEventListener("abort", () => resolve({ kind: "end" }), { once: true });
  });
  let code: ExitCode = 0;
  let warned = false;
  for (;;) {
    const typed = await Promise.race([ended, readCommand(options)]);
    if (typed.kind === "end") return { code, by: "end" };
    if (typed.kind === "interrupt") {
      if (warned && !typed.begun) return { code, by: "interrupt" };
      warned = warning !== undefined && !typed.begun;
      if (warned) io.out(`${warning}\n`);
      continue;
    }
    warned = false;
    const command = typed.text.trim();
    if (/^(?:quit|exit)$/i.test(command)) return { code, by: "quit" };
    if (command === "" || (await runOne(options, typed.text))) continue;
    code = 1;
    if (options.stopAtFailure) return { code, by: "line" };
  }
}

/** A whole command: as many lines as it takes. Ctrl-C gives up all of them. */
async function readCommand({ session, source }: ReplOptions): Promise<Typed> {
  let text = "";
  for (;;) {
    const typed = await source.read(text === "" ? session.prompt : ">> ");
    if (typed.kind === "interrupt") return { kind: "interrupt", begun: typed.begun || text !== "" };
    if (typed.kind === "line") {
      // As in PowerShell, an empty line ends a command that wants more: then its error says what.
      if (text !== "" && typed.text.trim() === "") return { kind: "line", text };
      text = text === "" ? typed.text : `${text}\n${typed.text}`;
      if (!needsMore(text)) return { kind: "line", text };
    } else return text === "" ? typed : { kind: "line", text };
  }
}

/**
 * Ctrl-C stops the line, and says what it came to; a second one waits no longer for what cannot be stopped so soon, which
 * is said in the meantime.
 */
async function runOne(
  { session, source, io, until, abandon, patienceMs = 1000 }: ReplOptions,
  text: string,
): Promise<boolean> {
  const stop = new AbortController();
  let leave = (): void => undefined;
  const left = new Promise<never>((_, reject) => (leave = abandon ?? (() => reject(lineInterrupted()))));
  let patience: NodeJS.Timeout | undefined;
  const forget = source.onInterrupt(() => {
    if (stop.signal.aborted) return leave();
    patience = setTimeout(() => io.err(stopping), patienceMs);
    stop.abort();
  });
  try {
    const signal = AbortSignal.any([stop.signal, until]);
    const shown = await Promise.race([session.run(text, source.columns, signal), left]);
    if (shown.text !== "") io.out(`${shown.text}\n`);
    if (shown.stopped) io.err("Stopped: what the line had done by then stays done.\n");
    return !shown.stopped;
  } catch (failure) {
    if (!(failure instanceof LabError)) throw failure;
    if (failure instanceof FailedLine && failure.before.text !== "") io.out(`${failure.before.text}\n`);
    io.err(formatLabError(failure));
    return false;
  } finally {
    clearTimeout(patience);
    forget();
  }
}

const stopping = "Stopping, as soon as what has begun comes to its end. Press Ctrl-C again to wait no longer.\n";
