import { LabError } from "../../../src/base/index.ts";
import { type CmdletContext, cmdlets, confirmationNeeded, type ParameterValue } from "../../../src/commands/index.ts";
import type { FakeServer } from "../../helpers/fake-server.ts";

/**
 * Runs a cmdlet with values that are bound already; gives its objects.
 *
 * @param context what it may ask and say; without it: nobody can be asked, everything may be done
 */
export async function run(
  fake: FakeServer,
  name: string,
  parameters: Readonly<Record<string, ParameterValue>> = {},
  context: Partial<CmdletContext> = {},
): Promise<object[]> {
  const cmdlet = cmdlets.find((candidate) => candidate.name === name);
  if (!cmdlet) throw new Error(`there is no ${name}`);
  const objects: object[] = [];
  const full: CmdletContext = {
    server: fake.api,
    ask: (question) => Promise.reject(confirmationNeeded(question)),
    shouldProcess: () => Promise.resolve(true),
    signal: new AbortController().signal,
    progress: () => undefined,
    verbose: () => undefined,
    warning: () => undefined,
    ...context,
  };
  for await (const object of cmdlet.run(full, parameters)) objects.push(structuredClone(object));
  return objects;
}

/** The LabError with which a cmdlet refuses. */
export async function refusalOf(...call: Parameters<typeof run>): Promise<LabError> {
  try {
    await run(...call);
  } catch (failure) {
    if (failure instanceof LabError) return failure;
    throw failure;
  }
  throw new Error(`${call[1]} was not refused`);
}
