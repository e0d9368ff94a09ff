import type { Expression, Looked } from "./ast.ts";
import { type Cursor, doubleQuote, singleQuote } from "./cursor.ts";
import { numberOf } from "./numbers.ts";
import { hereStringOpen, quoteOpen, trailingBacktick, unexpectedCharacter } from "./errors.ts";

/** What stands behind a backtick for a character that cannot be typed. Source: [about_Escape_Characters]. */
const escapes: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const literals = new Map<string, boolean | null>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** What ends a word that is not quoted. */
const wordEnd = /[\s;|,)}]/;
/** PowerShell's own signs, which a word that is not quoted cannot hold. */
const reserved = /[&({<>]/;

export const endsWord = (cursor: Cursor): boolean => cursor.ended || wordEnd.test(cursor.peek());

/**
 * A word as it may stand behind a command's name; quoted parts and variables may stand anywhere in it. One that says a
 * number is both. Source: [about_Parsing].
 */
export function readWord(cursor: Cursor): Expression {
  const at = cursor.at;
  const parts = new Parts();
  while (!endsWord(cursor)) {
    const sign = cursor.peek();
    if (singleQuote.test(sign)) parts.add(readSingleQuoted(cursor));
    else if (doubleQuote.test(sign)) readDoubleQuoted(cursor, parts);
    else if (reserved.test(sign)) throw unexpectedCharacter(cursor.source, cursor.at);
    else readCharacter(cursor, parts);
  }
  const number = numberOf(cursor.source.slice(at, cursor.at));
  const made = parts.made(at);
  return made.kind === "text" && number !== undefined ? { ...made, number } : made;
}

/** A quoted text, or a here-string; undefined where none begins. */
export function readQuoted(cursor: Cursor): Expression | undefined {
  const at = cursor.at;
  const parts = new Parts();
  if (cursor.peek() === "@" && /['"]/.test(cursor.peek(1))) readHereString(cursor, parts);
  else if (singleQuote.test(cursor.peek())) parts.add(readSingleQuoted(cursor));
  else if (doubleQuote.test(cursor.peek())) readDoubleQuoted(cursor, parts);
  else return undefined;
  return parts.made(at);
}

/** `$name`, `${any name}` or `$(…)`; undefined where the dollar begins nothing. */
export function readLooked(cursor: Cursor): Looked | undefined {
  const { at } = cursor;
  if (cursor.peek(1) === "(") return { kind: "sub", body: cursor.bracketed("$(", ")"), at };
  const found = cursor.match(/\$(?:(\w+)|\{([^}`]+)\})/y);
  if (!found) return undefined;
  cursor.at += found[0].length;
  const name = found[1] ?? found[2] ?? "";
  const value = literals.get(name.toLowerCase());
  return value === undefined ? { kind: "variable", name, at } : { kind: "literal", value, at };
}

/** Collects what a word consists of. */
class Parts {
  readonly #parts: (string | Looked)[] = [];
  #text = "";

  add(part: string | Looked): void {
    if (typeof part === "string") {
      this.#text += part;
      return;
    }
    if (this.#text !== "") this.#parts.push(this.#text);
    this.#text = "";
    this.#parts.push(part);
  }

  made(at: number): Expression {
    if (this.#parts.length === 0) return { kind: "text", text: this.#text, at };
    if (this.#text !== "") this.#parts.push(this.#text);
    return { kind: "expandable", parts: this.#parts, at };
  }
}

/** One character outside single quotes: escaped, what a `$` looks up, or itself. */
function readCharacter(cursor: Cursor, parts: Parts): void {
  const sign = cursor.peek();
  const looked = sign === "$" ? readLooked(cursor) : undefined;
  if (looked) {
    parts.add(looked);
    return;
  }
  if (sign !== "`") {
    parts.add(sign);
    cursor.at++;
    return;
  }
  const next = cursor.peek(1);
  if (next === "") throw trailingBacktick(cursor.source, cursor.at);
  parts.add(escapes[next] ?? next);
  cursor.at += 2;
}

/** Nothing is special inside but a doubled quote, which stands for one. */
function readSingleQuoted(cursor: Cursor): string {
  const from = cursor.at;
  let text = "";
  for (cursor.at++; !cursor.ended; cursor.at++) {
    if (singleQuote.test(cursor.peek())) {
      cursor.at++;
      if (!singleQuote.test(cursor.peek())) return text;
    }
    text += cursor.peek();
  }
  throw quoteOpen(cursor.source, from);
}

/** Backticks escape, a doubled quote stands for one, and variables and `$(…)` are looked up when it runs. */
function readDoubleQuoted(cursor: Cursor, parts: Parts): void {
  const from = cursor.at;
  cursor.at++;
  while (!cursor.ended) {
    if (!doubleQuote.test(cursor.peek())) readCharacter(cursor, parts);
    else if (doubleQuote.test(cursor.peek(1))) {
      parts.add(cursor.peek(1));
      cursor.at += 2;
    } else {
      cursor.at++;
      return;
    }
  }
  throw quoteOpen(cursor.source, from);
}

/** `@'` or `@"` at the end of a line, then whole lines, then the quote and `@` at the beginning of one. */
function readHereString(cursor: Cursor, parts: Parts): void {
  const from = cursor.at;
  const quote = cursor.peek(1);
  const opened = cursor.match(/@['"][^\S\n]*\n/y);
  if (!opened) throw hereStringOpen(cursor.source, from);
  const end = cursor.source.indexOf(`\n${quote}@`, cursor.at + opened[0].length - 1);
  if (end < 0) throw hereStringOpen(cursor.source, from);
  cursor.at += opened[0].length;
  if (quote === "'") parts.add(cursor.source.slice(cursor.at, Math.max(cursor.at, end)));
  else while (cursor.at < end) readCharacter(cursor, parts);
  cursor.at = end + 3;
}
