import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { z } from "zod";
import { systemCodeOf } from "../base/index.ts";
import { type Topology, topologySchema, toTopology, worldSchema } from "../lab/index.ts";
import { soundPart } from "./check.ts";
import { checkSteps } from "./check-steps.ts";
import { explain } from "./explain.ts";
import { type Finding, formatPlace, inFileOrder, type Problem } from "./problem.ts";
import type { StepKind } from "./steps/define-step.ts";
import { stepKinds } from "./steps/index.ts";
import { readYaml } from "./yaml.ts";

/** A step as loaded: its kind and what the file says, parsed. */
export interface LoadedStep {
  kind: StepKind;
  input: unknown;
  /** The line it begins at. */
  line: number;
}

/** A scenario file that holds together. */
export interface Scenario {
  file: string;
  name: string;
  tags: readonly string[];
  topology: Topology;
  steps: readonly LoadedStep[];
  /** `file:line:col key.path` of a key of the lab, or of the nearest thing around it that the file has. */
  placeInLab(path: readonly string[]): string;
}

const head = {
  name: z.string().min(1, "a name"),
  tags: z.array(z.string().min(1, "a word")).default([]),
  lab: topologySchema,
  world: worldSchema.prefault({}).describe("everybody outside the organization"),
};
const anyStep = z.union(
  stepKinds.map(({ name, input, summary }) => z.strictObject({ [name]: input }).describe(summary)),
);
const scenarioFile = z.strictObject({ ...head, steps: z.array(anyStep).min(1, "one step or more") });

/** The JSON Schema of scenario files, for editors. */
export const scenarioJsonSchema = (): object =>
  z.toJSONSchema(scenarioFile, { io: "input", unrepresentable: "any", target: "draft-7" });

/**
 * Reads and checks a scenario file. Whatever is wrong with it comes back as problems, all at once; never throws.
 * @param file as it shall be named in problems, from `cwd`
 */
export async function loadScenario(
  file: string,
  cwd: string,
): Promise<{ scenario: Scenario } | { problems: Problem[] }> {
  try {
    return parseScenario(await readFile(resolve(cwd, file), "utf8"), file);
  } catch (failure) {
    const why = { ENOENT: "no such file", EISDIR: "a folder", EACCES: "no permission to read it" }[
      systemCodeOf(failure) ?? ""
    ];
    if (why === undefined) throw failure;
    const position = { line: 1, column: 1 };
    return {
      problems: [{ file, position, path: [], text: `found ${why}, wanted a scenario file`, remedy: "Check the path" }],
    };
  }
}

/** The same for a text. `file` names it in problems and gives `lab.id` its default. */
export function parseScenario(text: string, file: string): { scenario: Scenario } | { problems: Problem[] } {
  const yaml = readYaml(text);
  if (yaml.faults.length > 0) {
    const remedy = "Correct the YAML at this place";
    return { problems: yaml.faults.map((fault) => ({ file, path: [], remedy, ...fault })) };
  }
  const parsed = scenarioFile.safeParse(yaml.value);
  const findings = [
    ...(parsed.success ? [] : explain(scenarioFile, yaml.value, parsed.error.issues)),
    ...checkWhole(yaml.value),
  ];
  if (!parsed.success || findings.length > 0) {
    const problems = findings.map(({ part, ...found }) => ({
      file,
      position: yaml.positionOf(found.path, part),
      ...found,
    }));
    return { problems: inFileOrder(problems) };
  }
  const { name, tags, lab, world } = parsed.data;
  const topology = toTopology(lab, world, idFrom(file));
  const steps = parsed.data.steps.map((step, index) => ({
    ...kindOf(step),
    line: yaml.positionOf(["steps", index], "value").line,
  }));
  const placeInLab = (path: readonly string[]): string =>
    formatPlace(file, yaml.positionOf(["lab", ...path], "value"), ["lab", ...path]);
  return { scenario: { file, name, tags, topology, steps, placeInLab } };
}

/** Whether everything that is named exists: also in the sound part of a file whose shape is wrong elsewhere. */
function checkWhole(value: unknown): Finding[] {
  if (typeof value !== "object" || value === null) return [];
  const declared = soundPart(value);
  const steps = "steps" in value && Array.isArray(value.steps) ? value.steps.map(soundStep) : [];
  return [...(declared?.findings ?? []), ...checkSteps(steps, declared)];
}

function soundStep(value: unknown): { kind: StepKind; input: unknown } | undefined {
  const parsed = anyStep.safeParse(value);
  return parsed.success ? kindOf(parsed.data) : undefined;
}

function kindOf(step: Record<string, unknown>): { kind: StepKind; input: unknown } {
  const kind = stepKinds.find(({ name }) => name in step);
  if (!kind) throw new Error("A step without a kind passed the schema");
  return { kind, input: step[kind.name] };
}

/** The file's stem as a lab id. */
const idFrom = (file: string): string =>
  basename(file)
    .replace(/\.[^.]*$/, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 48) || "lab";
