import type { Progress } from "../commands/index.ts";
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

/** Who sits before a session, can be asked, and watches. */
export interface ShellHost {
  /** Resolves with the place in `choices` of the one that was taken. Rejects SHELL_INTERRUPTED. */
  choose(question: ShellQuestion): Promise<number>;
  /** Text that is not shown while it is typed. Rejects SHELL_INTERRUPTED. */
  readSecret(prompt: string): Promise<string>;
  /** Is shown how far a line is, a few times a second at most; undefined: nothing is under way any more. */
  progress?(progress: Progress | undefined): void;
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
  /**
   * Runs a line, or several. Rejects with a LabError; a FailedLine where it ran and failed.
   *
   * @param columns how wide tables may be; default: as the Exchange Management Shell's window
   * @param signal stops it before its next step: what it has done stays done, and it resolves with what it came to
   */
  run(source: string, columns?: number, signal?: AbortSignal): Promise<ShellResult>;
  complete(source: string, cursor: number): Promise<Completions>;
}
