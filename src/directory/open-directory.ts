import { join } from "node:path";
import { openDatabase } from "../base/index.ts";
import type { Directory } from "./directory.ts";
import { embeddedDirectory } from "./embedded-store.ts";

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

/** Opens the directory of a lab where `choice` says. */
export async function openDirectory(options: OpenDirectoryOptions): Promise<OpenedDirectory> {
  return openEmbedded(options);
}

async function openEmbedded({ dataFolder, instance, now, fresh }: OpenDirectoryOptions): Promise<OpenedDirectory> {
  const database = openDatabase(join(dataFolder, "directory"));
  const directory = await embeddedDirectory(database, { instance, now, fresh });
  return {
    directory,
    description: directory.description,
    async close() {
      await directory.close();
      await database.close();
    },
  };
}
