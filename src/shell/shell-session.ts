import type { ShellResult } from "./run/run.ts";

/** A question as PowerShell asks it. */
export interface ShellQuestion {
  caption: string;
  /** One line or more. */
  message: string;
  choices: readonly { key: string; label: string; help: string }[];
  /** The place in `choices` of the one that Enter takes. */
  default: number;
}

/** Who sits before a session and can be asked. */
export interface ShellHost {
  /** Resolves with the place in `choices` of the one that was taken. Rejects SHELL_INTERRUPTED. */
  choose(question: ShellQuestion): Promise<number>;
  /** Text that is not shown while it is typed. Rejects SHELL_INTERRUPTED. */
  readSecret(prompt: string): Promise<string>;
}

/** What stands for the word that the cursor is in, or behind. */
export interface Completions {
  /** Where that word begins. */
  start: number;
  /** Whole words, in the order to show them in. */
  candidates: readonly string[];
}

/** A shell on one server of a lab, with variables of its own. */
export interface ShellSession {
  /** `[PS] Ex2007EE> `. */
  readonly prompt: string;
  /** Runs a line, or several. Rejects with a LabError. `columns`: how wide tables may be; default: as the Exchange Management Shell's window. */
  run(source: string, columns?: number): Promise<ShellResult>;
  complete(source: string, cursor: number): Promise<Completions>;
}
