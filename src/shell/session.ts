import type { ServerApi } from "../lab/index.ts";
import { complete } from "./complete/complete.ts";
import { newState, runScript } from "./run/run.ts";
import { RunningLine } from "./run/running-line.ts";
import type { ShellHost, ShellSession } from "./shell-session.ts";

interface SessionOptions {
  /** Where it begins. */
  server: ServerApi;
  /** Another server of the lab. Throws SERVER_UNKNOWN. */
  serverNamed(name: string): ServerApi;
  /** Who can be asked; undefined: nobody. */
  host: ShellHost | undefined;
}

/** Opens a shell on a server: it remembers variables, and `Enter-PSSession NAME` moves it to another server. */
export function openSession(options: SessionOptions): ShellSession {
  const state = newState(options);
  return {
    get prompt() {
      return `[PS] ${state.server.name}> `;
    },
    async run(source, columns, signal) {
      state.columns = columns;
      state.line = new RunningLine(signal);
      try {
        return await runScript(source, state);
      } finally {
        state.host?.progress?.(undefined);
      }
    },
    complete: (source, cursor) => complete(source, cursor, state),
  };
}
