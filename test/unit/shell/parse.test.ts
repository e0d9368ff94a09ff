import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import { parse } from "../../../src/shell/parse.ts";
import { printPipeline } from "../../../src/shell/print.ts";
import { readCases, visible } from "./read-cases.ts";

describe("parse", () => {
  for (const { line, sign, expected } of readCases("parse.txt"))
    it(`${sign === "=" ? "reads" : "refuses"} ${visible(line, "write") || "an empty line"}`, () => {
      expect(`${sign} ${outcome(line)}`.trimEnd()).to.equal(`${sign} ${expected}`.trimEnd());
    });
});

/** The commands, printed again, or the error's code and place. */
function outcome(line: string): string {
  try {
    return visible(parse(line).map(printPipeline).join(" ; "), "write");
  } catch (failure) {
    if (!(failure instanceof LabError)) throw failure;
    return `${failure.code} ${/(?:line \d+, )?column \d+$/.exec(failure.message)?.[0]}`;
  }
}
