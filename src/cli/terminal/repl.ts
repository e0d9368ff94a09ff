import { LabError } from "../../base/index.ts";
import { needsMore, type ShellSession } from "../../shell/index.ts";
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
  /** Waits no longer for what runs. */
  abandon?(): void;
}

/** Reads lines and runs them until `quit`, `exit`, Ctrl-C with nothing typed, or the end. 1 where a line failed. */
export async function repl(options: ReplOptions): Promise<{ code: ExitCode; by: "quit" | Typed["kind"] }> {
  let code: ExitCode = 0;
  for (;;) {
    const typed = await readCommand(options);
    if (typed.kind !== "line") return { code, by: typed.kind };
    const command = typed.text.trim();
    if (/^(?:quit|exit)$/i.test(command)) return { code, by: "quit" };
    if (command === "" || (await runOne(options, typed.text))) continue;
    code = 1;
    if (options.stopAtFailure) return { code, by: "line" };
  }
}

/** A whole command: as many lines as it takes. Ctrl-C gives up the lines before it too. */
async function readCommand({ session, source }: ReplOptions): Promise<Typed> {
  let text = "";
  for (;;) {
    const typed = await source.read(text === "" ? session.prompt : ">> ");
    if (typed.kind === "interrupt" && text !== "") text = "";
    else if (typed.kind === "line") {
      // As in PowerShell, an empty line ends a command that wants more: then its error says what.
      if (text !== "" && typed.text.trim() === "") return { kind: "line", text };
      text = text === "" ? typed.text : `${text}\n${typed.text}`;
      if (!needsMore(text)) return { kind: "line", text };
    } else return text === "" ? typed : { kind: "line", text };
  }
}

async function runOne({ session, source, io, abandon }: ReplOptions, text: string): Promise<boolean> {
  const stop = source.onInterrupt(() => abandon?.());
  try {
    const shown = await session.run(text, source.columns);
    if (shown.text !== "") io.out(`${shown.text}\n`);
    return true;
  } catch (failure) {
    if (!(failure instanceof LabError)) throw failure;
    io.err(formatLabError(failure));
    return false;
  } finally {
    stop();
  }
}
