import { LabError } from "../../base/index.ts";

/** Of several parameters one must be given, and none was, or more than one. */
export const oneParameterOf = (cmdlet: string, parameters: readonly string[], given: readonly string[]): LabError => {
  const [names, written] = [parameters, given].map((list) => list.map((name) => `-${name}`).join(", "));
  return new LabError(
    "COMMAND_ONE_PARAMETER_OF",
    `Cannot run ${cmdlet} with ${given.length === 0 ? `none of ${names}` : `${written} at once`}`,
    { remedy: `Give one of ${names}`, details: { cmdlet, parameters, given } },
  );
};

/** A file is to be carried to where it is. */
export const carriedNowhere = (file: string, server: string): LabError =>
  new LabError("COMMAND_FILE_STAYS", `Cannot carry "${file}" from ${server} to ${server}`, {
    remedy: "Give -To with another server, or -From with the server that has the file",
    details: { file, server },
  });
