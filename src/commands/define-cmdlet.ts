import type { ServerApi } from "../lab/index.ts";
import type { Edition, Given, ParameterSpecs, ParameterValue } from "./parameter.ts";
import { checkRole, type RunsOn } from "./roles.ts";

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
  /** Where it is not of Exchange 2007: the edition it came with. */
  edition?: Edition;
  /** Which servers have it; default: every one. */
  on?: RunsOn;
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
