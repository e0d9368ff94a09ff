import { LabError, messageOf, nearestOf } from "../base/index.ts";
import { shellError } from "./language/errors.ts";

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

/** Something stands behind a command that makes text. */
export const behindFormatter = (source: string, at: number, name: string, formatter: string): LabError =>
  shellError(
    "SHELL_BEHIND_FORMATTER",
    `found "${name}" behind ${formatter}, which makes text of its objects`,
    source,
    at,
    `Write ${formatter} last`,
  );

/** A variable is used that nothing has been assigned to. */
export function unknownVariable(source: string, at: number, name: string, known: readonly string[]): LabError {
  const near = nearestOf(name.toLowerCase(), known);
  const instead =
    name === "_"
      ? "Write $_ between { and } of Where-Object, ForEach-Object or Select-Object"
      : `Assign to it first: $${name} = …; put text that holds a $ in single quotes`;
  return shellError(
    "SHELL_VARIABLE_UNKNOWN",
    `found variable "$${name}", which nothing has been assigned to`,
    source,
    at,
    near === undefined ? instead : `Did you mean $${near}?`,
  );
}

/** Objects are piped into a command that takes none. */
export const pipelineRefused = (source: string, at: number, command: string): LabError =>
  shellError(
    "SHELL_PIPELINE_REFUSED",
    `${command} takes no objects from a pipeline`,
    source,
    at,
    `Run ${command} by itself, or in ForEach-Object { … }`,
  );

/** An object is piped into a command that has no use for one of its kind. */
export const inputRefused = (
  source: string,
  at: number,
  command: string,
  about: { found: string; wanted: readonly { name: string; kind: string }[] },
): LabError =>
  shellError(
    "SHELL_INPUT_REFUSED",
    `${command} cannot take ${about.found} from the pipeline, where ${about.wanted.map(({ name, kind }) => `${kind} for -${name}`).join(" or ") || "nothing more"} is wanted`,
    source,
    at,
    "Select what it needs first, for example with Select-Object -ExpandProperty",
  );

/** The operands of an operator do not go together. */
export const operandRefused = (
  source: string,
  at: number,
  operator: string,
  operands: readonly [string, string],
): LabError =>
  shellError(
    "SHELL_OPERAND_REFUSED",
    `${operator} cannot be worked out for ${operands[0]} and ${operands[1]}`,
    source,
    at,
    "Write a number behind a number, a date behind a date, and a regular expression behind -match",
  );

/** A command wants to move to another server where it cannot, or to one that there is not. */
export const serverUnreachable = (source: string, at: number, name: string): LabError =>
  shellError(
    "SHELL_SERVER_UNREACHABLE",
    `there is no server "${name}" to go to from here`,
    source,
    at,
    "Run Get-TransportServer and copy a Name; in a scenario, give the step another on",
  );

/** Something must be typed where nobody sits. */
export const nobodyToType = (source: string, at: number, command: string): LabError =>
  shellError(
    "SHELL_NOBODY_TO_TYPE",
    `${command} waits for somebody to type, and nobody sits here`,
    source,
    at,
    "In a script, write (ConvertTo-SecureString 'the password' -AsPlainText -Force)",
  );

/** -AsPlainText stands without -Force, or neither is there. */
export const plainTextUnforced = (source: string, at: number): LabError =>
  shellError(
    "SHELL_PLAIN_TEXT_UNFORCED",
    "ConvertTo-SecureString takes a password in plain text only with -AsPlainText and -Force",
    source,
    at,
    "Add -AsPlainText -Force, or let it be typed: Read-Host -AsSecureString",
  );

/** A hash table for a calculated property lacks its name or its block. */
export const calculatedRefused = (source: string, at: number, found: readonly string[]): LabError =>
  shellError(
    "SHELL_CALCULATED_REFUSED",
    `found a calculated property with ${found.join(", ") || "nothing"} where Name and Expression are wanted`,
    source,
    at,
    "Write @{ Name = 'Expires'; Expression = { $_.NotAfter } }",
  );

/** Help is asked for what does not exist. */
export const helpUnknown = (source: string, at: number, name: string, near: string | undefined): LabError =>
  shellError(
    "SHELL_HELP_UNKNOWN",
    `there is no help for "${name}"`,
    source,
    at,
    near === undefined ? "Run Get-Command to see what there is" : `Did you mean Get-Help ${near}?`,
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

/** A property is named that no object has. */
export function propertyUnknown(source: string, at: number, name: string, known: readonly string[]): LabError {
  const near = nearestOf(name, known);
  return shellError(
    "SHELL_PROPERTY_UNKNOWN",
    `the objects have no property "${name}"`,
    source,
    at,
    near === undefined ? `They have ${known.join(", ") || "none"}` : `Did you mean ${near}?`,
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
