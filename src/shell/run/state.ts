import type { Cmdlet, View } from "../../commands/index.ts";
import type { ServerApi } from "../../lab/index.ts";
import type { LanguageCommand } from "../cmdlets/define-command.ts";
import type { ShellHost } from "../shell-session.ts";
import type { RunningLine } from "./running-line.ts";

/** What outlives a line: where a session is, what it has been told to remember, and who sits before it. */
export interface ShellState {
  /** The server that cmdlets run on. */
  server: ServerApi;
  /** Another server of the lab, throws SERVER_UNKNOWN; undefined where a line cannot move. */
  readonly serverNamed: ((name: string) => ServerApi) | undefined;
  readonly host: ShellHost | undefined;
  /** By their names in small letters. */
  readonly variables: Map<string, unknown>;
  /** Which command's table an object is shown in. */
  readonly views: WeakMap<object, View>;
  /** How many characters a line of a table or list may have; undefined: as the Exchange Management Shell's window. */
  columns: number | undefined;
  /** What runs, or ran last. */
  line: RunningLine;
  readonly commands: CommandTable;
}

/** Every command that can be called, by its name or alias, whatever their case. */
export interface CommandTable {
  readonly cmdlets: readonly Cmdlet[];
  readonly language: readonly LanguageCommand[];
}

/** A command of that name or alias. */
export const commandNamed = (
  { cmdlets, language }: CommandTable,
  name: string,
): Cmdlet | LanguageCommand | undefined => {
  const wanted = name.toLowerCase();
  return (
    cmdlets.find((cmdlet) => cmdlet.name.toLowerCase() === wanted) ??
    language.find((command) => command.name.toLowerCase() === wanted || command.aliases.includes(wanted))
  );
};

/** Whether it is the shell's own. */
export const isLanguage = (command: Cmdlet | LanguageCommand): command is LanguageCommand => "takesInput" in command;
