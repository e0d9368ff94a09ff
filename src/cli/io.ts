import type { TerminalStreams } from "./terminal/window.ts";

/** What a command may touch of the world outside: made from `process` in main.ts, by hand in tests. */
export interface Io {
  /** Writes to standard output; no newline is added. */
  out(text: string): void;
  /** Writes to standard error; no newline is added. */
  err(text: string): void;
  /** Whether `out` is a terminal that wants colour (`NO_COLOR` is honoured). */
  readonly colour: boolean;
  /** Whether a person sits at standard input. */
  readonly interactive: boolean;
  readonly input: NodeJS.ReadableStream;
  /** The terminal, where standard input and output are one; undefined where one of them is not. */
  readonly terminal: TerminalStreams | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Sets the exit code; the program ends by itself once nothing is open. */
  exit(code: ExitCode): void;
  /** Calls back at Ctrl-C or SIGTERM; returns a function that ends it. */
  onInterrupt(listener: () => void): () => void;
}

/** 0 all held, 1 an expectation or a command failed, 2 the input is wrong, 3 the environment is, 130 it was interrupted. */
export type ExitCode = 0 | 1 | 2 | 3 | 130;

/** A signal that is aborted at Ctrl-C or SIGTERM, until it is to be forgotten. */
export function interruption(io: Pick<Io, "onInterrupt">): { signal: AbortSignal; forget(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, forget: io.onInterrupt(() => controller.abort()) };
}
