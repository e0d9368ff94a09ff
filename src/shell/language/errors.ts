import { LabError } from "../../base/index.ts";
import { signs, types } from "./not-spoken.ts";

/** Where something stands, for people: `column 5`, or `line 2, column 5` where there are several lines. */
function place(source: string, at: number): { text: string; line: number; column: number } {
  const before = source.slice(0, at).split("\n");
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  return {
    text: source.trimEnd().includes("\n") ? `line ${line}, column ${column}` : `column ${column}`,
    line,
    column,
  };
}

/** What stands at `at`: one character, or the end. */
function found(source: string, at: number): string {
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
  if (at >= source.length) return "the end of the line";
  return character === "\n" ? "the end of the line" : `"${character}"`;
}

/** An error that says where in the source it is. `incomplete`: more lines could still mend it. */
export function shellError(
  code: string,
  what: string,
  source: string,
  at: number,
  remedy: string,
  incomplete = false,
): LabError {
  const { text, line, column } = place(source, at);
  // Not the source itself: it may hold a password.
  const details = { line, column, ...(incomplete && { incomplete }) };
  return new LabError(code, `Cannot run the line: ${what}, at ${text}`, { remedy, details });
}

/** A quote was opened and never closed. */
export const quoteOpen = (source: string, at: number): LabError =>
  shellError(
    "SHELL_QUOTE_OPEN",
    `${found(source, at)} opens a text that nothing closes`,
    source,
    at,
    "Close the quote; write it twice for a quote within the text",
    true,
  );

/** A here-string was opened and never closed. */
export const hereStringOpen = (source: string, at: number): LabError =>
  shellError(
    "SHELL_HERE_STRING_OPEN",
    `${source.slice(at, at + 2)} opens a text that nothing closes`,
    source,
    at,
    `Close it with ${source.charAt(at + 1)}@ at the beginning of a line`,
    true,
  );

/** A bracket was opened and never closed. */
export const bracketOpen = (source: string, at: number, opener: string, closer: string): LabError =>
  shellError(
    "SHELL_BRACKET_OPEN",
    `"${opener}" opens what nothing closes`,
    source,
    at,
    `Close it with ${closer}`,
    true,
  );

/** A backtick has nothing behind it. */
export const trailingBacktick = (source: string, at: number): LabError =>
  shellError(
    "SHELL_BACKTICK_TRAILING",
    "the backtick has no character behind it to escape",
    source,
    at,
    "Take the backtick away, or write it twice for a backtick",
    true,
  );

/** One of PowerShell's signs that this shell does not know, or one where it means nothing. */
export const unexpectedCharacter = (source: string, at: number): LabError =>
  shellError(
    "SHELL_CHARACTER_UNEXPECTED",
    `found ${found(source, at)} where it means nothing`,
    source,
    at,
    signs[source.charAt(at)] ?? "Put text in quotes; Get-Help about_Language tells what is known",
  );

/** A keyword of PowerShell's, or a sign, that this shell does not speak. `instead`: what to write. */
export const notSpoken = (source: string, at: number, word: string, instead: string): LabError =>
  shellError("SHELL_NOT_SPOKEN", `"${word}" is not spoken here`, source, at, instead);

/** A type in brackets is none that a value can be made. */
export const typeUnknown = (source: string, at: number, type: string): LabError =>
  shellError("SHELL_TYPE_UNKNOWN", `${type} is no type that a value can be made here`, source, at, types);

/** A number that is too large, or has something behind it. */
export const numberRefused = (source: string, at: number, text: string): LabError =>
  shellError(
    "SHELL_NUMBER_REFUSED",
    `found "${text}" where a number is wanted`,
    source,
    at,
    "Write at most 15 digits, 6 behind the point, or KB, MB, GB behind a whole number; put text in quotes",
  );

/** A dash has a word behind it that is no operator. */
export const operatorUnknown = (
  source: string,
  at: number,
  name: string,
  { instead, near }: { instead: string | undefined; near: string | undefined },
): LabError =>
  shellError(
    "SHELL_OPERATOR_UNKNOWN",
    `"-${name}" is no operator`,
    source,
    at,
    instead ?? (near === undefined ? "Get-Help about_Operators tells which there are" : `Did you mean -${near}?`),
  );

/** Brackets in brackets, or operator after operator, beyond what is read. */
export const tooDeep = (source: string, at: number): LabError =>
  shellError(
    "SHELL_TOO_DEEP",
    "brackets or operators are nested deeper than this shell reads",
    source,
    at,
    "Put parts of it into variables",
  );

/** A command's name is missing. */
export const commandWanted = (source: string, at: number): LabError =>
  shellError(
    "SHELL_COMMAND_WANTED",
    `found ${found(source, at)} where a command's name is wanted`,
    source,
    at,
    "Begin with a cmdlet like Get-Queue; behind | write one too, like Where-Object or Format-List",
    at >= source.trimEnd().length,
  );

/** A value is missing behind a colon, a comma or an operator. */
export const valueWanted = (source: string, at: number): LabError =>
  shellError(
    "SHELL_VALUE_WANTED",
    `found ${found(source, at)} where a value is wanted`,
    source,
    at,
    "Write a value there, text in quotes, or take away what stands before it",
    at >= source.trimEnd().length,
  );

/** A key of a hash table, or what it stands for, is missing. */
export const entryWanted = (source: string, at: number): LabError =>
  shellError(
    "SHELL_ENTRY_WANTED",
    `found ${found(source, at)} where an entry like Name = 'value' is wanted`,
    source,
    at,
    "Write entries as @{ Name = 'value'; Other = 'value' }",
  );
