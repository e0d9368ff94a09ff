import { nearestOf } from "../../base/index.ts";
import type { Expression, Statement } from "./ast.ts";
import { type Cursor, dash, longestChain } from "./cursor.ts";
import {
  entryWanted,
  numberRefused,
  operatorUnknown,
  tooDeep,
  typeUnknown,
  unexpectedCharacter,
  valueWanted,
} from "./errors.ts";
import { operators as notSpoken } from "./not-spoken.ts";
import { numberOf } from "./numbers.ts";
import { type BinaryOperator, isWord, levels, tight } from "./operators.ts";
import { readLooked, readQuoted } from "./words.ts";

/** An expression, as far as it reaches. Source: [about_Operator_Precedence]. */
export const readExpression = (cursor: Cursor): Expression => readLevel(cursor, 0, readListed);

/** What stands between operators: several values joined by commas, or one where the commas part something else. */
type Operand = (cursor: Cursor) => Expression;

const readListed: Operand = (cursor) => readList(cursor, readPrefixed);

function readLevel(cursor: Cursor, level: number, operand: Operand): Expression {
  const operators = levels[level];
  if (!operators) return readUnary(cursor, operand);
  let left = readLevel(cursor, level + 1, operand);
  for (let links = 0; ; links++) {
    const operator = takeOperator(cursor, operators);
    if (operator === undefined) return left;
    if (links === longestChain) throw tooDeep(cursor.source, cursor.at);
    cursor.skipBlanks(true);
    left = { kind: "binary", operator, left, right: readLevel(cursor, level + 1, operand), at: left.at };
  }
}

/** One operand, or several joined by commas. */
export function readList(cursor: Cursor, operand: Operand): Expression {
  const items = readItems(cursor, operand);
  const [only] = items as [Expression];
  return items.length === 1 ? only : { kind: "list", items, at: only.at };
}

/** Operands parted by commas, behind which a line may be broken. */
function readItems(cursor: Cursor, operand: Operand): Expression[] {
  const items = [operand(cursor)];
  for (cursor.skipBlanks(); cursor.take(","); cursor.skipBlanks()) {
    cursor.skipBlanks(true);
    items.push(operand(cursor));
  }
  return items;
}

/** Goes past an operator of `wanted`; throws SHELL_OPERATOR_UNKNOWN where a word with a dash is none at all. */
function takeOperator(cursor: Cursor, wanted: readonly BinaryOperator[]): BinaryOperator | undefined {
  cursor.skipBlanks();
  const word = dash.test(cursor.peek()) ? cursor.match(/.([A-Za-z]\w*)/y)?.[1] : undefined;
  const sign = dash.test(cursor.peek()) ? "-" : (cursor.match(/\.\./y)?.[0] ?? cursor.peek());
  const operator = word?.toLowerCase() ?? sign;
  if (word !== undefined && !isWord(operator))
    throw operatorUnknown(cursor.source, cursor.at, word, {
      instead: Object.hasOwn(notSpoken, operator) ? notSpoken[operator] : undefined,
      near: nearestOf(operator, levels.flat().filter(isWord)),
    });
  if (!wanted.includes(operator)) return undefined;
  cursor.at += word === undefined ? sign.length : word.length + 1;
  return operator;
}

function readUnary(cursor: Cursor, operand: Operand): Expression {
  const { at } = cursor;
  const not = cursor.match(/!|[-\u2013\u2014\u2015]not(?!\w)/iy);
  const minus = dash.test(cursor.peek()) && !/[\d.A-Za-z]/.test(cursor.peek(1));
  if (!not && !minus) return operand(cursor);
  cursor.at += not?.[0].length ?? 1;
  cursor.skipBlanks();
  return { kind: "unary", operator: not ? "not" : "-", operand: cursor.nested(() => readUnary(cursor, operand)), at };
}

/** A value, or one that a type in brackets, `-join` or `-split` is before: these bind more than a comma. */
function readPrefixed(cursor: Cursor): Expression {
  const { at } = cursor;
  const written = cursor.match(/\[([A-Za-z_][\w.]*(?:\[\])?)\]|[-\u2013\u2014\u2015](join|split)(?!\w)/iy);
  if (!written) return readPostfix(cursor);
  const operator = written[2]?.toLowerCase() ?? `[${written[1]?.toLowerCase()}]`;
  cursor.at += written[0].length;
  if (!tight.includes(operator)) throw typeUnknown(cursor.source, at, written[0]);
  if (cursor.match(/::/y)) throw unexpectedCharacter(cursor.source, cursor.at);
  cursor.skipBlanks();
  return { kind: "unary", operator, operand: cursor.nested(() => readPrefixed(cursor)), at };
}

