import { LabError, messageOf } from "../base/index.ts";

/** The store cannot be reached just now, or a write's answer did not come back. */
export const directoryUnreachable = (directory: string, cause: unknown): LabError =>
  new LabError("DIRECTORY_UNREACHABLE", `Cannot reach the directory, ${directory}: ${messageOf(cause)}`, {
    remedy: "Try again when it is back; mail goes on with what each server already knows",
    details: { directory },
    cause,
  });

/** A server looked for its organization in a directory that holds none. */
export const directoryEmpty = (): LabError =>
  new LabError(
    "DIRECTORY_EMPTY",
    "Cannot tell which organization this is: the directory holds no organization object",
    {
      remedy: "Start the lab that fills this directory first, and check that both use the same lab id",
    },
  );
