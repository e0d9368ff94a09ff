import type { Argument, Command, Expression, Script, Statement } from "./ast.ts";
import { numberOf } from "./numbers.ts";
import { levelOf, levels, tight, writtenOperator } from "./operators.ts";

/** A script as it could be typed: `parse` reads it back to the same. */
export const printScript = (script: Script): string => script.map(printStatement).join("; ");

function printStatement(statement: Statement): string {
  if (statement.kind === "assignment") return `${printVariable(statement.name)} = ${printStatement(statement.value)}`;
  const { first, rest } = statement;
  return [first.kind === "command" ? printCommand(first) : print(first, 0), ...rest.map(printCommand)].join(" | ");
}

const printCommand = (command: Command): string => [command.name, ...command.arguments.map(printArgument)].join(" ");

function printArgument(argument: Argument): string {
  if (argument.kind === "value") return printValue(argument.value);
  return argument.value ? `-${argument.name}:${printValue(argument.value)}` : `-${argument.name}`;
}

/** A value as it would be typed behind a command's name. */
export const printValue = (value: Expression): string =>
  value.kind === "list" ? value.items.map(printItem).join(",") : printItem(value);

function printItem(value: Expression): string {
  if (value.kind === "text") return value.number === undefined ? printWord(value.text) : value.text;
  const stands = !["number", "unary", "binary", "list"].includes(value.kind);
  return stands ? print(value, tightest) : `(${print(value, 0)})`;
}

/** Bare where nothing in it can be mistaken, else in single quotes. */
const printWord = (text: string): string =>
  numberOf(text) === undefined && /^[A-Za-z0-9\\*/.:_][A-Za-z0-9\\*/.:_@+-]*$/.test(text) ? text : printQuoted(text);

const printQuoted = (text: string): string => `'${text.replace(/['\u2018\u2019\u201a\u201b]/g, "$&$&")}'`;

const printVariable = (name: string): string => (/^\w+$/.test(name) ? `$${name}` : `\${${name}}`);

/** How tightly signs before a value, lists, and properties bind: behind the operators of `levels`. */
const ofUnary = levels.length;
const ofList = ofUnary + 1;
const ofPrefix = ofList + 1;
const tightest = ofPrefix + 1;

/** An expression, in brackets where it binds less than `least`. */
function print(value: Expression, least: number): string {
  const [text, binds] = printed(value);
  return binds < least ? `(${text})` : text;
}

function printed(value: Expression): [text: string, binds: number] {
  switch (value.kind) {
    case "text":
      return [printQuoted(value.text), tightest];
    case "number":
      return [String(value.value), tightest];
    case "literal":
      return [`$${String(value.value)}`, tightest];
    case "variable":
      return [printVariable(value.name), tightest];
    case "expandable":
      return [`"${value.parts.map(printPart).join("")}"`, tightest];
    case "member":
      return [`${printOwner(value.of)}.${value.name}`, tightest];
    case "index":
      return [`${printOwner(value.of)}[${print(value.index, 0)}]`, tightest];
    case "call":
      return [
        `${printOwner(value.of)}.${value.name}(${value.arguments.map((one) => print(one, tightest)).join(", ")})`,
        tightest,
      ];
    case "list":
      return [value.items.map((item) => print(item, ofPrefix)).join(","), ofList];
    case "group":
      return [`(${printStatement(value.body)})`, tightest];
    case "sub":
      return [`$(${printScript(value.body)})`, tightest];
    case "array":
      return [`@(${printScript(value.body)})`, tightest];
    case "block":
      return [`{ ${printScript(value.body)} }`, tightest];
    case "hash":
      return [
        `@{ ${value.entries.map((entry) => `${printKey(entry.key)} = ${printStatement(entry.value)}`).join("; ")} }`,
        tightest,
      ];
    case "unary":
      return tight.includes(value.operator)
        ? [`${writtenOperator(value.operator)} ${print(value.operand, ofPrefix)}`, ofPrefix]
        : [`${writtenOperator(value.operator)} ${print(value.operand, ofUnary)}`, ofUnary];
    case "binary": {
      const level = levelOf(value.operator);
      return [`${print(value.left, level)} ${writtenOperator(value.operator)} ${print(value.right, level + 1)}`, level];
    }
  }
}

/** What a property is of. A text in quotes with a dot behind it would be one word behind a command's name. */
const printOwner = (of: Expression): string =>
  ["text", "expandable", "number"].includes(of.kind) ? `(${print(of, 0)})` : print(of, tightest);

const printKey = (key: string): string => (/^[A-Za-z_]\w*$/.test(key) ? key : printQuoted(key));

function printPart(part: string | Expression): string {
  if (typeof part === "string") return part.replace(/["\u201c\u201d\u201e`$]/g, "`$&");
  return part.kind === "sub"
    ? print(part, 0)
    : `\${${part.kind === "variable" ? part.name : String((part as { value: unknown }).value)}}`;
}