/** A value with the properties and places of it that are looked up, without blanks between. */
export function readPostfix(cursor: Cursor): Expression {
  let of = readPrimary(cursor);
  for (let links = 0; ; links++) {
    if (links === longestChain) throw tooDeep(cursor.source, cursor.at);
    const name = cursor.match(/\.([A-Za-z_]\w*)/y)?.[1];
    if (name !== undefined) {
      cursor.at += name.length + 1;
      of =
        cursor.peek() === "("
          ? { kind: "call", of, name, arguments: readCallArguments(cursor), at: of.at }
          : { kind: "member", of, name, at: of.at };
    } else if (cursor.peek() === "[") {
      const from = cursor.at++;
      cursor.skipBlanks(true);
      of = { kind: "index", of, index: cursor.nested(() => readExpression(cursor)), at: of.at };
      cursor.close(from, "[", "]");
    } else return of;
  }
}

/** What a method is given, in brackets. Commas part its arguments, so that a list needs brackets of its own. */
function readCallArguments(cursor: Cursor): readonly Expression[] {
  const from = cursor.at++;
  cursor.skipBlanks(true);
  if (cursor.take(")")) return [];
  const given = cursor.nested(() => readItems(cursor, () => readLevel(cursor, 0, readPrefixed)));
  cursor.close(from, "(", ")");
  return given;
}

function readPrimary(cursor: Cursor): Expression {
  const { at } = cursor;
  const sign = cursor.peek();
  if (sign === "(") return readGroup(cursor);
  if (sign === "{") return { kind: "block", body: cursor.bracketed("{", "}"), at };
  const quoted = readQuoted(cursor);
  if (quoted) return quoted;
  if (sign === "@" && cursor.peek(1) === "(") return { kind: "array", body: cursor.bracketed("@(", ")"), at };
  if (sign === "@" && cursor.peek(1) === "{") return readHash(cursor);
  const looked = sign === "$" ? readLooked(cursor) : undefined;
  if (looked) return looked;
  return readNumber(cursor);
}

/** Brackets with one pipeline in them; those around an expression leave no trace. */
function readGroup(cursor: Cursor): Expression {
  const { at } = cursor;
  const [body, more] = cursor.bracketed("(", ")");
  if (!body) throw valueWanted(cursor.source, cursor.at - 1);
  if (more) throw unexpectedCharacter(cursor.source, more.at);
  const expression = body.kind === "pipeline" && body.rest.length === 0 && body.first.kind !== "command";
  return expression ? (body.first as Expression) : { kind: "group", body, at };
}

/** Two dots are a range's, not a number's. */
const digits = /[-\u2013\u2014\u2015]?\.?\d(?:\w|\.(?!\.))*/y;

function readNumber(cursor: Cursor): Expression {
  const { at, source } = cursor;
  const written = cursor.match(digits)?.[0];
  if (written === undefined)
    throw /[&<>@[=]/.test(cursor.peek()) ? unexpectedCharacter(source, at) : valueWanted(source, at);
  const value = numberOf(written);
  if (value === undefined) throw numberRefused(source, at, written);
  cursor.at += written.length;
  return { kind: "number", value, at };
}

/** Entries are parted by `;` or newlines. Source: [about_Hash_Tables]. */
function readHash(cursor: Cursor): Expression {
  const { at } = cursor;
  cursor.at += 2;
  const entries = cursor.nested(() => {
    const read: { key: string; value: Statement }[] = [];
    for (cursor.skipSeparators(); !cursor.ended && cursor.peek() !== "}"; cursor.skipSeparators())
      read.push(readEntry(cursor));
    return read;
  });
  cursor.close(at, "@{", "}");
  return { kind: "hash", entries, at };
}

function readEntry(cursor: Cursor): { key: string; value: Statement } {
  const { at, source } = cursor;
  const name = cursor.match(/[A-Za-z_]\w*/y)?.[0];
  cursor.at += name?.length ?? 0;
  const quoted = name === undefined ? readQuoted(cursor) : undefined;
  const key = name ?? (quoted?.kind === "text" ? quoted.text : undefined);
  cursor.skipBlanks();
  if (key === undefined || !cursor.take("=")) throw entryWanted(source, key === undefined ? at : cursor.at);
  cursor.skipBlanks(true);
  const value = cursor.statement();
  cursor.skipBlanks();
  if (!cursor.ended && !/[;\n}]/.test(cursor.peek())) throw unexpectedCharacter(source, cursor.at);
  return { key, value };
}
