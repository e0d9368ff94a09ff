import { methodRefused, operandRefused, propertyUnknown, valueTooLarge } from "./errors.ts";
import { describe } from "../bind/describe.ts";
import type { Command, Expression, Script, Statement } from "../language/ast.ts";
import { writtenOperator } from "../language/operators.ts";
import { printScript } from "../language/print.ts";
import { call, type CallPlace } from "./call.ts";
import type { Say } from "./call-context.ts";
import { OperandRefused } from "./compare.ts";
import { invoke, methodsOf } from "./methods.ts";
import { operate } from "./operate.ts";
import type { PreparedCommands } from "./prepare.ts";
import { ScriptBlock } from "./script-block.ts";
import type { ShellState } from "./state.ts";
import { collapse, gather, isTooLarge, itemsOf, propertiesOf, propertyOf, textOf, truthy } from "./values.ts";

type Binary = Extract<Expression, { kind: "binary" }>;
type Expandable = Extract<Expression, { kind: "expandable" }>;
type Call = Extract<Expression, { kind: "call" }>;

/** Runs a script that has been prepared. Blocks of it may be run long after it, by a later line. */
export class Evaluator {
  readonly #state: ShellState;
  readonly #source: string;
  readonly #prepared: PreparedCommands;
  readonly #say: Say;

  constructor(state: ShellState, source: string, prepared: PreparedCommands, say: Say) {
    this.#state = state;
    this.#source = source;
    this.#prepared = prepared;
    this.#say = say;
  }

  /**
   * What a statement yields, one after the other; nothing for an assignment.
   *
   * @param dollarUnderscore what `$_` stands for in a block
   */
  async *statement(statement: Statement, dollarUnderscore?: unknown): AsyncIterable<unknown> {
    await this.#state.line.step();
    if (statement.kind === "assignment") {
      this.#state.variables.set(statement.name.toLowerCase(), await this.#worth(statement.value, dollarUnderscore));
      return;
    }
    const { first, rest } = statement;
    let stream =
      first.kind === "command" ? this.#call(first, undefined, dollarUnderscore) : this.#items(first, dollarUnderscore);
    for (const command of rest) stream = this.#call(command, stream, dollarUnderscore);
    yield* stream;
  }

