import type { z } from "zod";
import { nearestOf } from "../base/index.ts";
import { checkTopology, type DeclaredTopology, topologySchema } from "../lab/index.ts";
import { type Finding, formatPath, quoted } from "./problem.ts";
import type { Mention, StepKind } from "./steps/define-step.ts";
import { namesIn } from "./substitute.ts";

type Path = readonly (string | number)[];

/** What of a declared lab passes its schema, and what does not hold together in that part. */
export interface SoundTopology {
  declared: DeclaredTopology;
  findings: readonly Finding[];
  /** Whether nothing had to be taken out: only then is what is not in it not in the file. */
  isWhole(section: string): boolean;
}

/**
 * Checks a lab as a whole, without what its schema refuses, so that one run tells all problems. A claim about a part
 * from which something was taken out is not made: it would only echo the other problem.
 */
export function soundTopology(lab: unknown): SoundTopology | undefined {
  const left = withoutRefused(lab);
  if (!left) return undefined;
  const { declared, cuts } = left;
  const isWhole = (section: string): boolean => cuts.every((cut) => cut[0] !== section);
  const findings = checkTopology(declared)
    .filter(({ restsOn }) => restsOn.every(isWhole))
    .map(({ path, found, first, wanted, remedy }): Finding => ({
      path: ["lab", ...asInFile(path, cuts)],
      part: path.length <= 2 && typeof path.at(-1) === "string" ? "key" : "value", // a name itself is wrong, or what it has
      text: `${found}${first ? ` (first: ${formatPath(["lab", ...asInFile(first, cuts)])})` : ""}, wanted ${wanted}`,
      remedy,
    }));
  return { declared, findings, isWhole };
}

/** Stands in for a section that is missing or refused as a whole, so that the others can be checked. */
const neutral: Readonly<Record<string, unknown>> = {
  organization: "unknown",
  domains: ["unknown.invalid"],
  sites: {},
  servers: {},
};

/** @returns what is left, and the paths that were taken out, in that order */
function withoutRefused(lab: unknown): { declared: DeclaredTopology; cuts: Path[] } | undefined {
  const copy = structuredClone(lab);
  const cuts: Path[] = [];
  for (;;) {
    const parsed = topologySchema.safeParse(copy);
    if (parsed.success) return { declared: parsed.data, cuts };
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

/**
 * Whether the servers, mailboxes, messages and values that steps name exist, the latter two by an earlier step.
 *
 * @param steps in the file's order; undefined for one that its schema refuses
 * @param lab undefined when too little of it is sound to say what it declares
 */
export function checkSteps(
  steps: readonly ({ kind: StepKind; input: unknown } | undefined)[],
  lab: SoundTopology | undefined,
): Finding[] {
  const known = { message: [] as string[], value: [] as string[] };
  // A refused step may have given a name to something: nothing is said of names from there on.
  let sure = true;
  return steps.flatMap((step, index) => {
    if (!step) {
      sure = false;
      return [];
    }
    const path: Path = ["steps", index, step.kind.name];
    const declared = {
      server: declaredIn(lab, "servers"),
      mailbox: declaredIn(lab, "mailboxes"),
      message: sure ? known.message : undefined,
    };
    const values = sure ? namesIn(step.input).filter(({ name }) => !known.value.includes(name)) : [];
    const findings = [
      ...step.kind.mentions(step.input).flatMap((mention) => unknownMention(mention, path, declared[mention.kind])),
      ...values.map(({ name, path: inner }) => unknownValue(name, [...path, ...inner], known.value)),
    ];
    const gives = step.kind.makesKnown(step.input);
    if (gives) known[gives.kind].push(gives.name);
    return findings;
  });
}

const declaredIn = (lab: SoundTopology | undefined, section: "servers" | "mailboxes"): string[] | undefined =>
  lab?.isWhole(section) ? Object.keys(lab.declared[section]) : undefined;

const places = {
  server: { place: "a server of lab.servers", remedy: (name: string) => `Declare ${name} under lab.servers` },
  mailbox: { place: "a mailbox of lab.mailboxes", remedy: (name: string) => `Declare ${name} under lab.mailboxes` },
  message: {
    place: "a message of an earlier step",
    remedy: (name: string) => `Add as: ${name} to the step that sends it`,
  },
} as const;

/** @param known undefined when that cannot be said */
function unknownMention({ kind, name, path }: Mention, step: Path, known: readonly string[] | undefined): Finding[] {
  if (known === undefined || known.includes(name)) return [];
  const near = nearestOf(name, known);
  const { place, remedy } = places[kind];
  return [
    {
      path: [...step, ...path],
      part: "value",
      text: `found ${quoted(name)}, wanted ${place}: ${known.join(", ") || "there is none"}`,
      remedy: near ? `Write ${near}` : remedy(name),
    },
  ];
}

const unknownValue = (name: string, path: Path, known: readonly string[]): Finding => ({
  path,
  part: "value",
  text: `found \${${name}}, wanted a value that an earlier step remembers: ${known.join(", ") || "there is none"}`,
  remedy: `Add a \`remember\` step with as: ${name} before it`,
});
