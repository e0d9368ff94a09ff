import { LabError } from "../../base/index.ts";
import type { Cmdlet } from "../../commands/index.ts";
import type { LanguageCommand } from "../cmdlets/define-command.ts";
import { contextOf } from "../run/call-context.ts";
import { commandNamed, isLanguage, type ShellState } from "../run/state.ts";
import { propertiesOf } from "../run/values.ts";

/**
 * The properties of what a pipeline yields: those that its last command which makes objects declares, and those of the
 * first object where it only asks; of what a variable holds where that begins it.
 *
 * @param piped the commands of the pipeline, word by word
 */
export async function knownProperties(piped: readonly (readonly string[])[], state: ShellState): Promise<string[]> {
  for (const [name = ""] of piped.toReversed()) {
    if (name.startsWith("$")) return propertiesOf(state.variables.get(name.slice(1).toLowerCase()));
    const command = commandNamed(state.commands, name);
    if (!command) return [];
    if (!isLanguage(command)) return [...new Set([...(await seen(command, state)), ...declared(command)])];
    if (command.columns.length > 0) return declared(command);
    // What sorts, picks or shows objects leaves them as they are.
  }
  return [];
}

const declared = ({ columns, listed = [] }: Cmdlet | LanguageCommand): string[] => [
  ...columns.map(({ property }) => property),
  ...listed,
];

/** What the first object has that a cmdlet yields which asks and needs to be told nothing. */
async function seen(cmdlet: Cmdlet, { server }: ShellState): Promise<string[]> {
  if (cmdlet.verb !== "Get" || Object.values(cmdlet.parameters).some(({ mandatory }) => mandatory === true)) return [];
  const context = contextOf({
    cmdlet,
    server,
    common: {},
    host: undefined,
    signal: new AbortController().signal,
    say: () => undefined,
  });
  try {
    for await (const object of cmdlet.run(context, {})) return propertiesOf(object);
  } catch (failure) {
    if (!(failure instanceof LabError)) throw failure;
  }
  return [];
}
