import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { root } from "../repo/source-tree.ts";

/** A check taken out, and the test that must miss it. */
export interface Mutant {
  /** `01-edge-certificate-not-judged`. */
  name: string;
  /** What would be lost, in a sentence. */
  about: string;
  /** The file, from the project's root. */
  file: string;
  /** Text that stands in it exactly once, and what is put in its place. */
  text: string;
  replacement: string;
  /** The test file, and the beginning of the full title of the test that must turn red. */
  test: { file: string; title: string };
}

export const mutantsFolder: string = join(root, "test/mutants");

/** Every mutant, in the order of their numbers. Throws for a file that is none, naming it. */
export const readMutants = (): Mutant[] =>
  readdirSync(mutantsFolder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => readMutant(name));

function readMutant(name: string): Mutant {
  const content: unknown = parse(readFileSync(join(mutantsFolder, name), "utf8"));
  const mutant = { name: basename(name, ".yaml"), ...(content as Omit<Mutant, "name">) };
  const { about, file, text, replacement, test } = mutant;
  const texts = [about, file, text, replacement, test?.file, test?.title];
  if (texts.some((one) => typeof one !== "string"))
    throw new Error(`test/mutants/${name} needs about, file, text, replacement, test.file and test.title`);
  return mutant;
}

/** Why a mutant cannot be made, or undefined. */
export function whyImpossible({ file, text }: Mutant, read: (file: string) => string): string | undefined {
  const found = read(file).split(text).length - 1;
  return found === 1 ? undefined : `its text stands ${found} times in ${file}, wanted once`;
}
