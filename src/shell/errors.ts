import { LabError, messageOf, nearestOf } from "../base/index.ts";

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

function shellError(code: string, what: string, source: string, at: number, remedy: string): LabError {
  const { text, line, column } = place(source, at);
  return new LabError(code, `Cannot run the line: ${what}, at ${text}`, { remedy, details: { source, line, column } });
}

/** A quote was opened and never closed. */
export const quoteOpen = (source: string, at: number): LabError =>
  shellError(
    "SHELL_QUOTE_OPEN",
    `${found(source, at)} opens a text that nothing closes`,
    source,
    at,
    "Close the quote; write it twice for a quote within the text",
  );

/** A backtick has nothing behind it. */
export const trailingBacktick = (source: string, at: number): LabError =>
  shellError(
    "SHELL_BACKTICK_TRAILING",
    "the backtick has no character behind it to escape",
    source,
    at,
    "Take the backtick away, or write it twice for a backtick",
  );

/** One of PowerShell's signs that this shell does not know. */
export const unexpectedCharacter = (source: string, at: number): LabError =>
  shellError(
    "SHELL_CHARACTER_UNEXPECTED",
    `found ${found(source, at)} where a word or a blank is wanted`,
    source,
    at,
    "Put the text in quotes; blocks, sub-expressions and redirections are not known here",
  );

/** A variable that does not exist. */
export const unknownVariable = (source: string, at: number, name: string): LabError =>
  shellError(
    "SHELL_VARIABLE_UNKNOWN",
    `found variable "${name}" where only $true, $false and $null are known`,
    source,
    at,
    "Put text that holds a $ in single quotes",
  );

/** A command's name is missing. */
export const commandWanted = (source: string, at: number): LabError =>
  shellError(
    "SHELL_COMMAND_WANTED",
    `found ${found(source, at)} where a command's name is wanted`,
    source,
    at,
    "Begin with a cmdlet like Get-Queue; behind | write Format-List, Format-Table or ConvertTo-Json",
  );

/** A value is missing behind a colon or a comma. */
export const valueWanted = (source: string, at: number): LabError =>
  shellError(
    "SHELL_VALUE_WANTED",
    `found ${found(source, at)} where a value is wanted`,
    source,
    at,
    "Write a value there, or take the comma or colon before it away",
  );

/**
 * No cmdlet has that name.
 *
 * @param about what was found; `instead` is the line with the nearest name, where one is near
 */
export const commandUnknown = (
  source: string,
  at: number,
  about: { name: string; known: readonly string[]; instead: string | undefined },
): LabError =>
  shellError(
    "SHELL_COMMAND_UNKNOWN",
    `"${about.name}" is no cmdlet`,
    source,
    at,
    about.instead === undefined ? `Known are ${about.known.join(", ")}` : `Did you mean: ${about.instead}`,
  );

/** Something other than a formatting command stands behind a pipe. */
export const formatterWanted = (source: string, at: number, name: string, known: readonly string[]): LabError =>
  shellError(
    "SHELL_FORMATTER_WANTED",
    `found "${name}" where a formatting command is wanted`,
    source,
    at,
    `Behind | write one of ${known.join(", ")}, and nothing behind that`,
  );

/** A command has no parameter of that name. */
export function parameterUnknown(source: string, at: number, about: Named & { known: readonly string[] }): LabError {
  const near = nearestOf(about.parameter, about.known);
  const list = about.known.length === 0 ? "It has none" : `It has -${about.known.join(", -")}`;
  return shellError(
    "SHELL_PARAMETER_UNKNOWN",
    `${about.command} has no parameter "-${about.parameter}"`,
    source,
    at,
    near === undefined ? list : `Did you mean -${near}?`,
  );
}

interface Named {
  command: string;
  parameter: string;
}

/** A shortened parameter name fits several. */
export const parameterAmbiguous = (source: string, at: number, about: Named & { fits: readonly string[] }): LabError =>
  shellError(
    "SHELL_PARAMETER_AMBIGUOUS",
    `"-${about.parameter}" of ${about.command} may be -${about.fits.join(" or -")}`,
    source,
    at,
    "Write more of the parameter's name",
  );

/** A parameter was given twice. */
export const parameterTwice = (source: string, at: number, about: Named): LabError =>
  shellError(
    "SHELL_PARAMETER_TWICE",
    `-${about.parameter} of ${about.command} is given twice`,
    source,
    at,
    `Give -${about.parameter} once; several values are joined by commas`,
  );

