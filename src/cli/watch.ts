import { watch } from "node:fs";
import { resolve } from "node:path";
import { findScenarioFiles } from "./find-scenarios.ts";
import type { ExitCode, Io } from "./io.ts";

/** Runs, then again after every change of a scenario file, until Ctrl-C. @returns the last run's code */
export async function watchUntilStopped(
  paths: readonly string[],
  run: () => Promise<ExitCode>,
  io: Io,
  signal: AbortSignal,
): Promise<ExitCode> {
  for (;;) {
    const changed = nextChange(await findScenarioFiles(paths, io.cwd), io.cwd, signal);
    const code = await run();
    if (!signal.aborted) io.out("Waiting for a change; Ctrl-C ends\n");
    await changed;
    if (signal.aborted) return code;
  }
}

/** Editors write a file in several steps: a change counts when it is quiet for a moment. */
const calmMs = 100;

function nextChange(files: readonly string[], cwd: string, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    let calm: NodeJS.Timeout | undefined;
    const finish = (): void => {
      for (const watcher of watchers) watcher.close();
      done();
    };
    const watchers = files.map((file) =>
      watch(resolve(cwd, file), () => {
        clearTimeout(calm);
        calm = setTimeout(finish, calmMs);
      }),
    );
    signal.addEventListener("abort", finish, { once: true });
  });
}
