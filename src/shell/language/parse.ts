import { LabError } from "../../base/index.ts";
import type { Assignment, Command, Pipeline, Script, Statement } from "./ast.ts";
import { beginsCommand, readCommand } from "./command.ts";
import { Cursor } from "./cursor.ts";
import { keywords } from "./not-spoken.ts";
import { notSpoken, unexpectedCharacter } from "./errors.ts";
import { readExpression } from "./expression.ts";

/**
 * Reads a script: one line or several. Throws SHELL_… with the column: what was found and what is wanted.
 * Ours: docs/adr/0013-shell-language.md, what of PowerShell is read and what is refused.
 */
export function parse(source: string): Script {
  const cursor = new Cursor(source, readStatement);
  return cursor.statements();
}

/** Whether a source is cut short: a quote, a bracket or a pipe waits for another line. */
export function needsMore(source: string): boolean {
  try {
    parse(source);
    return false;
  } catch (failure) {
    return failure instanceof LabError && failure.details.incomplete === true;
  }
}

function readStatement(cursor: Cursor): Statement {
  refuseStatement(cursor);
  return readAssignment(cursor) ?? readPipeline(cursor);
}

/** Throws SHELL_NOT_SPOKEN for a keyword of PowerShell's, and for what changes a variable in its place. */
function refuseStatement(cursor: Cursor): void {
  const { source, at } = cursor;
  const keyword = cursor.match(/([A-Za-z]+)(?![\w-])/y)?.[1];
  const instead = keyword !== undefined && Object.hasOwn(keywords, keyword.toLowerCase());
  // Foreach is ForEach-Object's other name too.
  const block = cursor.match(/foreach\s*\{/iy);
  if (instead && !block) throw notSpoken(source, at, keyword, keywords[keyword.toLowerCase()] ?? "");
  const [, name, sign] = cursor.match(/(\$\w+)[^\S\n]*([-+*/%]=|\+\+|--)/y) ?? [];
  if (sign === undefined) return;
  throw notSpoken(
    source,
    at + (cursor.match(/\$\w+[^\S\n]*/y)?.[0].length ?? 0),
    sign,
    `Write ${name} = ${name} ${sign.charAt(0)} …`,
  );
}

function readAssignment(cursor: Cursor): Assignment | undefined {
  const { at } = cursor;
  const target = cursor.match(/\$(?:(\w+)|\{([^}`]+)\})[^\S\n]*=/y);
  if (!target) return undefined;
  const name = target[1] ?? target[2] ?? "";
  if (/^(?:true|false|null|_)$/i.test(name)) throw unexpectedCharacter(cursor.source, at + target[0].length - 1);
  cursor.at += target[0].length;
  cursor.skipBlanks(true);
  return { kind: "assignment", name, value: cursor.nested(() => cursor.statement()), at };
}

function readPipeline(cursor: Cursor): Pipeline {
  const { at } = cursor;
  const first = beginsCommand(cursor) ? readCommand(cursor) : readHead(cursor);
  const rest: Command[] = [];
  for (cursor.skipBlanks(); cursor.take("|"); cursor.skipBlanks()) {
    cursor.skipBlanks(true);
    rest.push(readCommand(cursor));
  }
  return { kind: "pipeline", first, rest, at };
}

/** What is neither a command nor the beginning of an expression is where a command is missing. */
const noExpression = /[|)}\]]|[-\u2013\u2014\u2015](?!(?:not|join|split)(?!\w))[A-Za-z]/iy;

const readHead = (cursor: Cursor): Pipeline["first"] =>
  cursor.match(noExpression) ? readCommand(cursor) : readExpression(cursor);
