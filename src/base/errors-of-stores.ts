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

/** `--directory` or `HUBEDGE_REDIS` holds something that is no address of a Redis. */
export const redisUrlMalformed = (url: string, why: string): LabError =>
  new LabError("REDIS_URL_MALFORMED", `Cannot read the Redis URL "${url}": ${why}`, {
    remedy: "Write it as redis://host:6379, rediss://user:password@host:6379/0 or unix:///path/to/redis.sock",
    details: { url },
  });

/** Nothing answers there, or what answers is no Redis. */
export const redisUnreachable = (address: string, cause: unknown): LabError =>
  new LabError("REDIS_UNREACHABLE", `Cannot reach Redis at ${address}: ${messageOf(cause)}`, {
    remedy: "Check the address and that the server runs (redis-cli ping), or use --directory embedded",
    details: { address },
    cause,
  });

/** The server wants a password and got none, or another. */
export const redisLoginRefused = (address: string, cause: unknown): LabError =>
  new LabError(
    "REDIS_LOGIN_REFUSED",
    `Cannot log on to Redis at ${address}: ${/^NOAUTH/.test(messageOf(cause)) ? "it wants a password and got none" : messageOf(cause)}`,
    {
      remedy: "Put user and password into the URL: redis://user:password@host:6379",
      details: { address },
      cause,
    },
  );

/** `--directory redis` asks for a private server, and no program for it is on the PATH. */
export const redisNotInstalled = (path: string): LabError =>
  new LabError(
    "REDIS_NOT_INSTALLED",
    "Cannot start a private Redis: neither redis-server nor valkey-server is on the PATH",
    {
      remedy: "Install one of them (apt-get install redis-server), or use --directory embedded",
      details: { path },
    },
  );

/** The private server ended, or said nothing, before it took connections. */
export const redisNotStarted = (program: string, output: string): LabError =>
  new LabError("REDIS_NOT_STARTED", `Cannot start a private Redis with "${program}": ${output}`, {
    remedy: "Run the program by hand to see what it lacks, or use --directory embedded",
    details: { program },
  });
