import { scenarioJsonSchema } from "../scenario/index.ts";
import type { ExitCode, Io } from "./io.ts";

/** `hubedge schema`. */
export async function schema(io: Io): Promise<ExitCode> {
  io.out(`${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`);
  return 0;
}
