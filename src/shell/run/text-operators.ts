import { compositeFormat } from "../show/net-format.ts";
import { OperandRefused, regular, toNumber } from "./compare.ts";
import { itemsOf, largestList, largestText, textOf } from "./values.ts";

type TextOperator = (left: unknown, right: unknown, minds: boolean) => unknown;

/** `-f`, `-join`, `-split`, `-replace`. Source: [about_Operators], [about_Join], [about_Split]. */
const operators: Readonly<Record<string, TextOperator>> = {
  f: (left, right) => compositeFormat(textOf(left), Array.isArray(right) ? right : [right]) ?? refused(),
  join: (left, right) => joined(left, textOf(right)),
  split: (left, right, minds) => split(left, right, minds),
  replace: (left, right, minds) => eachOf(left, (text) => replaced(text, itemsOf(right), minds)),
};

/** What a text operator makes of its operands; undefined where the operator is none. */
export function textOperation(operator: string): ((left: unknown, right: unknown) => unknown) | undefined {
  const [, prefix, name = ""] = /^([ci])?(split|replace)$/.exec(operator) ?? [undefined, undefined, operator];
  if (!Object.hasOwn(operators, name)) return undefined;
  return (left, right) => operators[name]?.(left, right, prefix === "c");
}

/** What stands before one operand alone: `-join` without anything between, `-split` at blanks. */
export const joinedUp = (value: unknown): string => joined(value, "");
export const splitAtBlanks = (value: unknown): string[] =>
  itemsOf(value).flatMap((item) => textOf(item).split(/\s+/).filter(Boolean));

function refused(): never {
  throw new OperandRefused();
}

const joined = (value: unknown, between: string): string =>
  within(itemsOf(value).map(textOf), between.length).join(between);

/** Pieces of a text, unless the text would become far too long. */
function within(pieces: string[], between: number): string[] {
  const length = pieces.reduce((sum, { length: own }) => sum + own, pieces.length * between);
  if (length > largestText) throw new OperandRefused(true);
  return pieces;
}

const eachOf = (value: unknown, make: (text: string) => string): unknown =>
  Array.isArray(value) ? value.map((item) => make(textOf(item))) : make(textOf(value));

/** At a regular expression, what its brackets catch being kept; with a number, in as many pieces at most. */
function split(left: unknown, right: unknown, minds: boolean): string[] {
  const [pattern, most = 0] = itemsOf(right);
  const count = toNumber(most);
  if (pattern === undefined || !(count >= 0)) return refused();
  return itemsOf(left).flatMap((item) => pieces(textOf(item), regular(textOf(pattern), minds, "g"), count));
}

function pieces(text: string, pattern: RegExp, most: number): string[] {
  const made: string[] = [];
  let from = 0;
  for (const found of text.matchAll(pattern)) {
    if (made.length + 1 === most) break;
    if (made.length > largestList) throw new OperandRefused(true);
    made.push(text.slice(from, found.index), ...found.slice(1).filter((caught) => caught !== undefined));
    from = found.index + found[0].length;
  }
  return [...made, text.slice(from)];
}

/** `${name}` is what brackets of that name have caught, as `$1` is what the first have. */
function replaced(text: string, [pattern, by, ...more]: readonly unknown[], minds: boolean): string {
  if (pattern === undefined || more.length > 0) return refused();
  const template = textOf(by).replace(/\$\{(\w+)\}/g, (_, name: string) =>
    /^\d+$/.test(name) ? `$${name}` : `$<${name}>`,
  );
  const expression = regular(textOf(pattern), minds, "g");
  const most = template.length + (template.includes("$") ? text.length : 0);
  let length = text.length;
  for (const _ of text.matchAll(expression)) {
    length += most;
    if (length > 2 * largestText) throw new OperandRefused(true);
  }
  return text.replace(expression, template);
}
