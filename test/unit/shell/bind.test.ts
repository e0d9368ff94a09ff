import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import { cmdlets } from "../../../src/commands/index.ts";
import { bind } from "../../../src/shell/bind.ts";
import { parse } from "../../../src/shell/parse.ts";
import { readCases } from "./read-cases.ts";

describe("bind", () => {
  for (const { line, sign, expected } of readCases("bind.txt"))
    it(`${sign === "=" ? "reads" : "refuses"} ${line}`, () => {
      if (sign === "=") expect(boundBy(line)).to.deep.equal(JSON.parse(expected));
      else expectRefusal(line, expected);
    });
});

function boundBy(line: string): object {
  const command = parse(line)[0]?.[0];
  const cmdlet = cmdlets.find(({ name }) => name.toLowerCase() === command?.name.toLowerCase());
  if (!command || !cmdlet) throw new Error(`"${line}" calls no cmdlet`);
  return bind(cmdlet, command, line);
}

function expectRefusal(line: string, expected: string): void {
  const [, code, place, words] = /^(\S+) (column \d+): (.*)$/.exec(expected) ?? [];
  const refusal = refusalOf(line);
  expect(refusal.code).to.equal(code);
  expect(`${refusal.message}\n${refusal.remedy}`)
    .to.include(words)
    .and.match(new RegExp(`at ${place}\n`));
}

function refusalOf(line: string): LabError {
  try {
    boundBy(line);
  } catch (failure) {
    if (failure instanceof LabError) return failure;
    throw failure;
  }
  throw new Error(`"${line}" was not refused`);
}
