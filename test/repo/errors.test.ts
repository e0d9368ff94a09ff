import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { expect } from "chai";
import { root, sourceFiles } from "./source-tree.ts";

interface ErrorEntry {
  code: string;
  path: string;
  /** The first sentence of the builder's docstring: when it happens. */
  when: string;
  /** Whether a sentence was found. */
  documented: boolean;
}

/** Every LabError of the program, by code, from the functions that build them. */
function errorEntries(): ErrorEntry[] {
  return sourceFiles("src")
    .flatMap(({ path, text }) =>
      [...text.matchAll(/\b(?:LabError|[a-z]\w*Error)\(\s*"([A-Z]+(?:_[A-Z0-9]+)+)"/g)].map((match): ErrorEntry => {
        const before = text.slice(0, match.index);
        const docstring = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/(?:(?!\/\*\*)[\s\S])*$/.exec(before)?.[1] ?? "";
        const words = docstring
          .replace(/^\s*\*/gm, " ")
          .replace(/\s+/g, " ")
          .trim();
        const when = /^(.+?[.:])(?: |$)/.exec(words)?.[1] ?? words;
        return { code: match[1] as string, path, when, documented: when !== "" };
      }),
    )
    .sort((one, other) => (one.code < other.code ? -1 : 1));
}

const errorsDocument = (entries: readonly ErrorEntry[]): string => `# Errors

Generated from the code by \`npm run docs\`. An error says what could not be done and what was found, then what to type or
change next. A code is never used for another condition.

| Code | When | Built in |
| --- | --- | --- |
${entries.map(({ code, when, path }) => `| \`${code}\` | ${when.replaceAll("|", "\\|")} | \`${path}\` |`).join("\n")}
`;

describe("the errors of the program", () => {
  const entries = errorEntries();

  it("are built by one function each", () => {
    const codes = entries.map(({ code }) => code);
    expect(codes.length).to.be.above(30);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).to.deep.equal([]);
  });

  it("say when they happen", () => {
    expect(entries.filter(({ documented }) => !documented).map(({ code, path }) => `${path}: ${code}`)).to.deep.equal(
      [],
    );
  });

  it("are those of docs/errors.md", () => {
    const path = join(root, "docs/errors.md");
    const document = errorsDocument(entries);
    if (process.env["UPDATE_DOCS"] === "1") writeFileSync(path, document);
    expect(readFileSync(path, "utf8"), "run npm run docs").to.equal(document);
  });
});
