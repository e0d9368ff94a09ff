import { expect } from "chai";
import { cmdlets } from "../../../src/commands/index.ts";
import { languageCommands } from "../../../src/shell/cmdlets/language-commands.ts";
import { parse } from "../../../src/shell/language/parse.ts";
import { prepare } from "../../../src/shell/run/prepare.ts";
import { caseFiles, checkRefusal, inOneLine, isRefused } from "./read-cases.ts";

interface Bound {
  line: string;
  /** What the first command's parameters get, as far as it is known before the line runs. */
  binds: Readonly<Record<string, unknown>>;
}

for (const { about, cases } of caseFiles<Bound>("binding"))
  describe(`binding: ${about}`, () => {
    for (const one of cases)
      it(`${isRefused(one) ? "refuses" : "binds"} ${inOneLine(one.line)}`, () => {
        if (!isRefused(one)) expect(boundBy(one.line)).to.deep.equal(one.binds);
        else checkRefusal(one, failureOf(one.line));
      });
  });

function boundBy(line: string): object {
  const prepared = [...prepare(parse(line), line, { cmdlets, language: languageCommands }, []).values()];
  return Object.fromEntries(
    (prepared[0]?.written ?? []).map(({ name, value }) => [name, "now" in value ? value.now : "later"]),
  );
}

function failureOf(line: string): unknown {
  try {
    boundBy(line);
  } catch (failure) {
    return failure;
  }
  throw new Error("it was not refused");
}
