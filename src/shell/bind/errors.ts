import { type LabError, nearestOf } from "../../base/index.ts";
import { shellError } from "../language/errors.ts";
import { isWord } from "../language/operators.ts";

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

/** A command has no parameter of that name. */
export function parameterUnknown(source: string, at: number, about: Named & { known: readonly string[] }): LabError {
  const near = nearestOf(about.parameter, about.known);
  const few = about.known.length === 0 ? "It has none" : `It has -${about.known.join(", -")}`;
  const operator = isWord(about.parameter.toLowerCase());
  const list = about.known.length > 8 ? `Get-Help ${about.command} tells which it has` : few;
  return shellError(
    "SHELL_PARAMETER_UNKNOWN",
    `${about.command} has no parameter "-${about.parameter}"`,
    source,
    at,
    operator
      ? "Operators stand in brackets, or in a block: { $_.Name -eq 'x' }"
      : near === undefined
        ? list
        : `Did you mean -${near}?`,
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
