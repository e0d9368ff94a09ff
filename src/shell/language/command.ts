import type { Argument, Command, Expression } from "./ast.ts";
import { type Cursor, dash } from "./cursor.ts";
import { commandWanted, unexpectedCharacter, valueWanted } from "./errors.ts";
import { readList, readPostfix } from "./expression.ts";
import { endsWord, readWord } from "./words.ts";

const dashes = /[-\u2013\u2014\u2015]/g;

/** Whether what stands here is a command's name rather than an expression. */
export const beginsCommand = (cursor: Cursor): boolean => /[A-Za-z_?%]/.test(cursor.peek());

/** A command and its arguments, up to what ends them. */
export function readCommand(cursor: Cursor): Command {
  const { at } = cursor;
  const name = cursor.match(/[?%]|[A-Za-z_][\w\u2013\u2014\u2015-]*/y)?.[0];
  if (name === undefined) throw commandWanted(cursor.source, at);
  cursor.at += name.length;
  if (!endsWord(cursor) && !/[({]/.test(cursor.peek())) throw unexpectedCharacter(cursor.source, cursor.at);
  return { kind: "command", name: name.replace(dashes, "-"), arguments: readArguments(cursor), at };
}

function readArguments(cursor: Cursor): Argument[] {
  const read: Argument[] = [];
  for (cursor.skipBlanks(); !cursor.ended && !/[\n;|)}]/.test(cursor.peek()); cursor.skipBlanks())
    read.push(readParameter(cursor) ?? { kind: "value", value: readList(cursor, readArgument) });
  return read;
}

/** `-Name`, or `-Name:` with its value behind it; undefined where a dash begins something else. */
function readParameter(cursor: Cursor): Argument | undefined {
  const { at } = cursor;
  const name = dash.test(cursor.peek()) ? cursor.match(/.([A-Za-z_]\w*)/y)?.[1] : undefined;
  if (name === undefined) return undefined;
  cursor.at += name.length + 1;
  if (cursor.take(":")) {
    cursor.skipBlanks();
    return { kind: "parameter", name, value: readList(cursor, readArgument), at };
  }
  if (!endsWord(cursor)) throw unexpectedCharacter(cursor.source, cursor.at);
  return { kind: "parameter", name, value: undefined, at };
}

/** One value as it stands behind a command's name: text needs no quotes, and operators are text. */
function readArgument(cursor: Cursor): Expression {
  const { source } = cursor;
  if (cursor.ended || cursor.match(/[\s;|,)}]|[-\u2013\u2014\u2015][A-Za-z_]/y)) throw valueWanted(source, cursor.at);
  if (!cursor.match(/[({]|@|\$(?:[\w(]|\{[^}`]+\})/y)) return readWord(cursor);
  if (cursor.match(/@(?![({'"])/y)) throw unexpectedCharacter(source, cursor.at);
  const value = readPostfix(cursor);
  if (!endsWord(cursor)) throw unexpectedCharacter(source, cursor.at);
  return value;
}
