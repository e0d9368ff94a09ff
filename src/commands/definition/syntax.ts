import type { Cmdlet } from "./define-cmdlet.ts";
import type { ParameterSpec } from "./parameter.ts";

const types: Readonly<Record<ParameterSpec["type"], string>> = {
  string: "<String>",
  stringList: "<String[]>",
  switch: "",
  boolean: "<Boolean>",
  integer: "<Int32>",
  byteSize: "<ByteQuantifiedSize>",
  duration: "<TimeSpan>",
  enum: "<String>",
  enumList: "<String[]>",
  dateTime: "<DateTime>",
  secureString: "<SecureString>",
  object: "<Object>",
  any: "<Object>",
  scriptBlock: "<ScriptBlock>",
  propertyList: "<Object[]>",
};

/** A parameter's type as PowerShell names it; nothing for a switch. */
export const describeType = ({ type }: ParameterSpec): string => types[type];

/** A call with every parameter, as PowerShell prints it: what may be left out in brackets. Source: [get-help]. */
export const syntaxOf = ({
  name,
  parameters,
  shouldProcess,
}: Pick<Cmdlet, "name" | "parameters" | "shouldProcess">): string =>
  [
    name,
    ...Object.entries(parameters).map(parameterSyntax),
    ...(shouldProcess === undefined ? [] : ["[-WhatIf]", "[-Confirm]"]),
  ].join(" ");

function parameterSyntax([name, spec]: [string, ParameterSpec]): string {
  const named = spec.position === undefined ? `-${name}` : `[-${name}]`;
  const whole = `${named} ${types[spec.type]}`.trimEnd();
  return spec.mandatory === true ? whole : `[${whole}]`;
}