  /** Throws SHELL_VALUE_TOO_LARGE, and SHELL_… for what cannot be worked out. */
  async evaluate(expression: Expression, underscore: unknown): Promise<unknown> {
    const value = await this.#value(expression, underscore);
    if (isTooLarge(value)) throw valueTooLarge(this.#source, expression.at);
    return value;
  }

  async #value(expression: Expression, underscore: unknown): Promise<unknown> {
    switch (expression.kind) {
      case "text":
        return expression.number ?? expression.text;
      case "number":
      case "literal":
        return expression.value;
      case "variable":
        return expression.name === "_" ? underscore : this.#state.variables.get(expression.name.toLowerCase());
      case "expandable":
        return this.#expanded(expression, underscore);
      case "member":
        return this.#property(await this.evaluate(expression.of, underscore), expression.name, expression.at);
      case "index":
        return elementOf(
          await this.evaluate(expression.of, underscore),
          await this.evaluate(expression.index, underscore),
        );
      case "call":
        return this.#invoke(expression, underscore);
      case "list":
        return this.#each(expression.items, (item) => this.evaluate(item, underscore));
      case "group":
        return this.#worth(expression.body, underscore);
      case "sub":
        return collapse(await this.#all(expression.body, underscore));
      case "array":
        return this.#all(expression.body, underscore);
      case "block":
        return new ScriptBlock(printScript(expression.body), (object) => this.#all(expression.body, object));
      case "hash":
        return Object.fromEntries(
          await this.#each(
            expression.entries,
            async ({ key, value }) => [key, await this.#worth(value, underscore)] as const,
          ),
        );
      case "unary": {
        const operand = await this.evaluate(expression.operand, underscore);
        return this.#operate(expression.operator, [operand], expression.operand);
      }
      case "binary":
        return this.#binary(expression, underscore);
    }
  }

  async #expanded({ parts, at }: Expandable, underscore: unknown): Promise<string> {
    let text = "";
    for (const part of parts) {
      text += typeof part === "string" ? part : textOf(await this.evaluate(part, underscore));
      if (isTooLarge(text)) throw valueTooLarge(this.#source, at);
    }
    return text;
  }

  async #binary({ operator, left, right }: Binary, underscore: unknown): Promise<unknown> {
    const one = await this.evaluate(left, underscore);
    if (operator === "and" || operator === "or") {
      if (truthy(one) === (operator === "or")) return operator === "or";
      return truthy(await this.evaluate(right, underscore));
    }
    const other = await this.evaluate(right, underscore);
    return this.#operate(operator, [one, other], right);
  }

  #operate(operator: string, operands: readonly unknown[], { at }: Expression): unknown {
    try {
      return operate(operator, operands);
    } catch (failure) {
      if (!(failure instanceof OperandRefused)) throw failure;
      if (failure.tooLarge) throw valueTooLarge(this.#source, at);
      throw operandRefused(this.#source, at, writtenOperator(operator), operands.map(describe));
    }
  }

  #property(of: unknown, name: string, at: number): unknown {
    const value = propertyOf(of, name);
    if (of === null || of === undefined) return value ?? null;
    if (value === undefined && !(Array.isArray(of) && of.length === 0))
      throw propertyUnknown(this.#source, at, name, propertiesOf(of));
    return value ?? null;
  }

  async #invoke({ of, name, arguments: written, at }: Call, underscore: unknown): Promise<unknown> {
    const value = await this.evaluate(of, underscore);
    const given = await this.#each(written, (one) => this.evaluate(one, underscore));
    const made = invoke(value, name, given);
    if (made !== undefined) return made;
    throw methodRefused(this.#source, at, name, { of: describe(value), known: methodsOf(value) });
  }

  async *#items(expression: Expression, underscore: unknown): AsyncIterable<unknown> {
    yield* itemsOf(await this.evaluate(expression, underscore));
  }

  /** Everything that a script yields. */
  #all(script: Script, underscore: unknown): Promise<unknown[]> {
    return gather(this.#stream(script, underscore), () => valueTooLarge(this.#source, script[0]?.at ?? 0));
  }

  async *#stream(script: Script, underscore: unknown): AsyncIterable<unknown> {
    for (const statement of script) yield* this.statement(statement, underscore);
  }

  /** What a statement is worth as a value. An expression keeps its arrays as they are. */
  async #worth(statement: Statement, underscore: unknown): Promise<unknown> {
    if (statement.kind === "pipeline" && statement.first.kind !== "command" && statement.rest.length === 0)
      return this.evaluate(statement.first, underscore);
    return collapse(await this.#all([statement], underscore));
  }

  async #each<T, R>(items: readonly T[], one: (item: T) => Promise<R>): Promise<R[]> {
    const made: R[] = [];
    for (const item of items) made.push(await one(item));
    return made;
  }

  #call(command: Command, input: AsyncIterable<unknown> | undefined, underscore: unknown): AsyncIterable<unknown> {
    const prepared = this.#prepared.get(command);
    if (!prepared) throw new Error(`"${command.name}" was not prepared`);
    const place: CallPlace = { state: this.#state, source: this.#source, at: command.at, say: this.#say };
    return call(prepared, input, place, (expression) => this.evaluate(expression, underscore));
  }
}

/** An element by its place, from the end where that is below zero, or a property by its name; `$null` where there is none. */
function elementOf(of: unknown, index: unknown): unknown {
  if (Array.isArray(index)) return index.map((one) => elementOf(of, one));
  if (typeof index === "number" && (Array.isArray(of) || typeof of === "string"))
    return (Array.isArray(of) ? of : [...of]).at(Math.trunc(index)) ?? null;
  if (typeof index === "number") return index === 0 ? of : null;
  return propertyOf(of, textOf(index)) ?? null;
}
