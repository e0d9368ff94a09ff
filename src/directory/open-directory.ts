import { join } from "node:path";
import { hostname } from "node:os";
import { pid } from "node:process";
import { connectRedis, LabError, openDatabase, type RedisConnection, startPrivateRedis } from "../base/index.ts";
import { claimLab } from "./claim-lab.ts";
import type { Directory } from "./directory.ts";
import { embeddedDirectory } from "./embedded-store.ts";
import { directoryChoiceUnknown } from "./errors.ts";
import { clearOldKeys, redisDirectory } from "./redis-store.ts";

export interface OpenDirectoryOptions {
  /** `auto`, `embedded`, `redis` (a private server, required), or a URL. */
  choice: string;
  /** `HUBEDGE_REDIS`, which `auto` takes where it is set. */
  redisUrl: string | undefined;
  /** The lab's id. */
  lab: string;
  /** `ad`. */
  instance: string;
  /** Where the embedded directory, or the private server's file, lies. */
  dataFolder: string;
  /** PATH, where a `redis-server` or `valkey-server` is looked for. */
  path: string;
  /** Forced answers about this machine: `no-unix-socket`. */
  probe: readonly string[];
  /** Lab time, by which tombstones age. */
  now: () => Date;
  /** Forgets first what the lab's directory held. */
  fresh: boolean;
}

export interface OpenedDirectory {
  readonly directory: Directory;
  /** One line for people. */
  readonly description: string;
  /** Closes the directory, its connections, and the server that was started for it. */
  close(): Promise<void>;
}

/** What has been opened, to be closed in the opposite order. */
type Closing = (() => Promise<void>)[];

/**
 * Opens the directory of a lab where `choice` says. On a Redis that others can reach too it takes the lab's name first.
 * Throws REDIS_URL_MALFORMED, REDIS_UNREACHABLE, REDIS_LOGIN_REFUSED, REDIS_NOT_INSTALLED, REDIS_NOT_STARTED,
 * LAB_ALREADY_RUNNING, DATABASE_IN_USE, DATABASE_UNREADABLE, DIRECTORY_CHOICE_UNKNOWN.
 */
export async function openDirectory(options: OpenDirectoryOptions): Promise<OpenedDirectory> {
  const closing: Closing = [];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const directory = await openChosen(options, closing);
    closing.push(() => directory.close());
    return { directory, description: directory.description, close };
  } catch (failure) {
    await close();
    throw failure;
  }
}

function openChosen(options: OpenDirectoryOptions, closing: Closing): Promise<Directory> {
  const { choice, redisUrl } = options;
  switch (choice) {
    case "auto":
      return redisUrl === undefined ? openPrivateOrEmbedded(options, closing) : openShared(options, redisUrl, closing);
    case "embedded":
      return openEmbedded(options, closing);
    case "redis":
      return openPrivate(options, closing);
    default:
      if (!choice.includes("://")) throw directoryChoiceUnknown(choice);
      return openShared(options, choice, closing);
  }
}

/** Without a program for it, and also where it does not start, the lab runs all the same. */
async function openPrivateOrEmbedded(options: OpenDirectoryOptions, closing: Closing): Promise<Directory> {
  try {
    return await openPrivate(options, closing);
  } catch (failure) {
    if (!(failure instanceof LabError)) throw failure;
    if (failure.code === "REDIS_NOT_INSTALLED") return await openEmbedded(options, closing);
    if (failure.code !== "REDIS_NOT_STARTED") throw failure;
    const directory = await openEmbedded(options, closing);
    return { ...directory, description: `${directory.description}; ${failure.message}` };
  }
}

async function openPrivate(options: OpenDirectoryOptions, closing: Closing): Promise<Directory> {
  const { dataFolder, path, probe } = options;
  const server = await startPrivateRedis({ folder: join(dataFolder, "redis"), path, probe });
  closing.push(() => server.close());
  const connection = await connectRedis(server.url);
  closing.push(() => connection.close());
  return await openOn(connection, options, `${connection.server} (private)`);
}

async function openShared(options: OpenDirectoryOptions, url: string, closing: Closing): Promise<Directory> {
  const connection = await connectRedis(url);
  closing.push(() => connection.close());
  closing.push(await claimLab(connection, options.lab, `${hostname()}, process ${pid}`));
  return await openOn(connection, options, `${connection.server} at ${connection.address}`);
}

async function openOn(
  connection: RedisConnection,
  options: OpenDirectoryOptions,
  description: string,
): Promise<Directory> {
  const { lab, instance, now, fresh } = options;
  if (fresh) await clearOldKeys(connection, lab);
  return redisDirectory(connection, { lab, instance, now, description });
}

async function openEmbedded(
  { dataFolder, instance, now, fresh }: OpenDirectoryOptions,
  closing: Closing,
): Promise<Directory> {
  const database = openDatabase(join(dataFolder, "directory"));
  closing.push(() => database.close());
  return await embeddedDirectory(database, { instance, now, fresh });
}