/** A parameter stands without its value. */
export const parameterWithoutValue = (source: string, at: number, about: Named & { wanted: string }): LabError =>
  shellError(
    "SHELL_PARAMETER_WITHOUT_VALUE",
    `-${about.parameter} of ${about.command} has no value, and ${about.wanted} is wanted`,
    source,
    at,
    `Write it behind -${about.parameter}`,
  );

/** A mandatory parameter is missing. */
export const parameterMissing = (source: string, at: number, about: Named & { help: string }): LabError =>
  shellError(
    "SHELL_PARAMETER_MISSING",
    `${about.command} needs -${about.parameter}`,
    source,
    at,
    `Add -${about.parameter}: ${about.help}`,
  );

/** A value that no parameter takes. */
export const valueUnplaced = (source: string, at: number, command: string, text: string): LabError =>
  shellError(
    "SHELL_VALUE_UNPLACED",
    `${command} takes no value like "${text}" without a parameter's name`,
    source,
    at,
    "Put a name with blanks in it in quotes, or write -Parameter before the value",
  );

/** A value that its parameter cannot take. */
export const valueRefused = (
  source: string,
  at: number,
  about: Named & { found: string; wanted: string; remedy?: string },
): LabError =>
  shellError(
    "SHELL_VALUE_REFUSED",
    `found ${about.found} for -${about.parameter} of ${about.command}, where ${about.wanted} is wanted`,
    source,
    at,
    about.remedy ?? `Write ${about.wanted}`,
  );

/** A formatting command names a property that no object has. */
export function propertyUnknown(source: string, at: number, name: string, known: readonly string[]): LabError {
  const near = nearestOf(name, known);
  return shellError(
    "SHELL_PROPERTY_UNKNOWN",
    `the objects have no property "${name}"`,
    source,
    at,
    near === undefined ? `They have ${known.join(", ")}` : `Did you mean ${near}?`,
  );
}

/** The control folder's place is taken by something that is not ours. */
export const controlFolderForeign = (folder: string): LabError =>
  new LabError("CONTROL_FOLDER_FOREIGN", `Cannot use "${folder}" to find running labs: it is not a folder of yours`, {
    remedy: "Have it removed, or set TMPDIR to a folder of your own",
    details: { folder },
  });

/** A lab of the same id runs already. */
export const labAlreadyServed = (labId: string): LabError =>
  new LabError("CONTROL_LAB_SERVED", `Cannot start lab "${labId}": one of that id is running already`, {
    remedy: "Stop that one, or give this one another lab.id",
    details: { labId },
  });

/** No lab runs that a shell could attach to. */
export const noLabRunning = (labId: string | undefined): LabError =>
  new LabError(
    "CONTROL_NO_LAB",
    `Cannot attach to ${labId === undefined ? "a lab" : `lab "${labId}"`}: none is running`,
    {
      remedy: "Start one with hubedge up PATH, and leave it running",
      details: { labId },
    },
  );

/** Labs run, but not the one that was named. */
export const labNotRunning = (labId: string, running: readonly string[]): LabError =>
  new LabError("CONTROL_LAB_NOT_RUNNING", `Cannot attach to lab "${labId}": running are ${running.join(", ")}`, {
    remedy: `Name one of them: --lab ${running[0]}`,
    details: { labId, running },
  });

/** Several labs run, and none was named. */
export const severalLabsRunning = (running: readonly string[]): LabError =>
  new LabError("CONTROL_SEVERAL_LABS", `Cannot tell which lab is meant: running are ${running.join(", ")}`, {
    remedy: `Name one of them: --lab ${running[0]}`,
    details: { running },
  });

/** The lab went away while a line was under way. */
export const connectionLost = (labId: string): LabError =>
  new LabError("CONTROL_LOST", `Cannot hear from lab "${labId}" any more: it ended, or the connection broke`, {
    remedy: "See whether hubedge up still runs; what the line did until then is done",
    details: { labId },
  });

/** Something connected to the control channel that was not a shell of ours. */
export const requestRefused = (): LabError =>
  new LabError("CONTROL_REQUEST_REFUSED", "Cannot take the request: it is malformed, or its token is not this lab's", {
    remedy: "Attach with hubedge shell of the same version, as the same user",
  });

/** A line failed in a way that no cmdlet foresees. */
export const lineFailed = (cause: unknown): LabError =>
  new LabError("CONTROL_LINE_FAILED", `Cannot run the line: ${messageOf(cause)}`, {
    remedy: "This is a fault of hubedge: report it with the line",
    cause,
  });

/** Somebody pressed Ctrl-C. */
export const lineInterrupted = (): LabError =>
  new LabError("SHELL_INTERRUPTED", "The line was interrupted: what it had begun goes on, and nobody waits for it", {
    remedy: "See what came of it, then go on",
  });
