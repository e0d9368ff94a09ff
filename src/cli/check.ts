import { loadAll } from "./find-scenarios.ts";
import type { ExitCode, Io } from "./io.ts";

/** `hubedge check PATH…`: validates only. */
export async function check(paths: readonly string[], io: Io): Promise<ExitCode> {
  const scenarios = await loadAll(paths, io);
  if (!scenarios) return 2;
  for (const { file, name, topology, steps } of scenarios)
    io.out(`${file}: ${name}: ${topology.servers.length} servers, ${steps.length} steps, all in order\n`);
  return 0;
}
