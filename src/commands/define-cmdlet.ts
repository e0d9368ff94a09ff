import type { ServerApi } from "../lab/index.ts";
import type { Given, ParameterSpecs, ParameterValue } from "./parameter.ts";

/** One column of a cmdlet's table. */
export interface Column {
  property: string;
  /** The heading; default: the property. */
  label?: string;
  /** In characters; default: as wide as what stands in it. */
  width?: number;
}

/** Where a cmdlet runs. */
interface CmdletContext {
  server: ServerApi;
}

interface Described {
  verb: string;
  noun: string;
  /** One sentence; docs/cmdlets.md shows it. */
  synopsis: string;
  /** Where it is documented: `[id]` of docs/sources.md. */
  source: string;
  /** The table that is shown where nothing else is asked for. */
  columns: readonly Column[];
  /** The properties that `Format-List` shows without arguments; default: all. */
  listed?: readonly string[];
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
  /** @param parameters values by the declared names, each of the declared type, the mandatory ones among them */
  run(context: CmdletContext, parameters: Readonly<Record<string, ParameterValue>>): AsyncIterable<object>;
}

/**
 * Declares a cmdlet. The second argument of `run` is typed by `parameters`: what is mandatory is there, sizes are
 * bytes, durations milliseconds, and values of an enumeration their literal types.
 */
export function defineCmdlet<const P extends ParameterSpecs>(definition: CmdletDefinition<P>): Cmdlet {
  return {
    ...definition,
    name: `${definition.verb}-${definition.noun}`,
    // The one place where the declaration's types meet values made from text by the same declaration (shell/bind.ts).
    run: (context, parameters) => objectsOf(definition.run(context, parameters as Given<P>)),
  };
}

async function* objectsOf(made: AsyncIterable<object> | Promise<void>): AsyncIterable<object> {
  if (made instanceof Promise) await made;
  else yield* made;
}
