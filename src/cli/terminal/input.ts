import { createInterface } from "node:readline";
import type { ShellHost, ShellSession } from "../../shell/index.ts";
import type { Io } from "../io.ts";
import { historyFile, openHistory } from "./history.ts";
import { askingHost } from "./questions.ts";
import { progressLine } from "./progress-line.ts";
import type { LineSource } from "./repl.ts";
import { type Typed, Window } from "./window.ts";

/** Where a command's lines come from, and who can be asked. */
export interface ShellInput {
  readonly source: LineSource;
  /** Undefined where nobody sits before a terminal. */
  readonly host: ShellHost | undefined;
  /** Has Tab complete what that session knows. */
  completeBy(session: ShellSession): void;
  close(): Promise<void>;
}

/** A window where there is a terminal, else the lines of standard input. */
export const openInput = async (io: Io): Promise<ShellInput> =>
  io.terminal ? await openWindow(io, io.terminal) : plainLines(io);

async function openWindow(io: Io, terminal: NonNullable<Io["terminal"]>): Promise<ShellInput> {
  const history = await openHistory(historyFile(io.env));
  let session: ShellSession | undefined;
  const window = new Window({
    ...terminal,
    history: history.lines,
    remember: (line) => history.add(line),
    complete: async (line) => (await session?.complete(line, line.length)) ?? { start: line.length, candidates: [] },
  });
  return {
    source: window,
    host: {
      ...askingHost({ show: (text) => io.out(text), ask: (prompt, hidden) => window.ask(prompt, hidden) }),
      // As wide as the window, the terminal would begin a new line.
      progress: (progress) => window.showStatus(progress && progressLine(progress, window.columns - 1)),
    },
    completeBy(one) {
      session = one;
    },
    async close() {
      window.close();
      await history.saved();
    },
  };
}

function plainLines(io: Io): ShellInput {
  const lines = createInterface({ input: io.input, crlfDelay: Number.POSITIVE_INFINITY });
  const coming = lines[Symbol.asyncIterator]();
  const read = async (prompt: string): Promise<Typed> => {
    if (io.interactive) io.out(prompt);
    const { value } = await coming.next();
    return typeof value === "string" ? { kind: "line", text: value } : { kind: "end" };
  };
  return {
    source: { columns: undefined, read, onInterrupt: () => () => undefined },
    host: undefined,
    completeBy: () => undefined,
    close: async () => lines.close(),
  };
}
