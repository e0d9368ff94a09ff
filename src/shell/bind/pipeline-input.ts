import type { ParameterSpec, ParameterSpecs, ParameterValue } from "../../commands/index.ts";
import { propertyOf } from "../run/values.ts";
import { convert } from "./convert.ts";

/** Which parameters an object of the pipeline may give a value. */
export const pipelineParameters = (parameters: ParameterSpecs): string[] =>
  Object.keys(parameters).filter((name) => parameters[name]?.fromPipeline !== undefined);

/**
 * What one object of the pipeline gives to parameters that were not written: itself where it is of the parameter's
 * kind, else its property of the parameter's name. Empty where it fits none. Source: [about_Parameters].
 */
export function bindInput(
  parameters: ParameterSpecs,
  written: Readonly<Record<string, ParameterValue>>,
  object: unknown,
): Record<string, ParameterValue> {
  const given: Record<string, ParameterValue> = {};
  for (const [name, spec] of Object.entries(parameters)) {
    if (spec.fromPipeline === undefined || Object.hasOwn(written, name)) continue;
    const value = inputFor(name, spec, object);
    if (value !== undefined) given[name] = value;
  }
  return given;
}

function inputFor(name: string, spec: ParameterSpec, object: unknown): ParameterValue | undefined {
  const candidates = [
    ...(spec.fromPipeline === "propertyName" ? [] : [object]),
    ...(spec.fromPipeline === "value" ? [] : [propertyOf(object, name)]),
    // Inferred: every Exchange object is its own identity, and most are identified by their names.
    ...(name === "Identity" ? [propertyOf(object, "Name")] : []),
  ];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    const converted = convert(spec, candidate);
    if ("value" in converted) return converted.value;
  }
  return undefined;
}
