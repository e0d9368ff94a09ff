import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root, sourceFiles } from "./source-tree.ts";

const document = (name: string): string => readFileSync(join(root, "docs", name), "utf8");

/** Heading and row anchors of a document: `## X-EXPS` is #x-exps, and `<a id="x">` is #x. */
const anchorsOf = (text: string): Set<string> =>
  new Set([
    ...[...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
      (match[1] as string)
        .toLowerCase()
        .replace(/[^\w\s-]/g, "")
        .trim()
        .replace(/\s+/g, "-"),
    ),
    ...[...text.matchAll(/<a id="([^"]+)">/g)].map((match) => match[1] as string),
  ]);

/** The comments in which a source is named, each to its end. */
const sourceLines = (text: string): string[] =>
  [...text.matchAll(/\bSource: (?![\d{])(?:[^*]|\*(?!\/))*|\bsource: "[^"]*"/g)].map(([line]) => line);

describe("what the code says about its sources", () => {
  const files = sourceFiles("src");

  it("names documents that docs/sources.md lists", () => {
    const known = new Set([...document("sources.md").matchAll(/^\| \[([\w-]+)\]/gm)].map((match) => match[1]));
    const cited = files.flatMap(({ path, text }) => [
      ...sourceLines(text).flatMap((line) =>
        [...line.matchAll(/\[(\w*\d[\w-]*|[a-z]+(?:[-_]\w+)+)\]/g)].map((match) => ({ path, id: match[1] as string })),
      ),
      ...[...text.matchAll(/["'`]([a-z0-9]+(?:-[a-z0-9]+)*)#[\w.$-]/g)].map((match) => ({
        path,
        id: match[1] as string,
      })),
    ]);
    expect(cited.length).to.be.above(10);
    expect(cited.filter(({ id }) => !known.has(id)).map(({ path, id }) => `${path}: [${id}]`)).to.deep.equal([]);
  });

  it("gives a place for every claim of a source", () => {
    const vague = files.flatMap(({ path, text }) =>
      sourceLines(text)
        .filter(
          (line) =>
            line.startsWith("Source:") && !/\[[\w-]+\]|RFC \d+|docs\/[a-z/]+\.md|docs\/adr\/|published/.test(line),
        )
        .map((line) => `${path}: ${line}`),
    );
    expect(vague).to.deep.equal([]);
  });

  it("points into documents that exist, at anchors they have", () => {
    const broken = sourceFiles("src", "test", "bench").flatMap(({ path, text }) =>
      [...text.matchAll(/docs\/([\w/-]+\.md)(?:#([\w-]+))?/g)]
        .filter(([, file, anchor]) => {
          const there = existsSync(join(root, "docs", file as string));
          return !there || (anchor !== undefined && !anchorsOf(document(file as string)).has(anchor));
        })
        .map(([link]) => `${path}: ${link}`),
    );
    expect([...new Set(broken)]).to.deep.equal([]);
  });
});
