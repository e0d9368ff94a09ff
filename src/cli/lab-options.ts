import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { LabOptions } from "../lab/index.ts";
import type { Io } from "./io.ts";

/** What `run` and `up` let people choose about a lab. */
export interface LabChoices {
  directory: string;
  logs: string;
}

/** The options of a lab from the command line, the environment and this process. */
export function labOptions(
  io: Io,
  choices: LabChoices,
  about: Pick<LabOptions, "dataFolder" | "keepLogs">,
): LabOptions {
  const { env, cwd } = io;
  const cache = env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache");
  return {
    ...about,
    directory: choices.directory,
    logsFolder: resolve(cwd, choices.logs),
    probe: (env.HUBEDGE_PROBE ?? "").split(",").filter((name) => name !== ""),
    redisUrl: env.HUBEDGE_REDIS || undefined,
    keyCacheFolder: join(cache, "hubedge", "keys"),
    path: env.PATH ?? "",
    process: { id: process.pid, isRunning },
  };
}

/** Whether a process of that id is there, ours or anybody's. */
function isRunning(id: number): boolean {
  if (!Number.isInteger(id) || id <= 0) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (failure) {
    return failure instanceof Error && "code" in failure && failure.code === "EPERM";
  }
}
