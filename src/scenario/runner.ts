import { LabError, messageOf } from "../base/index.ts";
import type { Lab, Topology } from "../lab/index.ts";
import type { LoadedStep, Scenario } from "./load.ts";
import type { Evidence, Execute, Failure, Memory, StepContext, StepOutcome } from "./steps/define-step.ts";
import { substitute } from "./substitute.ts";

/** What became of one step. Steps after a failed one are skipped. */
export interface StepResult {
  kind: string;
  /** One line, or several, for people; values are filled in. */
  summary: string;
  line: number;
  status: "held" | "failed" | "skipped";
  durationMs: number;
  evidence?: Evidence;
  failure?: Failure;
}

/**
 * What became of one scenario. `failed`: an expectation was not met. `broken`: the lab could not be started or closed,
 * and `failure` says why. `interrupted`: Ctrl-C.
 */
export interface ScenarioResult {
  file: string;
  name: string;
  status: "passed" | "failed" | "broken" | "interrupted";
  durationMs: number;
  steps: readonly StepResult[];
  directory?: string;
  logsFolder?: string;
  dataFolder?: string;
  failure?: Failure;
}

/** What a run needs of whoever composes it. */
export interface RunDependencies {
  startLab(topology: Topology): Promise<Lab>;
  execute: Execute;
  /** Ctrl-C. */
  signal: AbortSignal;
  /** Hears of each step as it ends. */
  onStep?(scenario: Scenario, result: StepResult): void;
  /** Hears that the lab is up, before the first step. */
  onLab?(scenario: Scenario, lab: Lab): void;
  /** Awaited after a failure while the lab still runs (`--keep`). */
  afterFailure?(scenario: Scenario, lab: Lab): Promise<void>;
}

/** Starts the scenario's lab, takes its steps in order until one fails, and closes the lab. Never rejects for a LabError. */
export async function runScenario(scenario: Scenario, needs: RunDependencies): Promise<ScenarioResult> {
  const begun = performance.now();
  const about = { file: scenario.file, name: scenario.name };
  const steps: StepResult[] = [];
  let lab: Lab | undefined;
  try {
    if (needs.signal.aborted) return { ...about, status: "interrupted", durationMs: 0, steps: skipped(scenario.steps) };
    lab = await needs.startLab(scenario.topology);
    needs.onLab?.(scenario, lab);
    steps.push(...(await takeSteps(scenario, lab, needs)));
    const status = statusOf(steps, needs.signal);
    if (status === "failed") await needs.afterFailure?.(scenario, lab);
    await lab.settled().catch(() => {}); // whatever it is busy with, closing ends it
    const { directoryDescription: directory, logsFolder, dataFolder } = lab;
    return { ...about, status, durationMs: performance.now() - begun, steps, directory, logsFolder, dataFolder };
  } catch (failure) {
    if (!(failure instanceof LabError)) throw failure;
    const failed = {
      expected: "the lab starts",
      found: `${placeOf(scenario, failure)}${failure.message}`,
      remedy: failure.remedy,
    };
    const left = skipped(scenario.steps.slice(steps.length));
    return {
      ...about,
      status: "broken",
      durationMs: performance.now() - begun,
      steps: [...steps, ...left],
      failure: failed,
    };
  } finally {
    await lab?.close();
  }
}

/** Points an error of a server's address at the key that declares it. */
function placeOf({ topology, placeInLab }: Scenario, { code, details }: LabError): string {
  const server = topology.servers.find(({ name }) => name === details.server);
  if (!code.startsWith("ADDRESS_") || server?.address === undefined) return "";
  return `${placeInLab(["servers", server.name, "address"])}: `;
}

const skipped = (steps: readonly LoadedStep[]): StepResult[] =>
  steps.map(({ kind, input, line }) => ({
    kind: kind.name,
    summary: kind.describe(input),
    line,
    status: "skipped",
    durationMs: 0,
  }));

function statusOf(steps: readonly StepResult[], signal: AbortSignal): ScenarioResult["status"] {
  if (signal.aborted) return "interrupted";
  return steps.every(({ status }) => status === "held") ? "passed" : "failed";
}

async function takeSteps(scenario: Scenario, lab: Lab, needs: RunDependencies): Promise<StepResult[]> {
  const memory: Memory = { messages: new Map(), values: new Map(), directories: new Map() };
  const interrupted = interruption(needs.signal);
  const results: StepResult[] = [];
  try {
    for (const step of scenario.steps) {
      const stopped = needs.signal.aborted || results.some(({ status }) => status === "failed");
      const result = stopped
        ? (skipped([step])[0] as StepResult)
        : await takeStep(step, { lab, memory, execute: needs.execute, signal: needs.signal }, interrupted.happened);
      results.push(result);
      needs.onStep?.(scenario, result);
    }
    return results;
  } finally {
    interrupted.forget();
  }
}

async function takeStep(
  step: LoadedStep,
  context: StepContext,
  interrupted: Promise<StepOutcome>,
): Promise<StepResult> {
  const begun = performance.now();
  const input = substitute(step.input, context.memory.values);
  const outcome = await Promise.race([step.kind.run(context, input).catch(asFailure), interrupted]);
  return {
    kind: step.kind.name,
    summary: step.kind.describe(input),
    line: step.line,
    durationMs: performance.now() - begun,
    ...(outcome.kind === "held"
      ? { status: "held", ...(outcome.evidence ? { evidence: outcome.evidence } : {}) }
      : { status: "failed", failure: outcome.failure }),
  };
}

/** A step that asks for something that cannot be done has failed; anything else that is thrown is a bug. */
function asFailure(thrown: unknown): StepOutcome {
  if (!(thrown instanceof LabError)) throw thrown;
  return {
    kind: "failed",
    failure: { expected: "the step can be done", found: messageOf(thrown), remedy: thrown.remedy },
  };
}

/** A promise that settles at Ctrl-C; one signal serves any number of scenarios, so each forgets it. */
function interruption(signal: AbortSignal): { happened: Promise<StepOutcome>; forget(): void } {
  let stop = (): void => {};
  const happened = new Promise<StepOutcome>((resolve) => {
    stop = () => resolve({ kind: "failed", failure: { expected: "the step ends", found: "it was interrupted" } });
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  return { happened, forget: () => signal.removeEventListener("abort", stop) };
}
