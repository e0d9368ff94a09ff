import { join } from "node:path";
import { hostname } from "node:os";
import { pid } from "node:process";
import { connectRedis, LabError, openDatabase, type RedisConnection, startPrivateRedis } from "../base/index.ts";
import { claimLab } from "./claim-lab.ts";
import type { Directory } from "./directory.ts";
import { embeddedDirectory } from "./embedded-store.ts";
import { directoryChoiceUnknown } from "./errors.ts";
import { clearOldKeys, labPrefix, redisDirectory, registerInstance } from "./redis-store.ts";

export interface OpenDirectoryOptions {
  /** `auto`, `embedded`, `redis` (a private server, required), or a URL. */
  choice: string;
  /** `HUBEDGE_REDIS`, which `auto` takes where it is set. */
  redisUrl: string | undefined;
  /** The lab's id. */
  lab: string;
  /** Where the embedded directories, or the private server's file, lie. */
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
  /** In Active Directory's place. */
  readonly directory: Directory;
  /** One line for people. */
  readonly description: string;
  /** Opens what stands in for the ADAM of one Edge server, apart from everything else. */
  openAdam(edge: string): Promise<OpenedAdam>;
  /** Closes the directories, their connections, and the server that was started for them. */
  close(): Promise<void>;
}

/** The directory of one Edge server. */
export interface OpenedAdam {
  readonly directory: Directory;
  /**
   * How a process of its own would reach it, and nothing beside it: a URL with a password. Undefined for an embedded
   * one, and where Redis does not let us make users: then it shares our own connection.
   */
  readonly url: string | undefined;
}

/** What has been opened, to be closed in the opposite order. */
type Closing = (() => Promise<void>)[];

/**
 * Opens the directories of a lab where `choice` says. On a Redis that others can reach too it takes the lab's name first.
 * Throws REDIS_URL_MALFORMED, REDIS_UNREACHABLE, REDIS_LOGIN_REFUSED, REDIS_NOT_INSTALLED, REDIS_NOT_STARTED,
 * LAB_ALREADY_RUNNING, DATABASE_IN_USE, DATABASE_UNREADABLE, DIRECTORY_CHOICE_UNKNOWN.
 */
export async function openDirectory(options: OpenDirectoryOptions): Promise<OpenedDirectory> {
  const closing: Closing = [];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const { directory, openAdam } = await openChosen(options, closing);
    return { directory, description: directory.description, openAdam: (edge) => openAdam(edge), close };
  } catch (failure) {
    await close();
    throw failure;
  }
}

/** A place for directories: one in Active Directory's stead, and one for each Edge server. */
interface Stores {
  directory: Directory;
  openAdam(edge: string): Promise<OpenedAdam>;
}

function openChosen(options: OpenDirectoryOptions, closing: Closing): Promise<Stores> {
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
async function openPrivateOrEmbedded(options: OpenDirectoryOptions, closing: Closing): Promise<Stores> {
  try {
    return await openPrivate(options, closing);
  } catch (failure) {
    if (!(failure instanceof LabError)) throw failure;
    if (failure.code === "REDIS_NOT_INSTALLED") return await openEmbedded(options, closing);
    if (failure.code !== "REDIS_NOT_STARTED") throw failure;
    const stores = await openEmbedded(options, closing);
    const description = `${stores.directory.description}; ${failure.message}`;
    return { ...stores, directory: { ...stores.directory, description } };
  }
}

async function openPrivate(options: OpenDirectoryOptions, closing: Closing): Promise<Stores> {
  const { dataFolder, path, probe } = options;
  const server = await startPrivateRedis({ folder: join(dataFolder, "redis"), path, probe });
  closing.push(() => server.close());
  const connection = await connectRedis(server.url);
  closing.push(() => connection.close());
  return await openOn(connection, options, `${connection.server} (private)`, closing);
}

async function openShared(options: OpenDirectoryOptions, url: string, closing: Closing): Promise<Stores> {
  const connection = await connectRedis(url);
  closing.push(() => connection.close());
  closing.push(await claimLab(connection, options.lab, `${hostname()}, process ${pid}`));
  return await openOn(connection, options, `${connection.server} at ${connection.address}`, closing);
}

async function openOn(
  connection: RedisConnection,
  { lab, now, fresh }: OpenDirectoryOptions,
  description: string,
  closing: Closing,
): Promise<Stores> {
  if (fresh) await clearOldKeys(connection, lab);
  const open = async (by: RedisConnection, instance: string): Promise<Directory> => {
    await registerInstance(connection, { lab, instance, fresh });
    return redisDirectory(by, { lab, instance, now, description });
  };
  return {
    directory: await open(connection, "ad"),
    async openAdam(edge) {
      const instance = `adam:${edge}`;
      const login = await connection.limitedLogin(`hubedge-${lab}-${edge}`, `${labPrefix(lab)}${instance}:`);
      if (!login) return { directory: await open(connection, instance), url: undefined };
      closing.push(() => login.forget());
      const own = await connectRedis(login.url);
      closing.push(() => own.close());
      return { directory: await open(own, instance), url: login.url };
    },
  };
}

/** Each in an environment of its own: an Edge server's lies among its own files. */
async function openEmbedded({ dataFolder, now, fresh }: OpenDirectoryOptions, closing: Closing): Promise<Stores> {
  const open = async (folder: string, instance: string): Promise<Directory> => {
    const database = openDatabase(folder);
    closing.push(() => database.close());
    return await embeddedDirectory(database, { instance, now, fresh });
  };
  return {
    directory: await open(join(dataFolder, "directory"), "ad"),
    openAdam: async (edge) => ({
      directory: await open(join(dataFolder, "servers", edge, "adam"), `adam:${edge}`),
      url: undefined,
    }),
  };
}
