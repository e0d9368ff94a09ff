import { expect } from "chai";
import { needsMore, parse } from "../../../src/shell/language/parse.ts";
import { printScript } from "../../../src/shell/language/print.ts";
import { caseFiles, checkRefusal, inOneLine, isRefused } from "./read-cases.ts";

interface Read {
  line: string;
  /** The script, printed again. */
  reads: string;
}

for (const { about, cases } of caseFiles<Read>("reading"))
  describe(`reading: ${about}`, () => {
    for (const one of cases)
      it(`${isRefused(one) ? "refuses" : "reads"} ${inOneLine(one.line)}`, () => {
        if (!isRefused(one)) expect(printScript(parse(one.line))).to.equal(one.reads);
        else checkRefusal(one, failureOf(one.line));
      });
  });

function failureOf(line: string): unknown {
  try {
    parse(line);
  } catch (failure) {
    return failure;
  }
  throw new Error("it was not refused");
}

describe("needsMore", () => {
  const waiting = [
    "Get-Queue |",
    "Get-Queue a,",
    "Get-Queue `",
    "'open",
    '"open',
    "@'\nopen",
    "(Get-Queue",
    "@{ Name = 1",
    "$x =",
    "1 +",
    "$x -eq",
    "? {",
    "Get-Queue |\n",
  ];
  for (const line of waiting)
    it(`waits for another line behind ${inOneLine(line)}`, () => expect(needsMore(line)).to.equal(true));

  for (const line of [
    "",
    "Get-Queue",
    "Get-Queue | fl",
    "Get-Queue || fl",
    "$x 5",
    "(1))",
    "Get-Queue -Identity: -Status",
  ])
    it(`waits for nothing behind ${inOneLine(line)}`, () => expect(needsMore(line)).to.equal(false));
});
