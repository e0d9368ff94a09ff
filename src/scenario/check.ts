import type { z } from "zod";
import {
  checkAuthoritiesOfServers,
  checkTopology,
  checkWorld,
  type DeclaredTopology,
  type DeclaredWorldFile,
  type TopologyProblem,
  topologySchema,
  worldSchema,
} from "../lab/index.ts";
import { type Finding, formatPath } from "./problem.ts";

type Path = readonly (string | number)[];

/** What of a file's lab and world passes their schemas, and what does not hold together in that part. */
export interface SoundPart {
  lab: DeclaredTopology;
  world: DeclaredWorldFile;
  findings: readonly Finding[];
  /** Whether nothing had to be taken out of a section of either: only then is what is not in it not in the file. */
  isWhole(section: string): boolean;
}

/**
 * Checks a lab and its world as a whole, without what their schemas refuse, so that one run tells all problems. A claim
 * about a part from which something was taken out is not made: it would only echo the other problem.
 *
 * @returns undefined when too little of the lab is sound to say what it declares
 */
export function soundPart(file: { lab?: unknown; world?: unknown }): SoundPart | undefined {
  const lab = withoutRefused(topologySchema, file.lab, {
    organization: "unknown",
    domains: ["unknown.invalid"],
    sites: {},
    servers: {},
  });
  const world = withoutRefused(worldSchema, file.world ?? {}, {}) ?? noWorld();
  if (!lab) return undefined;
  const cuts = [...lab.cuts, ...world.cuts];
  const isWhole = (section: string): boolean => cuts.every((cut) => cut[0] !== section);
  const tell = (problems: readonly TopologyProblem[], top: string, cuts: readonly Path[]): Finding[] =>
    problems.filter(({ restsOn }) => restsOn.every(isWhole)).map((problem) => findingOf(problem, top, cuts));
  const findings = [
    ...tell(checkTopology(lab.sound), "lab", lab.cuts),
    ...tell(checkAuthoritiesOfServers(world.sound, lab.sound), "lab", lab.cuts),
    ...tell(checkWorld(world.sound, lab.sound), "world", world.cuts),
  ];
  return { lab: lab.sound, world: world.sound, findings, isWhole };
}

/** Where it is no mapping, nothing is said of what it should have had in it. */
const noWorld = (): { sound: DeclaredWorldFile; cuts: Path[] } => {
  const sound = worldSchema.parse({});
  return { sound, cuts: Object.keys(sound).map((section) => [section]) };
};

const findingOf = (
  { path, found, first, wanted, remedy }: TopologyProblem,
  top: string,
  cuts: readonly Path[],
): Finding => ({
  path: [top, ...asInFile(path, cuts)],
  part: path.length <= 2 && typeof path.at(-1) === "string" ? "key" : "value", // a name itself is wrong, or what it has
  text: `${found}${first ? ` (first: ${formatPath([top, ...asInFile(first, cuts)])})` : ""}, wanted ${wanted}`,
  remedy,
});

/**
 * @param neutral what stands in for a section that is missing or refused as a whole, so that the others can be checked
 * @returns what is left, and the paths that were taken out, in that order
 */
function withoutRefused<S extends z.ZodObject>(
  schema: S,
  value: unknown,
  neutral: Readonly<Record<string, unknown>>,
): { sound: z.output<S>; cuts: Path[] } | undefined {
  const copy = structuredClone(value);
  const cuts: Path[] = [];
  for (;;) {
    const parsed = schema.safeParse(copy);
    if (parsed.success) return { sound: parsed.data, cuts };
    const issue = parsed.error.issues[0] as z.core.$ZodIssue;
    const path = issue.path.map((key) => (typeof key === "number" ? key : String(key)));
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) remove(copy, [...path, key]);
      continue;
    }
    const section = path[0];
    // Where something is missing, the thing that lacks it goes.
    while (path.length > 0 && valueAt(copy, path) === undefined) path.pop();
    if (path.length > 0) remove(copy, path);
    else if (section === undefined || !(section in neutral) || !isMapping(copy)) return undefined;
    else copy[section] = neutral[section];
    cuts.push(path.length > 0 ? path : [section as string]);
  }
}

/** Each cut from a list has moved the entries behind it up: this undoes them, the last one first. */
const asInFile = (path: Path, cuts: readonly Path[]): Path =>
  cuts.reduceRight<Path>((moved, cut) => {
    const depth = cut.length - 1;
    const [index, removed] = [moved[depth], cut[depth]];
    const sameList =
      typeof index === "number" &&
      typeof removed === "number" &&
      cut.slice(0, depth).every((key, at) => moved[at] === key);
    return sameList && index >= removed ? moved.with(depth, index + 1) : moved;
  }, path);

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    root,
  );

function remove(root: unknown, path: Path): void {
  const owner = valueAt(root, path.slice(0, -1));
  const key = path.at(-1) as string | number;
  if (Array.isArray(owner)) owner.splice(Number(key), 1);
  else if (typeof owner === "object" && owner !== null) Reflect.deleteProperty(owner, key);
}
