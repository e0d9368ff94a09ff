import { type LabError, nearestOf } from "../../base/index.ts";
import { shellError } from "../language/errors.ts";

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

/** A method is called that a value of its kind does not have here, or with something that it cannot take. */
export function methodRefused(
  source: string,
  at: number,
  name: string,
  about: { of: string; known: readonly string[] },
): LabError {
  const near = nearestOf(name, about.known);
  return shellError(
    "SHELL_METHOD_REFUSED",
    `${about.of} has no method "${name}" that takes this`,
    source,
    at,
    near === undefined || near.toLowerCase() === name.toLowerCase()
      ? `Known are ${about.known.map((known) => `${known}()`).join(", ") || "none"}`
      : `Did you mean ${near}()?`,
  );
}

/** A text or a list has grown beyond what a lab's process should hold. */
export const valueTooLarge = (source: string, at: number): LabError =>
  shellError(
    "SHELL_VALUE_TOO_LARGE",
    "a text or a list becomes longer than a million values or ten million characters",
    source,
    at,
    "Select what is needed first",
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
