import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { LabError } from "../../../src/base/index.ts";

/** A line that is refused: the error's code and place, and words of its message or remedy. */
export interface Refused {
  line: string;
  fails: string;
  says?: string;
}

interface CaseFile<C> {
  about: string;
  cases: (C | Refused)[];
}

/** The files of one folder of cases/: a line each, with what it comes to. */
export function caseFiles<C extends { line: string }>(folder: string): CaseFile<C>[] {
  const path = join(import.meta.dirname, "cases", folder);
  return readdirSync(path)
    .sort()
    .map((name) => parse(readFileSync(join(path, name), "utf8")) as CaseFile<C>);
}

export const isRefused = (one: object): one is Refused => "fails" in one;

/** A line for the name of a test. */
export const inOneLine = (line: string): string => {
  const shown = line.replaceAll("\n", "⏎").replaceAll("\t", "␉");
  return shown.length > 100 ? `${shown.slice(0, 100)}…` : shown || "an empty line";
};

/** Code and place of a refusal as a case gives them: `SHELL_QUOTE_OPEN column 5`, or the code alone. */
export function refusalText(failure: unknown): string {
  if (!(failure instanceof LabError)) throw failure;
  return [failure.code, ...(/(?:line \d+, )?column \d+$/.exec(failure.message) ?? [])].join(" ");
}

/** Whether a refusal is the one that a case expects; throws what it is where it is not. */
export function checkRefusal({ fails, says }: Refused, failure: unknown): void {
  const found = refusalText(failure);
  const words = `${(failure as LabError).message}\n${(failure as LabError).remedy}`;
  if (found !== fails) throw new Error(`refused by ${found} instead of ${fails}: ${words}`);
  if (says !== undefined && !words.includes(says)) throw new Error(`"${says}" is not in: ${words}`);
}
