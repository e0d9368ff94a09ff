import type { ServerApi } from "../../lab/index.ts";
import type { Basis, Edition, Given, ParameterSpecs, ParameterValue } from "./parameter.ts";
import { checkRole, type RunsOn } from "./roles.ts";

/** One column of a cmdlet's table. */
export interface Column {
  property: string;
  /** The heading; default: the property. */
  label?: string;
  /** In characters; default: as wide as what stands in it. */
  width?: number;
  /** What has no room goes on in lines below; for the last column. Default: it is cut. */
  wrap?: boolean;
}

/** How objects of one kind are shown where nothing else is asked for. */
export interface View {
  columns: readonly Column[];
  /** The properties that `Format-List` shows without arguments; default: all. */
  listed?: readonly string[];
  /**
   * The property by which an object is one that this view is for; others are shown by their own properties.
   * Default: every object is.
   */
  kindBy?: string;
  /** What stands above the table of neighbours of which it says the same. */
  groupBy?: (object: object) => string;
}

/** What a cmdlet asks before it goes on. */
export interface Question {
  /** What is asked: `Overwrite the existing default SMTP certificate?` */
  caption: string;
  /** What a person must know to answer. */
  message: string;
  /** What to type where nobody can be asked; default: `-Confirm:$false`. */
  remedy?: string;
}

/** How far something is, as Write-Progress shows it. Source: [write-progress]. */
export interface Progress {
  /** What is done: `Lab time`. */
  activity: string;
  /** How far it is, in words. */
  status: string;
  percentComplete: number;
  /** What is worked on. */
  currentOperation: string;
}

/** Where a cmdlet runs, and who it can speak to. */
export interface CmdletContext {
  server: ServerApi;
  /**
   * Asks as Exchange does: Yes, Yes to All, No, No to All. `-Confirm:$false`, of a cmdlet that declares `shouldProcess`,
   * says yes; what else does (`-Force`) is the cmdlet's affair. Rejects COMMAND_CONFIRMATION_NEEDED where nobody can be asked.
   */
  ask(question: Question): Promise<boolean>;
  /**
   * For a cmdlet that declares `shouldProcess`: false under -WhatIf (after saying what would be done), and where the
   * answer to its own -Confirm is no.
   *
   * @param action the cmdlet's name, or what it does in words
   * @param target what it does it to
   */
  shouldProcess(action: string, target: string): Promise<boolean>;
  /** Aborted when the line is to stop. Between two objects the shell sees to it; a cmdlet that takes long between them does. */
  signal: AbortSignal;
  /** Tells whoever watches how far it is. */
  progress(progress: Progress): void;
  /** Shown under -Verbose. */
  verbose(text: string): void;
  warning(text: string): void;
}

interface Described extends View {
  verb: string;
  noun: string;
  /** One sentence; docs/cmdlets.md shows it. */
  synopsis: string;
  /** Where it is documented: `[id]` of docs/sources.md. */
  source: string;
  /** Where it is not of Exchange 2007: the edition it came with. */
  edition?: Edition;
  /** Default: documented. */
  basis?: Basis;
  /**
   * It can be tried with -WhatIf and asks with -Confirm; one of `high` impact asks by itself unless `-Confirm:$false`.
   * Source: [exchange-certificate-cmdlets], from Service Pack 1 on.
   */
  shouldProcess?: "high" | "medium";
  /** What else it asks, and when: docs/cmdlets.md tells. */
  asks?: readonly string[];
  /** Codes of the errors with which it refuses by itself. */
  errors?: readonly string[];
  /** Lines that can be typed, and what they do. */
  examples?: readonly { line: string; does: string }[];
  /** Which servers have it; default: every one. */
  on?: RunsOn;
  /** Where it yields objects of other kinds too. */
  otherViews?: readonly View[];
}

interface CmdletDefinition<P extends ParameterSpecs> extends Described {
  parameters: P;
  /**
   * Yields objects with Exchange's property names, never text: the shell formats them, scenarios read them. A cmdlet
   * that has nothing to show is a plain asynchronous function.
   */
  run(context: CmdletContext, parameters: Given<P>): AsyncIterable<object> | Promise<void>;
}

/** A cmdlet as the shell sees it, whatever its parameters are. */
export interface Cmdlet extends Described {
  /** `Get-Queue`. */
  name: string;
  parameters: ParameterSpecs;
  /**
   * Rejects COMMAND_NOT_ON_THIS_ROLE where the server has no such cmdlet.
   *
   * @param parameters values by the declared names, each of the declared type, the mandatory ones among them
   */
  run(context: CmdletContext, parameters: Readonly<Record<string, ParameterValue>>): AsyncIterable<object>;
}

/**
 * Declares a cmdlet. The second argument of `run` is typed by `parameters`: what is mandatory is there, sizes are
 * bytes, durations milliseconds, and values of an enumeration their literal types.
 */
export function defineCmdlet<const P extends ParameterSpecs>(definition: CmdletDefinition<P>): Cmdlet {
  const name = `${definition.verb}-${definition.noun}`;
  return {
    ...definition,
    name,
    async *run(context, parameters) {
      checkRole(name, definition.on, context.server);
      // The one place where the declaration's types meet values made from text by the same declaration (shell/bind.ts).
      const made = definition.run(context, parameters as Given<P>);
      if (made instanceof Promise) await made;
      else yield* made;
    },
  };
}
