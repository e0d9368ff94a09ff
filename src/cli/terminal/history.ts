import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { makePrivateFolder, writeFileAtomically } from "../../base/index.ts";

/** Lines that were typed, over all sessions of this user. */
export interface History {
  /** The latest first. */
  readonly lines: readonly string[];
  add(line: string): void;
  /** Resolves once all of it is on disk. Never rejects: a history that cannot be kept is no reason to stop. */
  saved(): Promise<void>;
}

const mostLines = 1000;

/** Ours, as PSReadLine does: a line that looks as if it held a secret is not kept. */
const looksSecret = /password|asplaintext|secret|securestring/i;

/** `hubedge/history` in the user's state folder. */
export const historyFile = (env: Readonly<Record<string, string | undefined>>): string =>
  join(env.XDG_STATE_HOME || join(env.HOME || homedir(), ".local", "state"), "hubedge", "history");

/** Reads what is there, nothing where it cannot be read. */
export async function openHistory(file: string): Promise<History> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  let saved = Promise.resolve();
  const save = async (): Promise<void> => {
    await makePrivateFolder(dirname(file));
    await writeFileAtomically(file, `${lines.join("\n")}\n`, { mode: 0o600, durable: false });
  };
  return {
    lines,
    add(line) {
      if (line.trim() === "" || line === lines[0] || looksSecret.test(line)) return;
      lines.unshift(line);
      lines.splice(mostLines);
      saved = saved.then(save).catch(() => undefined);
    },
    saved: () => saved,
  };
}
