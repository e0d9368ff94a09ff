import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { root } from "../repo/source-tree.ts";
import { type Mutant, readMutants, whyImpossible } from "./mutant.ts";

/*
 * `npm run mutants [NAME…]`: takes each check out of a copy of the project and runs the test that must miss it. Prints
 * red where it did, GREEN where it did not, and ends with 1 when there was one GREEN, a text that was not found, or a
 * test that is red without any mutant.
 */
const wanted = process.argv.slice(2);
const mutants = readMutants().filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const copies = Array.from({ length: 2 }, makeCopy);
const problems: string[] = [];
const waiting = [...mutants];

await Promise.all(copies.map(work));
for (const copy of copies) rmSync(copy, { recursive: true, force: true });
const word = mutants.length === 1 ? "mutant" : "mutants";
process.stdout.write(`\n${mutants.length} ${word}, ${mutants.length - problems.length} red, ${problems.length} not\n`);
process.exitCode = problems.length === 0 && mutants.length > 0 ? 0 : 1;

async function work(copy: string): Promise<void> {
  for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
    const problem = await tryOut(mutant, copy);
    if (problem !== undefined) problems.push(mutant.name);
    process.stdout.write(
      `${problem === undefined ? "red  " : "GREEN"} ${mutant.name}${problem ? `: ${problem}` : ""}\n`,
    );
  }
}

function makeCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), "hubedge-mutants-"));
  for (const name of ["src", "test", "scenarios", "docs", "package.json", "tsconfig.json", ".mocharc.json"])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** What is wrong with a mutant; undefined when its test noticed it. */
async function tryOut(mutant: Mutant, copy: string): Promise<string | undefined> {
  const impossible = whyImpossible(mutant, (file) => readFileSync(join(copy, file), "utf8"));
  if (impossible !== undefined) return impossible;
  const before = await runTest(mutant, copy);
  if (before.failing > 0 || before.passing === 0)
    return `its test is not green without it (${before.passing} passed, ${before.failing} failed)`;
  const path = join(copy, mutant.file);
  const original = readFileSync(path, "utf8");
  writeFileSync(
    path,
    original.replace(mutant.text, () => mutant.replacement),
  );
  try {
    const { passing, failing } = await runTest(mutant, copy);
    if (failing > 0) return undefined;
    return passing > 0 ? "nothing noticed it" : "no test ran at all";
  } finally {
    writeFileSync(path, original);
  }
}

/** A file that does not even load counts as neither. */
async function runTest({ test }: Mutant, copy: string): Promise<{ passing: number; failing: number }> {
  const grep = `^${test.title.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`;
  const mocha = join(root, "node_modules/mocha/bin/mocha.js");
  const child = spawn(
    process.execPath,
    [mocha, "--spec", test.file, "--grep", grep, "--reporter", "json", "--exit", "--timeout", "30000"],
    { cwd: copy, stdio: ["ignore", "pipe", "ignore"] },
  );
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  const stats = /"passes": (\d+),\s+"pending": \d+,\s+"failures": (\d+)/.exec(output);
  return { passing: Number(stats?.[1] ?? 0), failing: Number(stats?.[2] ?? 0) };
}
