import { nearestOf } from "../base/index.ts";
import type { ServerApi } from "../lab/index.ts";
import { type Cmdlet, cmdlets } from "../commands/index.ts";
import { bind, bindCmdlet } from "./bind.ts";
import { contextOf, type Say } from "./call-context.ts";
import { commandUnknown, formatterWanted } from "./errors.ts";
import { formatters, showObjects } from "./formatters.ts";
import { type Command, parse, type Pipeline } from "./parse.ts";
import { printPipeline } from "./print.ts";

/** What a line came to: the objects of all its cmdlets, and the text that a window would show. */
export interface ShellResult {
  objects: readonly object[];
  /** Without a newline at the end; empty where there is nothing to show. */
  text: string;
}

/**
 * Runs a line, or several, on one server: each cmdlet when the one before it has finished. Nothing runs unless all of
 * it can be read; the first cmdlet that fails ends it.
 * Rejects with a LabError: SHELL_… where the line cannot be read, else whatever the cmdlet says.
 */
export async function runLine(line: string, context: { server: ServerApi }): Promise<ShellResult> {
  const calls = parse(line).map((pipeline) => prepare(pipeline, line));
  const objects: object[] = [];
  const texts: string[] = [];
  for (const call of calls) {
    const made: object[] = [];
    const said: string[] = [];
    for await (const object of call.run(context, (text) => void said.push(text))) made.push(object);
    objects.push(...made);
    texts.push(said.join("\n"), call.show(made));
  }
  return { objects, text: texts.filter((text) => text !== "").join("\n\n") };
}

interface Call {
  run(context: { server: ServerApi }, say: Say): AsyncIterable<object>;
  show(objects: readonly object[]): string;
}

/** Everything about a pipeline that can be decided before it runs. */
function prepare([head, ...rest]: Pipeline, source: string): Call {
  const cmdlet = findCmdlet([head, ...rest], source);
  const { parameters, common } = bindCmdlet(cmdlet, head, source);
  return {
    run: ({ server }, say) => cmdlet.run(contextOf({ cmdlet, server, common, host: undefined, say }), parameters),
    show: prepareShow(cmdlet, rest, source),
  };
}

function findCmdlet([head, ...rest]: Pipeline, source: string): Cmdlet {
  const found = cmdlets.find((cmdlet) => cmdlet.name.toLowerCase() === head.name.toLowerCase());
  if (found) return found;
  const known = cmdlets.map((cmdlet) => cmdlet.name);
  const near = nearestOf(head.name, known);
  const instead = near === undefined ? undefined : printPipeline([{ ...head, name: near }, ...rest]);
  throw commandUnknown(source, head.at, { name: head.name, known, instead });
}

function prepareShow(cmdlet: Cmdlet, [command, more]: readonly Command[], source: string): Call["show"] {
  if (!command) return (objects) => showObjects(cmdlet, objects);
  const wanted = command.name.toLowerCase();
  const formatter = formatters.find(({ name, alias }) => name.toLowerCase() === wanted || alias === wanted);
  const known = formatters.map(({ name }) => name);
  if (!formatter) throw formatterWanted(source, command.at, command.name, known);
  if (more) throw formatterWanted(source, more.at, more.name, known);
  const parameters = bind(formatter, command, source);
  return (objects) => formatter.format({ objects, cmdlet, source, at: command.at }, parameters);
}
