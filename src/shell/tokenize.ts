import { quoteOpen, trailingBacktick, unexpectedCharacter, unknownVariable } from "./errors.ts";

/** A piece of a line; `at` is the offset of its first character. */
export type Token =
  | { kind: "word"; text: string; at: number }
  /** `-Name`, or `-Name:` with its value behind it. */
  | { kind: "parameter"; name: string; colon: boolean; at: number }
  | { kind: "literal"; value: boolean | null; at: number }
  | { kind: "comma" | "pipe" | "separator"; at: number };

// PowerShell takes the dashes and quotes that word processors make for the plain ones: commands are pasted from articles.
const dash = /[-\u2013\u2014\u2015]/;
const singleQuote = /['\u2018\u2019\u201a\u201b]/;
const doubleQuote = /["\u201c\u201d\u201e]/;
const blank = /[^\S\n]/;
/** What ends a word that is not quoted. */
const wordEnd = /[\s;|,]/;
/** PowerShell's own signs for what this shell cannot do. */
const reserved = /[&(){}<>]/;

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

const variables = new Map<string, boolean | null>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/**
 * Cuts a line, or several, into tokens. A newline separates like `;`, except behind a backtick; `#` at the beginning
 * of a word starts a comment. Throws SHELL_… for a quote that stays open, a variable, or a sign of PowerShell's that
 * this shell does not know. Ours: docs/adr/0008-shell-parser.md.
 */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  for (let at = skipBlanks(source, 0); at < source.length;) {
    const { token, end } = readToken(source, at);
    tokens.push(token);
    at = skipBlanks(source, end);
  }
  return tokens;
}

interface Read {
  token: Token;
  end: number;
}

function readToken(source: string, at: number): Read {
  const sign = source.charAt(at);
  if (sign === ",") return { token: { kind: "comma", at }, end: at + 1 };
  if (sign === "|") return { token: { kind: "pipe", at }, end: at + 1 };
  if (sign === ";" || sign === "\n") return { token: { kind: "separator", at }, end: at + 1 };
  if (sign === "@") throw unexpectedCharacter(source, at);
  if (sign === "$") return readVariable(source, at);
  return readParameter(source, at) ?? readWord(source, at);
}

/** Past blanks, continued lines and comments. */
function skipBlanks(source: string, from: number): number {
  let at = from;
  for (;;) {
    if (blank.test(source.charAt(at))) at++;
    else if (source.startsWith("`\n", at)) at += 2;
    else if (source.startsWith("`\r\n", at)) at += 3;
    else if (source.charAt(at) === "#") at = endOfLine(source, at);
    else return at;
  }
}

function endOfLine(source: string, from: number): number {
  const end = source.indexOf("\n", from);
  return end < 0 ? source.length : end;
}

function readVariable(source: string, at: number): Read {
  const name = /^\$\w*/.exec(source.slice(at, at + 40))?.[0] ?? "$";
  const end = at + name.length;
  const value = variables.get(name.slice(1).toLowerCase());
  if (value === undefined) throw unknownVariable(source, at, name);
  if (!endsWord(source, end)) throw unexpectedCharacter(source, end);
  return { token: { kind: "literal", value, at }, end };
}

/** `-Name` or `-Name:`; undefined where a dash begins something else. */
function readParameter(source: string, at: number): Read | undefined {
  if (!dash.test(source.charAt(at)) || !/[A-Za-z_]/.test(source.charAt(at + 1))) return undefined;
  let end = at + 1;
  while (/\w/.test(source.charAt(end))) end++;
  const token = { kind: "parameter", name: source.slice(at + 1, end), colon: source.charAt(end) === ":", at } as const;
  if (token.colon) return { token, end: end + 1 };
  if (!endsWord(source, end)) throw unexpectedCharacter(source, end);
  return { token, end };
}

const endsWord = (source: string, at: number): boolean => at >= source.length || wordEnd.test(source.charAt(at));

/** A word; quoted parts may stand anywhere in it. */
function readWord(source: string, at: number): Read {
  let text = "";
  let end = at;
  while (!endsWord(source, end)) {
    const part = readPart(source, end);
    text += part.text;
    end = part.end;
  }
  return { token: { kind: "word", text, at }, end };
}

interface Part {
  text: string;
  end: number;
}

function readPart(source: string, at: number): Part {
  const sign = source.charAt(at);
  if (singleQuote.test(sign)) return readSingleQuoted(source, at);
  if (doubleQuote.test(sign)) return readDoubleQuoted(source, at);
  if (reserved.test(sign)) throw unexpectedCharacter(source, at);
  return readCharacter(source, at);
}

/** One character outside single quotes: escaped, a `$` that begins nothing, or itself. */
function readCharacter(source: string, at: number): Part {
  const sign = source.charAt(at);
  const next = source.charAt(at + 1);
  if (sign === "$" && /[\w{(]/.test(next))
    throw unknownVariable(source, at, /^\$\w*/.exec(source.slice(at, at + 40))?.[0] ?? "$");
  if (sign !== "`") return { text: sign, end: at + 1 };
  if (next === "") throw trailingBacktick(source, at);
  return { text: escapes[next] ?? next, end: at + 2 };
}

/** Nothing is special inside but a doubled quote, which stands for one. */
function readSingleQuoted(source: string, at: number): Part {
  let text = "";
  for (let end = at + 1; end < source.length; end++) {
    if (singleQuote.test(source.charAt(end))) {
      if (!singleQuote.test(source.charAt(end + 1))) return { text, end: end + 1 };
      end++;
    }
    text += source.charAt(end);
  }
  throw quoteOpen(source, at);
}

/** Backticks escape, a doubled quote stands for one, and variables are refused rather than left as they are. */
function readDoubleQuoted(source: string, at: number): Part {
  let text = "";
  for (let end = at + 1; end < source.length;) {
    if (!doubleQuote.test(source.charAt(end))) {
      const part = readCharacter(source, end);
      text += part.text;
      end = part.end;
    } else if (doubleQuote.test(source.charAt(end + 1))) {
      text += source.charAt(end + 1);
      end += 2;
    } else {
      return { text, end: end + 1 };
    }
  }
  throw quoteOpen(source, at);
}
