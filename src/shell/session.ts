import type { ServerApi } from "../lab/index.ts";
import { runLine } from "./run.ts";
import type { ShellHost, ShellSession } from "./shell-session.ts";

interface SessionOptions {
  /** Where it begins. */
  server: ServerApi;
  /** Another server of the lab. Throws SERVER_UNKNOWN. */
  serverNamed(name: string): ServerApi;
  /** Who can be asked; undefined: nobody. */
  host: ShellHost | undefined;
}

/** Whether a command goes on in the next line. */
export const needsMore = (source: string): boolean => /(?:\||,|`)\s*$/.test(source);

/** Opens a shell on a server: `Enter-PSSession NAME` moves it to another one. */
export function openSession({ server, serverNamed }: SessionOptions): ShellSession {
  let current = server;
  return {
    get prompt() {
      return `[PS] ${current.name}> `;
    },
    async run(source) {
      const entered = /^\s*Enter-PSSession\s+(\S+)\s*$/i.exec(source)?.[1];
      if (entered === undefined) return await runLine(source, { server: current });
      current = serverNamed(entered);
      return { objects: [], text: "" };
    },
    complete: async (_source, cursor) => ({ start: cursor, candidates: [] }),
  };
}
