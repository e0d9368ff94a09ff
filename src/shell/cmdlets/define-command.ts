import type { Cmdlet, Given, ParameterSpecs, ParameterValue } from "../../commands/index.ts";
import type { Say } from "../run/call-context.ts";
import type { ShellState } from "../run/state.ts";

/** Where one call of a command of the language's own stands. */
export interface CommandCall {
  /** What the command before it yields; nothing where there is none. */
  input: AsyncIterable<unknown>;
  state: ShellState;
  /** Shows text beside the objects that it yields. */
  say: Say;
  /** The source and the command's place in it, for errors. */
  source: string;
  at: number;
}

type Described = Omit<Cmdlet, "name" | "run" | "on" | "shouldProcess" | "columns" | "parameters">;

interface CommandDefinition<P extends ParameterSpecs> extends Described {
  aliases?: readonly string[];
  columns?: Cmdlet["columns"];
  /** Whether objects may be piped into it. */
  takesInput?: boolean;
  /** Whether nothing can stand behind it: it makes text. */
  last?: boolean;
  /** Whether what a command that makes text has made may be piped into it. */
  takesFormatted?: boolean;
  parameters: P;
  run(call: CommandCall, parameters: Given<P>): AsyncIterable<unknown>;
}

/** A command that belongs to the shell rather than to Exchange. */
export interface LanguageCommand extends Described {
  name: string;
  aliases: readonly string[];
  takesInput: boolean;
  last: boolean;
  takesFormatted: boolean;
  columns: Cmdlet["columns"];
  parameters: ParameterSpecs;
  run(call: CommandCall, parameters: Readonly<Record<string, ParameterValue>>): AsyncIterable<unknown>;
}

/** Declares a command of the language, as `defineCmdlet` does one of Exchange's. */
export const defineCommand = <const P extends ParameterSpecs>(definition: CommandDefinition<P>): LanguageCommand => ({
  aliases: [],
  columns: [],
  takesInput: false,
  last: false,
  takesFormatted: false,
  ...definition,
  name: `${definition.verb}-${definition.noun}`,
  // As in defineCmdlet: the declaration's types meet values that bind/ made by the same declaration.
  run: (call, parameters) => definition.run(call, parameters as Given<P>),
});

/** What a command gets that nothing is piped into, and what one yields that has nothing to say. */
export async function* nothing(): AsyncIterable<never> {}
