import { readdir, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { formatProblem, loadScenario, type Problem, type Scenario } from "../scenario/index.ts";
import type { Io } from "./io.ts";

/**
 * The scenario files that paths stand for, each once: files as they are, folders by the YAML files in them, globs by
 * what they match. Paths come back as short as the current folder allows.
 */
export async function findScenarioFiles(paths: readonly string[], cwd: string): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => filesAt(path, cwd)));
  return [...new Set(found.flat())];
}

async function filesAt(path: string, cwd: string): Promise<string[]> {
  if (/[*?[]/.test(path) && !(await isThere(resolve(cwd, path)))) return matches(path, cwd);
  if (!(await isFolder(resolve(cwd, path)))) return [path];
  return (await readdir(resolve(cwd, path)))
    .filter(isScenarioFile)
    .sort()
    .map((name) => join(path, name));
}

/** `*`, `?` and `[abc]` stand for something within a name, `**` for folders, too. */
async function matches(pattern: string, cwd: string): Promise<string[]> {
  const parts = pattern.split(/[\\/]/);
  const fixed = parts.slice(
    0,
    parts.findIndex((part) => /[*?[]/.test(part)),
  );
  const base = resolve(cwd, fixed.join("/") || (pattern.startsWith("/") ? "/" : "."));
  const expression = new RegExp(
    `^${parts
      .slice(fixed.length)
      .join("/")
      .replace(/\*\*\/|\*|\?|\[[^\]]+\]|[\\^$.|+()[\]{}]/g, wildcard)}$`,
  );
  const names = await readdir(base, { recursive: pattern.includes("**") || parts.length > fixed.length + 1 }).catch(
    () => [],
  );
  const found = names.filter((name) => isScenarioFile(name) && expression.test(name.split(sep).join("/"))).sort();
  return found.length === 0 ? [pattern] : found.map((name) => relative(cwd, join(base, name)));
}

const wildcards: Readonly<Record<string, string>> = { "**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]" };
const wildcard = (found: string): string => wildcards[found] ?? (found.length > 1 ? found : `\\${found}`);

/** What folders and globs stand for: YAML files, none of them hidden or of an installed package. */
const isScenarioFile = (path: string): boolean =>
  /\.ya?ml$/.test(path) && !path.split(sep).some((part) => part.startsWith(".") || part === "node_modules");

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (about) => about.isDirectory(),
    () => false,
  );
const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Loads every scenario that paths stand for; problems are printed, all of them. Undefined when there are any. */
export async function loadAll(paths: readonly string[], io: Io): Promise<Scenario[] | undefined> {
  const files = await findScenarioFiles(paths, io.cwd);
  const loaded = await Promise.all(files.map((file) => loadScenario(file, io.cwd)));
  const problems = loaded.flatMap((one): Problem[] => ("problems" in one ? one.problems : []));
  for (const problem of problems) io.err(formatProblem(problem));
  if (files.length === 0)
    io.err(`${paths.join(", ")}: found no scenario file, wanted one or more\n    remedy: Check the path\n`);
  return problems.length > 0 || files.length === 0
    ? undefined
    : loaded.flatMap((one) => ("scenario" in one ? one.scenario : []));
}
