import { readFileSync } from "node:fs";

/** A line with what is expected of it: `=` a result, or `!` an error. */
export interface Case {
  line: string;
  sign: "=" | "!";
  expected: string;
}

/** Reads a file of `>` lines, each followed by its `=` or `!` line. */
export function readCases(name: string): Case[] {
  const text = readFileSync(new URL(`cases/${name}`, import.meta.url), "utf8");
  const rows = text.split("\n").filter((row) => row !== "" && !row.startsWith("#"));
  return Array.from({ length: rows.length / 2 }, (_, index) => {
    const [asked = "", expected = ""] = rows.slice(2 * index);
    const sign = expected.charAt(0);
    if (!asked.startsWith(">") || (sign !== "=" && sign !== "!")) throw new Error(`${name}: "${asked}" has no answer`);
    return { line: visible(asked.slice(2), "read"), sign, expected: expected.slice(2) };
  });
}

const signs = [
  ["⏎", "\n"],
  ["␉", "\t"],
] as const;

/** Newlines and tabs as the signs that stand for them in a case, or back. */
export const visible = (text: string, way: "read" | "write"): string =>
  signs.reduce((so, [sign, real]) => (way === "read" ? so.replaceAll(sign, real) : so.replaceAll(real, sign)), text);
