import { type LabError, nearestOf } from "../../base/index.ts";
import { shellError } from "../language/errors.ts";
import { commands } from "../language/not-spoken.ts";

/**
 * No cmdlet has that name.
 *
 * @param about what was found; `instead`: the line with the nearest name, where one is near; `ofNoun`: the commands of its noun
 */
export function commandUnknown(
  source: string,
  at: number,
  about: { name: string; instead: string | undefined; ofNoun: readonly string[] },
): LabError {
  const nouns = about.ofNoun.length > 0 && `There are ${about.ofNoun.join(", ")}`;
  const remedy = (about.instead !== undefined && `Did you mean: ${about.instead}`) || nouns;
  const known = Object.hasOwn(commands, about.name.toLowerCase()) && commands[about.name.toLowerCase()];
  const everything = "Run Get-Command to see every command, or Get-Command *Certificate* for those of one kind";
  return shellError("SHELL_COMMAND_UNKNOWN", `"${about.name}" is no cmdlet`, source, at, known || remedy || everything);
}

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

/** What an operator wants, where that is not what its left operand is. */
const operandsWanted: readonly [RegExp, string][] = [
  [
    /^-[ci]?(?:not)?match$|^-[ci]?(?:split|replace)$/,
    "Write a regular expression behind it: brackets, . and * mean something",
  ],
  [/^-f$/, "Write a value for each place: '{0} of {1}' -f 1, 2; a brace is written {{"],
  [/^\[/, "Write what reads as one: [int]'5', [datetime]'2008-05-12', [timespan]'1.02:00:00'"],
  [/^\.\.$/, "Write whole numbers: 1..10"],
];

/** The operands of an operator do not go together. */
export const operandRefused = (source: string, at: number, operator: string, operands: readonly string[]): LabError =>
  shellError(
    "SHELL_OPERAND_REFUSED",
    `${operator} cannot be worked out for ${operands.join(" and ")}`,
    source,
    at,
    operandsWanted.find(([of]) => of.test(operator))?.[1] ?? "Write a number behind a number, a date behind a date",
  );

/** A method is called that a value of its kind does not have here, or with something that it cannot take. */
export function methodRefused(
  source: string,
  at: number,
  name: string,
  about: { of: string; known: readonly string[] },
): LabError {
  const near = nearestOf(name, about.known);
  const few = `Known are ${about.known.map((known) => `${known}()`).join(", ") || "none"}`;
  const list = about.known.length > 8 ? "Get-Help about_Methods tells which there are, and what they take" : few;
  return shellError(
    "SHELL_METHOD_REFUSED",
    `${about.of} has no method "${name}" that takes this`,
    source,
    at,
    near === undefined || near.toLowerCase() === name.toLowerCase() ? list : `Did you mean ${near}()?`,
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
