import {
  type Cmdlet,
  type CommonParameters,
  commonParametersOf,
  type ParameterSpec,
  type ParameterSpecs,
  type ParameterValue,
} from "../commands/index.ts";
import { convert, wantedFor } from "./convert.ts";
import {
  parameterAmbiguous,
  parameterMissing,
  parameterTwice,
  parameterUnknown,
  parameterWithoutValue,
  valueRefused,
  valueUnplaced,
} from "./errors.ts";
import type { Argument, Command, Value } from "./parse.ts";
import { printValue } from "./print.ts";

/** What a line can call: a cmdlet, or one of the formatting commands. */
interface Callable {
  name: string;
  parameters: ParameterSpecs;
}

/** The values of a cmdlet's own parameters, and of those that every cmdlet has. */
interface Bound {
  parameters: Record<string, ParameterValue>;
  common: CommonParameters;
}

/** As `bind`, for a cmdlet: with the parameters that it has without declaring them. */
export function bindCmdlet(cmdlet: Cmdlet, command: Command, source: string): Bound {
  const common = commonParametersOf(cmdlet);
  const { name, parameters } = cmdlet;
  const bound = Object.entries(bind({ name, parameters: { ...parameters, ...common } }, command, source));
  const part = (isCommon: boolean) =>
    Object.fromEntries(bound.filter(([key]) => Object.hasOwn(common, key) === isCommon));
  return { parameters: part(false), common: part(true) };
}

/**
 * Gives each parameter of `callable` its value: first those written with a name (whole, or shortened as long as only
 * one fits), then, by position, those without. Throws SHELL_…, each with the column.
 * Source: [about_Parameters]; what differs: docs/adr/0008-shell-parser.md.
 *
 * @param source the line that `command` was parsed from, for the errors
 */
export function bind(callable: Callable, command: Command, source: string): Record<string, ParameterValue> {
  const binder = new Binder(callable, command, source);
  binder.takeNamed();
  binder.takePositional();
  binder.checkMandatory();
  return binder.values;
}

class Binder {
  readonly values: Record<string, ParameterValue> = {};
  readonly #unnamed: Value[] = [];
  readonly #callable: Callable;
  readonly #command: Command;
  readonly #source: string;

  constructor(callable: Callable, command: Command, source: string) {
    this.#callable = callable;
    this.#command = command;
    this.#source = source;
  }

  takeNamed(): void {
    const waiting = [...this.#command.arguments];
    for (let argument = waiting.shift(); argument; argument = waiting.shift()) {
      if (argument.kind === "value") {
        this.#unnamed.push(argument.value);
        continue;
      }
      const { name, spec } = this.#resolve(argument);
      const behind = waiting[0];
      if (argument.value) this.#set(name, spec, argument.value);
      else if (spec.type === "switch") this.values[name] = true;
      else if (behind?.kind === "value") {
        waiting.shift();
        this.#set(name, spec, behind.value);
      } else {
        const about = { command: this.#callable.name, parameter: name, wanted: wantedFor(spec) };
        throw parameterWithoutValue(this.#source, argument.at, about);
      }
    }
  }

  takePositional(): void {
    const free = Object.entries(this.#callable.parameters)
      .filter(([name, spec]) => spec.position !== undefined && !Object.hasOwn(this.values, name))
      .sort(([, one], [, other]) => (one.position ?? 0) - (other.position ?? 0));
    for (const value of this.#unnamed) {
      const place = free.shift();
      if (!place) throw valueUnplaced(this.#source, value.at, this.#callable.name, textOf(value));
      this.#set(place[0], place[1], value);
    }
  }

  checkMandatory(): void {
    for (const [parameter, spec] of Object.entries(this.#callable.parameters))
      if (spec.mandatory === true && !Object.hasOwn(this.values, parameter))
        throw parameterMissing(this.#source, this.#command.at, {
          command: this.#callable.name,
          parameter,
          help: spec.help,
        });
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
    if (Object.hasOwn(this.values, name)) throw parameterTwice(this.#source, at, { ...about, parameter: name });
    return { name, spec };
  }

  #set(name: string, spec: ParameterSpec, written: Value): void {
    const converted = convert(spec, written);
    if ("value" in converted) {
      this.values[name] = converted.value;
      return;
    }
    const { refused, wanted, remedy } = converted;
    throw valueRefused(this.#source, refused.at, {
      command: this.#callable.name,
      parameter: name,
      found: printValue(refused),
      wanted,
      ...(remedy === undefined ? {} : { remedy }),
    });
  }
}

const textOf = (value: Value): string => (value.kind === "text" ? value.text : printValue(value));
