import { LabError } from "../../base/index.ts";
import { cmdlets } from "../../commands/index.ts";
import type { ServerApi } from "../../lab/index.ts";
import { languageCommands } from "../cmdlets/language-commands.ts";
import { lineInterrupted } from "../errors.ts";
import { parse } from "../language/parse.ts";
import { Formatted } from "../show/formatted.ts";
import { joinParts, type Part, showValues } from "../show/show.ts";
import { answeringHost } from "./answers.ts";
import { Evaluator } from "./evaluate.ts";
import { valueTooLarge } from "./errors.ts";
import { FailedLine } from "./failed-line.ts";
import { prepare } from "./prepare.ts";
import { RunningLine } from "./running-line.ts";
import type { ShellState } from "./state.ts";
import { gather } from "./values.ts";

/** What a line came to: everything that it yielded, and the text that a window would show. */
export interface ShellResult {
  /** Of a formatting command, what it was given. */
  objects: readonly unknown[];
  /** Without a newline at the end; empty where there is nothing to show. */
  text: string;
  /** Where the line was told to stop, and did before its end: the rest is what it came to until then. */
  stopped?: true;
}

/** A session's memory at its beginning. */
export const newState = (about: Pick<ShellState, "server" | "serverNamed" | "host">): ShellState => ({
  ...about,
  variables: new Map(),
  views: new WeakMap(),
  columns: undefined,
  line: new RunningLine(),
  commands: { cmdlets, language: languageCommands },
});

/**
 * Runs a script: each statement when the one before it has finished. Nothing runs unless all of it can be read and
 * bound; the first command that fails ends it. One that is told to stop (`state.line`) has come to what it has come to.
 * Rejects with a LabError: SHELL_… where the script cannot be read, else what the command says, as a FailedLine, which has
 * what the script had come to before.
 */
export async function runScript(source: string, state: ShellState): Promise<ShellResult> {
  const script = parse(source);
  const prepared = prepare(script, source, state.commands, state.variables.keys());
  const said: Part[] = [];
  const evaluator = new Evaluator(
    state,
    source,
    prepared,
    (text, goesOn = false) => void said.push({ text, lines: true, goesOn }),
  );
  const objects: unknown[] = [];
  const shown: Part[] = [];
  for (const statement of script) {
    const values: unknown[] = [];
    const tooLarge = (): LabError => valueTooLarge(source, statement.at);
    const end = await endOf(gather(evaluator.statement(statement), tooLarge, values));
    objects.push(...values.flatMap((value) => (value instanceof Formatted ? value.objects : [value])));
    shown.push(...said.splice(0), ...showValues(values, state));
    if (end instanceof LabError) throw new FailedLine(end, { objects, text: joinParts(shown) });
    if (end === "stopped" || state.line.signal.aborted) return { objects, text: joinParts(shown), stopped: true };
  }
  return { objects, text: joinParts(shown) };
}

/** How a statement ended: by itself, interrupted, or failed. */
async function endOf(work: Promise<unknown>): Promise<"done" | "stopped" | LabError> {
  try {
    await work;
    return "done";
  } catch (failure) {
    if (!(failure instanceof LabError)) throw failure;
    return failure.code === lineInterrupted().code ? "stopped" : failure;
  }
}

/** Where a line runs; `answers`: to its questions, in order, without which nobody can be asked. */
interface LinePlace {
  server: ServerApi;
  answers?: readonly string[] | undefined;
  /** Stops it. */
  signal?: AbortSignal | undefined;
}

/** Runs one line, or several, on a server, with nothing to remember. As `runScript`. */
export const runLine = (line: string, place: LinePlace): Promise<ShellResult> => openWindows()(line, place);

/** As `runLine`, for lines that follow one another: each server has a window of its own, which remembers its variables. */
export function openWindows(): (line: string, place: LinePlace) => Promise<ShellResult> {
  const windows = new Map<string, ShellState>();
  return (line, { server, answers, signal }) => {
    const window = windows.get(server.name) ?? newState({ server, serverNamed: undefined, host: undefined });
    windows.set(server.name, window);
    return runScript(line, {
      ...window,
      server,
      host: answers && answeringHost(answers),
      line: new RunningLine(signal),
    });
  };
}
