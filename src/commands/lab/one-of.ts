import { oneParameterOf } from "./errors-of-errands.ts";

/** Throws COMMAND_ONE_PARAMETER_OF unless exactly one of these parameters is given. */
export function checkOneOf(cmdlet: string, parameters: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(parameters).filter((name) => parameters[name] !== undefined);
  if (given.length !== 1) throw oneParameterOf(cmdlet, Object.keys(parameters), given);
}
