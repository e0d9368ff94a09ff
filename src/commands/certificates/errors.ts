import { LabError } from "../../base/index.ts";

/** Two parameters were given of which each excludes the other. */
export const parametersExclude = (cmdlet: string, parameter: string, other: string): LabError =>
  new LabError("COMMAND_PARAMETERS_EXCLUDE", `Cannot take -${parameter} together with -${other} in ${cmdlet}`, {
    remedy: `Leave -${parameter} or -${other} out`,
    details: { cmdlet, parameter, other },
  });

/** A parameter is of use only beside another one, which was not given. */
export const parameterNeeds = (cmdlet: string, parameter: string, needed: string): LabError =>
  new LabError("COMMAND_PARAMETER_NEEDS", `Cannot run ${cmdlet} with -${parameter} and without -${needed}`, {
    remedy: `Add -${needed}, or leave -${parameter} out`,
    details: { cmdlet, parameter, needed },
  });

/** An object of the pipeline is no certificate. */
export const notACertificate = (parameter: string): LabError =>
  new LabError("COMMAND_NOT_A_CERTIFICATE", `Cannot take what was given as -${parameter}: it has no Thumbprint`, {
    remedy: "Pipe what Get-ExchangeCertificate yields",
    details: { parameter },
  });

const lacking = (held: number): string => {
  if (held === 0) return "it has no certificates";
  return held === 1
    ? "its one certificate has another thumbprint"
    : `none of its ${held} certificates has that thumbprint`;
};

/** A thumbprint is none of those that the server's store holds. */
export const thumbprintUnknown = (thumbprint: string, server: string, held: number): LabError =>
  new LabError(
    "COMMAND_THUMBPRINT_UNKNOWN",
    `Cannot find the certificate "${thumbprint}" on ${server}: ${lacking(held)}`,
    {
      remedy: `On ${server}, run Get-ExchangeCertificate and copy a Thumbprint from its output`,
      details: { thumbprint, server, held },
    },
  );
