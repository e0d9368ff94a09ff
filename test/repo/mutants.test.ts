import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readMutants, whyImpossible } from "../mutants/mutant.ts";
import { root } from "./source-tree.ts";

describe("the mutants", () => {
  const mutants = readMutants();
  const read = (file: string): string => (existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : "");

  it("can each be made: the text is there once, and so is the test", () => {
    const impossible = mutants.flatMap((mutant) => {
      const why =
        whyImpossible(mutant, read) ?? (existsSync(join(root, mutant.test.file)) ? undefined : "no such test");
      return why === undefined ? [] : [`${mutant.name}: ${why}`];
    });
    expect(impossible).to.deep.equal([]);
    expect(mutants.length).to.be.above(0);
  });

  it("change something, and are numbered without repetition", () => {
    expect(mutants.filter(({ text, replacement }) => text === replacement)).to.deep.equal([]);
    const numbers = mutants.map(({ name }) => name.split("-", 1)[0]);
    expect(new Set(numbers).size).to.equal(numbers.length);
  });
});
