import type { LabError } from "../../base/index.ts";
import { shellError } from "../language/errors.ts";

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

/** Help is asked for a parameter that a command does not have. */
export const parameterHelpUnknown = (
  source: string,
  at: number,
  command: string,
  parameter: string,
  near: string | undefined,
): LabError =>
  shellError(
    "SHELL_PARAMETER_HELP_UNKNOWN",
    `${command} has no parameter "${parameter}"`,
    source,
    at,
    near === undefined ? `Get-Help ${command} tells of all that it has` : `Did you mean -Parameter ${near}?`,
  );

/** Help is asked for what does not exist. */
export const helpUnknown = (source: string, at: number, name: string, near: string | undefined): LabError =>
  shellError(
    "SHELL_HELP_UNKNOWN",
    `there is no help for "${name}"`,
    source,
    at,
    near === undefined
      ? "Get-Help *Certificate* lists what there is of a kind, Get-Command everything"
      : `Did you mean Get-Help ${near}?`,
  );
