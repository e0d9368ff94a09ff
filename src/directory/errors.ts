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

/** Somebody else holds the lab's name on the same Redis. */
export const labAlreadyRunning = (lab: string, owner: string, redis: string, expiresInMs: number): LabError =>
  new LabError("LAB_ALREADY_RUNNING", `Cannot start lab "${lab}": ${owner} runs it already on ${redis}`, {
    remedy: `Stop it, give this lab another lab.id, or, if it is dead, wait ${Math.max(1, Math.ceil(expiresInMs / 1000))} s`,
    details: { lab, owner, redis, expiresInMs },
  });

/** `--directory` holds neither one of the words nor a URL. */
export const directoryChoiceUnknown = (choice: string): LabError =>
  new LabError(
    "DIRECTORY_CHOICE_UNKNOWN",
    `Cannot open the directory "${choice}": it is not auto, embedded, redis or a URL`,
    {
      remedy: "Write --directory auto, embedded, redis, or redis://host:6379",
      details: { choice },
    },
  );
