import { nearestOf } from "../../base/index.ts";
import { type Cmdlet, commonParametersOf, type ParameterSpecs } from "../../commands/index.ts";
import { bind, type Written } from "../bind/bind.ts";
import { pipelineParameters } from "../bind/pipeline-input.ts";
import type { LanguageCommand } from "../cmdlets/define-command.ts";
import { parameterMissing, pipelineRefused } from "../bind/errors.ts";
import { behindFormatter, commandUnknown, unknownVariable } from "./errors.ts";
import type { Command, Expression, Script, Statement } from "../language/ast.ts";
import { commandNamed, type CommandTable, isLanguage } from "./state.ts";

/** A command of a script, with all that could be decided before it runs. */
export interface Prepared {
  command: Cmdlet | LanguageCommand;
  /** Its own parameters, and those that it has without declaring them. */
  parameters: ParameterSpecs;
  written: readonly Written[];
}

export type PreparedCommands = ReadonlyMap<Command, Prepared>;

/**
 * Decides everything about a script that can be decided before it runs: which command each name means, which parameter
 * each value is for, which variables exist. Throws SHELL_…, so that nothing of a script runs unless all of it can.
 *
 * @param variables the session's, by their names in small letters
 */
export function prepare(
  script: Script,
  source: string,
  table: CommandTable,
  variables: Iterable<string>,
): PreparedCommands {
  const preparer = new Preparer(source, table, new Set(variables));
  preparer.script(script, false);
  return preparer.prepared;
}

class Preparer {
  readonly prepared = new Map<Command, Prepared>();
  readonly #source: string;
  readonly #table: CommandTable;
  readonly #variables: Set<string>;

  constructor(source: string, table: CommandTable, variables: Set<string>) {
    this.#source = source;
    this.#table = table;
    this.#variables = variables;
  }

  /** @param inBlock whether `$_` stands for something */
  script(script: Script, inBlock: boolean): void {
    for (const statement of script) this.#statement(statement, inBlock);
  }

  #statement(statement: Statement, inBlock: boolean): void {
    if (statement.kind === "assignment") {
      this.#statement(statement.value, inBlock);
      this.#variables.add(statement.name.toLowerCase());
      return;
    }
    const { first, rest } = statement;
    if (first.kind === "command") this.#command(first, false, inBlock);
    else this.#expression(first, inBlock);
    let before = first.kind === "command" ? this.prepared.get(first)?.command : undefined;
    for (const command of rest) {
      this.#command(command, true, inBlock);
      const called = this.prepared.get(command)?.command;
      if (before && isLanguage(before) && before.last && !(called && isLanguage(called) && called.takesFormatted))
        throw behindFormatter(this.#source, command.at, command.name, before.name);
      before = called;
    }
  }

  #command(call: Command, piped: boolean, inBlock: boolean): void {
    const written = asksForHelp(call, this.#source) ? helpOn(call) : call;
    const command = commandNamed(this.#table, written.name) ?? this.#unknown(written);
    const parameters = isLanguage(command)
      ? command.parameters
      : { ...command.parameters, ...commonParametersOf(command) };
    const bound = bind({ name: command.name, parameters }, written, this.#source);
    const mayCome = piped ? pipelineParameters(command.parameters) : [];
    if (piped && !(isLanguage(command) ? command.takesInput : mayCome.length > 0))
      throw pipelineRefused(this.#source, written.at, command.name);
    for (const [name, spec] of Object.entries(command.parameters))
      if (spec.mandatory === true && !mayCome.includes(name) && !bound.some((given) => given.name === name))
        throw parameterMissing(this.#source, written.at, { command: command.name, parameter: name, help: spec.help });
    this.prepared.set(call, { command, parameters, written: bound });
    for (const { value } of bound) if ("later" in value) this.#expression(value.later, inBlock);
  }

  #unknown(written: Command): never {
    const { cmdlets, language } = this.#table;
    const known = [...cmdlets, ...language];
    const near = nearestOf(
      written.name,
      known.map(({ name }) => name),
    );
    const whole = (name: string): string =>
      this.#source.slice(0, written.at) + name + this.#source.slice(written.at + written.name.length);
    // A line that may hold a password is not repeated.
    const instead = near === undefined || /secure/i.test(this.#source) ? near : whole(near);
    const [, noun = ""] = /-(\w+?)s?$/i.exec(written.name.toLowerCase()) ?? [];
    const ofNoun = known.filter((command) => command.noun.toLowerCase() === noun).map(({ name }) => name);
    throw commandUnknown(this.#source, written.at, { name: written.name, instead, ofNoun });
  }

  #expression(expression: Expression, inBlock: boolean): void {
    switch (expression.kind) {
      case "text":
      case "number":
      case "literal":
        break;
      case "variable":
        this.#variable(expression, inBlock);
        break;
      case "expandable":
        for (const part of expression.parts) if (typeof part !== "string") this.#expression(part, inBlock);
        break;
      case "member":
        this.#expression(expression.of, inBlock);
        break;
      case "index":
        this.#expression(expression.of, inBlock);
        this.#expression(expression.index, inBlock);
        break;
      case "call":
        this.#expression(expression.of, inBlock);
        for (const given of expression.arguments) this.#expression(given, inBlock);
        break;
      case "list":
        for (const item of expression.items) this.#expression(item, inBlock);
        break;
      case "group":
        this.#statement(expression.body, inBlock);
        break;
      case "sub":
      case "array":
        this.script(expression.body, inBlock);
        break;
      case "block":
        this.script(expression.body, true);
        break;
      case "hash":
        for (const { value } of expression.entries) this.#statement(value, inBlock);
        break;
      case "unary":
        this.#expression(expression.operand, inBlock);
        break;
      case "binary":
        this.#expression(expression.left, inBlock);
        this.#expression(expression.right, inBlock);
        break;
    }
  }

  #variable({ name, at }: { name: string; at: number }, inBlock: boolean): void {
    const exists = name === "_" ? inBlock : this.#variables.has(name.toLowerCase());
    if (!exists) throw unknownVariable(this.#source, at, name, [...this.#variables]);
  }
}

/** Whether `-?` stands behind a command's name, which asks for its help. Source: [get-help]. */
const asksForHelp = ({ arguments: given }: Command, source: string): boolean =>
  given.some((one) => one.kind === "value" && one.value.kind === "text" && source.startsWith("-?", one.value.at));

const helpOn = (call: Command): Command => ({
  ...call,
  name: "Get-Help",
  arguments: [{ kind: "value", value: { kind: "text", text: call.name, at: call.at } }],
});
