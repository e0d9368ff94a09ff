import type { ParameterSpec, ParameterSpecs, ParameterValue } from "../../commands/index.ts";
import {
  parameterAmbiguous,
  parameterTwice,
  parameterUnknown,
  parameterWithoutValue,
  valueRefused,
  valueUnplaced,
} from "./errors.ts";
import type { Argument, Command, Expression } from "../language/ast.ts";
import { printValue } from "../language/print.ts";
import { constantOf } from "./constant.ts";
import { convert, wantedFor } from "./convert.ts";
import { describe } from "./describe.ts";

/** What a line can call, with every parameter that may be written. */
export interface Callable {
  name: string;
  parameters: ParameterSpecs;
}

/** A parameter that has been written, with its value, or with what its value will be when it runs. */
export interface Written {
  name: string;
  spec: ParameterSpec;
  at: number;
  value: { now: ParameterValue } | { later: Expression };
}

/**
 * Gives each parameter of `callable` what was written for it: first those with a name (whole, or shortened as long as
 * only one fits), then, by position, those without. Values that are known already are converted.
 * Throws SHELL_…, each with the column. Source: [about_Parameters]; what differs: docs/adr/0013-shell-language.md.
 *
 * @param source what `command` was parsed from, for the errors
 */
export function bind(callable: Callable, command: Command, source: string): readonly Written[] {
  const binder = new Binder(callable, command, source);
  binder.takeNamed();
  binder.takePositional();
  return [...binder.written.values()];
}

/** The value of a written parameter; throws SHELL_VALUE_REFUSED. */
export function convertFound(
  callable: Callable,
  source: string,
  { name, spec }: Pick<Written, "name" | "spec">,
  found: { value: unknown; expression: Expression },
): ParameterValue {
  const converted = convert(spec, found.value);
  if ("value" in converted) return converted.value;
  const { refused, found: inWords, place, wanted, instead } = converted;
  const remedy = instead === undefined ? converted.remedy : `Write -${name} ${instead}`;
  const item = found.expression.kind === "list" && place !== undefined ? found.expression.items[place] : undefined;
  const guilty =
    item && found.expression.kind === "list" && found.expression.items.every((one) => constantOf(one))
      ? item
      : found.expression;
  throw valueRefused(source, guilty.at, {
    command: callable.name,
    parameter: name,
    found: inWords ?? (isWritten(guilty) ? printValue(guilty) : describe(refused)),
    wanted,
    ...(remedy === undefined ? {} : { remedy }),
  });
}

class Binder {
  readonly written = new Map<string, Written>();
  readonly #unnamed: Expression[] = [];
  readonly #callable: Callable;
  readonly #command: Command;
  readonly #source: string;

  constructor(callable: Callable, command: Command, source: string) {
    this.#callable = callable;
    this.#command = command;
    this.#source = source;
  }

  takeNamed(): void {
    const waiting = [...this.#command.arguments].reverse();
    for (let argument = waiting.pop(); argument; argument = waiting.pop()) {
      if (argument.kind === "value") {
        this.#unnamed.push(argument.value);
        continue;
      }
      const { name, spec } = this.#resolve(argument);
      const behind = waiting.at(-1);
      if (argument.value) this.#set(name, spec, argument.at, argument.value);
      else if (spec.type === "switch") this.written.set(name, { name, spec, at: argument.at, value: { now: true } });
      else if (behind?.kind === "value") {
        waiting.pop();
        this.#set(name, spec, argument.at, behind.value);
      } else {
        const about = { command: this.#callable.name, parameter: name, wanted: wantedFor(spec) };
        throw parameterWithoutValue(this.#source, argument.at, about);
      }
    }
  }

  takePositional(): void {
    const free = Object.entries(this.#callable.parameters)
      .filter(([name, spec]) => spec.position !== undefined && !this.written.has(name))
      .sort(([, one], [, other]) => (one.position ?? 0) - (other.position ?? 0));
    for (const value of this.#unnamed) {
      const place = free.shift();
      if (!place) throw valueUnplaced(this.#source, value.at, this.#callable.name, textOf(value));
      this.#set(place[0], place[1], value.at, value);
    }
  }

  /** The parameter that a written name means: the one of that name, else the only one that begins so. */
  #resolve({ name: written, at }: Extract<Argument, { kind: "parameter" }>): { name: string; spec: ParameterSpec } {
    const known = Object.keys(this.#callable.parameters);
    const begins = known.filter((name) => name.toLowerCase().startsWith(written.toLowerCase()));
    const fits = begins.filter((name) => name.length === written.length);
    const [name, ...others] = fits.length > 0 ? fits : begins;
    const about = { command: this.#callable.name, parameter: written };
    if (others.length > 0) throw parameterAmbiguous(this.#source, at, { ...about, fits: begins });
    const spec = name === undefined ? undefined : this.#callable.parameters[name];
    if (name === undefined || spec === undefined) throw parameterUnknown(this.#source, at, { ...about, known });
    if (this.written.has(name)) throw parameterTwice(this.#source, at, { ...about, parameter: name });
    return { name, spec };
  }

  #set(name: string, spec: ParameterSpec, at: number, expression: Expression): void {
    const constant = constantOf(expression, spec.type === "any");
    const value = constant
      ? { now: convertFound(this.#callable, this.#source, { name, spec }, { ...constant, expression }) }
      : { later: expression };
    this.written.set(name, { name, spec, at, value });
  }
}

/** Whether an expression says its value as it stands. */
const isWritten = (expression: Expression): boolean =>
  expression.kind !== "number" && constantOf(expression) !== undefined;

const textOf = (value: Expression): string => (value.kind === "text" ? value.text : printValue(value));
