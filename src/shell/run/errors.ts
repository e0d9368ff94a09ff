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
