import type { Cmdlet, CmdletContext, ParameterValue, View } from "../../commands/index.ts";
import { convertFound } from "../bind/bind.ts";
import { bindInput, pipelineParameters } from "../bind/pipeline-input.ts";
import { describe } from "../bind/describe.ts";
import { wantedFor } from "../bind/convert.ts";
import { inputRefused, parameterMissing } from "../bind/errors.ts";
import type { Expression } from "../language/ast.ts";
import { type LanguageCommand, nothing } from "../cmdlets/define-command.ts";
import { contextOf, type Say } from "./call-context.ts";
import type { Prepared } from "./prepare.ts";
import { isLanguage, type ShellState } from "./state.ts";

/** Where a call stands, and where its words go. */
export interface CallPlace {
  state: ShellState;
  source: string;
  at: number;
  say: Say;
}

type Values = Record<string, ParameterValue>;

/**
 * Calls a command: once, or once for each object that is piped into it. Rejects with a LabError: SHELL_… where a value
 * cannot be bound, else whatever the cmdlet says.
 *
 * @param evaluate gives the values that were not known before
 */
export async function* call(
  prepared: Prepared,
  input: AsyncIterable<unknown> | undefined,
  place: CallPlace,
  evaluate: (expression: Expression) => Promise<unknown>,
): AsyncIterable<unknown> {
  const { command } = prepared;
  const values = await writtenValues(prepared, place.source, evaluate);
  if (isLanguage(command)) {
    yield* passed(command.run({ ...place, input: input ?? nothing() }, values), command, place);
    return;
  }
  const common = Object.fromEntries(
    Object.entries(values).filter(([name]) => !Object.hasOwn(command.parameters, name)),
  );
  const own = Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(command.parameters, name)));
  const { server, host, line } = place.state;
  const context = contextOf({ cmdlet: command, server, common, host, signal: line.signal, say: place.say });
  for await (const given of calls(command, own, input, place))
    yield* passed(runCmdlet(command, context, given), command, place);
}

/** What a command yields, as far as the line is not stopped. */
async function* passed<T>(
  objects: AsyncIterable<T>,
  command: Cmdlet | LanguageCommand,
  place: CallPlace,
): AsyncIterable<T> {
  for await (const object of objects) {
    await place.state.line.step();
    yield seen(object, command, place);
  }
}

const runCmdlet = (cmdlet: Cmdlet, context: CmdletContext, given: Values): AsyncIterable<object> =>
  cmdlet.run(context, given);

/** The parameters of each run of a cmdlet. */
async function* calls(
  cmdlet: Cmdlet,
  own: Values,
  input: AsyncIterable<unknown> | undefined,
  place: CallPlace,
): AsyncIterable<Values> {
  if (!input) yield own;
  else for await (const object of input) yield withInput(cmdlet, own, object, place);
}

function withInput(cmdlet: Cmdlet, own: Values, object: unknown, { source, at }: CallPlace): Values {
  const given = bindInput(cmdlet.parameters, own, object);
  if (Object.keys(given).length === 0) {
    const takes = pipelineParameters(cmdlet.parameters).filter((name) => !Object.hasOwn(own, name));
    const wanted = takes.map((name) => ({
      name,
      kind: wantedFor(cmdlet.parameters[name] as Parameters<typeof wantedFor>[0]),
    }));
    throw inputRefused(source, at, cmdlet.name, { found: describe(object), wanted });
  }
  const all = { ...own, ...given };
  for (const [name, spec] of Object.entries(cmdlet.parameters))
    if (spec.mandatory === true && !Object.hasOwn(all, name))
      throw parameterMissing(source, at, { command: cmdlet.name, parameter: name, help: spec.help });
  return all;
}

async function writtenValues(
  { command, parameters, written }: Prepared,
  source: string,
  evaluate: (expression: Expression) => Promise<unknown>,
): Promise<Values> {
  const values: Values = {};
  for (const one of written) {
    const { later } = "later" in one.value ? one.value : { later: undefined };
    values[one.name] =
      "now" in one.value
        ? one.value.now
        : convertFound({ name: command.name, parameters }, source, one, {
            value: await evaluate(later as Expression),
            expression: later as Expression,
          });
  }
  return values;
}

/** Remembers how an object is shown. */
function seen<T>(value: T, command: Pick<Cmdlet, keyof View | "otherViews">, { state }: CallPlace): T {
  if (typeof value !== "object" || value === null || state.views.has(value)) return value;
  const isFor = ({ columns, kindBy }: View): boolean => columns.length > 0 && (kindBy === undefined || kindBy in value);
  const view = [command, ...(command.otherViews ?? [])].find(isFor);
  if (view) state.views.set(value, view);
  return value;
}
