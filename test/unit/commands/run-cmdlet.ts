import { LabError } from "../../../src/base/index.ts";
import { cmdlets, type ParameterValue } from "../../../src/commands/index.ts";
import type { FakeServer } from "../../helpers/fake-server.ts";

/** Runs a cmdlet with values that are bound already; gives its objects. */
export async function run(
  fake: FakeServer,
  name: string,
  parameters: Readonly<Record<string, ParameterValue>> = {},
): Promise<object[]> {
  const cmdlet = cmdlets.find((candidate) => candidate.name === name);
  if (!cmdlet) throw new Error(`there is no ${name}`);
  const objects: object[] = [];
  for await (const object of cmdlet.run({ server: fake.api }, parameters)) objects.push(structuredClone(object));
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
