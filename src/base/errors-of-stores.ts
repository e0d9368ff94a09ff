import { LabError, messageOf, systemCodeOf } from "./errors.ts";

/** Another process has the database open; two would not see each other's locks and counters. */
export const databaseInUse = (folder: string, processes: readonly number[]): LabError =>
  new LabError(
    "DATABASE_IN_USE",
    `Cannot open the database in "${folder}": process ${processes.join(", ")} has it open`,
    {
      remedy: "Stop that process, or give this one another folder with --data",
      details: { folder, processes },
    },
  );

/** The folder cannot be made, read or written, or what lies in it is not a database. */
export const databaseUnreadable = (folder: string, cause: unknown): LabError =>
  new LabError(
    "DATABASE_UNREADABLE",
    `Cannot open the database in "${folder}": ${systemCodeOf(cause) ?? messageOf(cause)}`,
    {
      remedy: "Check that the folder exists and is yours, or start afresh with --fresh or another --data",
      details: { folder },
      cause,
    },
  );

/** A commit did not reach the disk; nothing of it has happened. */
export const databaseWriteFailed = (folder: string, cause: unknown): LabError =>
  new LabError("DATABASE_WRITE_FAILED", `Cannot write to the database in "${folder}": ${messageOf(cause)}`, {
    remedy: "Make room on that disk, or give the lab another folder with --data",
    details: { folder },
    cause,
  });
