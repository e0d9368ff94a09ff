import { formatBytes, formatTimeSpan } from "../../base/index.ts";
import type { Given, ParameterSpec, ParameterSpecs, ValueOf } from "./parameter.ts";

/** The settings that `P` declares, by their `field` names. */
type Settings<P extends ParameterSpecs> = {
  [K in keyof P as P[K] extends { field: infer F extends string } ? F : never]?: ValueOf<P[K]>;
};

/** The settings among the parameters that were given, under the names of the settings' own type. */
export function settingsGiven<P extends ParameterSpecs>(parameters: P, given: Given<P>): Settings<P> {
  const values = Object.entries(given).flatMap(([name, value]) => {
    const field = parameters[name]?.field;
    return field === undefined ? [] : [[field, value] as const];
  });
  return Object.fromEntries(values) as Settings<P>;
}

/** What `Get-…` shows of settings that `Set-…` changes: Exchange's names, values as Exchange prints them. */
export function shownSettings(parameters: ParameterSpecs, settings: object): Record<string, unknown> {
  const held = new Map(Object.entries(settings));
  const shown = Object.entries(parameters).flatMap(([name, spec]) =>
    spec.field === undefined ? [] : [[name, shownValue(spec, held.get(spec.field))] as const],
  );
  return Object.fromEntries(shown);
}

function shownValue(spec: ParameterSpec, value: unknown): unknown {
  if (spec.type === "byteSize" && typeof value === "number") return formatBytes(value);
  if (spec.type === "duration" && typeof value === "number") return formatTimeSpan(value);
  if (spec.type === "enumList" && Array.isArray(value)) return formatFlags(value);
  return value;
}

/** A .NET flags enumeration as text: `Tls, BasicAuth`, or `None`. */
export const formatFlags = (values: readonly string[]): string => (values.length === 0 ? "None" : values.join(", "));
