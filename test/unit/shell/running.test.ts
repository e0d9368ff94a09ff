import { expect } from "chai";
import { runLine } from "../../../src/shell/index.ts";
import { fakeServer } from "../../helpers/fake-server.ts";
import { caseFiles, checkRefusal, inOneLine, isRefused } from "./read-cases.ts";

interface Shown {
  line: string;
  /** What a window would show. */
  shows: string;
}

for (const { about, cases } of caseFiles<Shown>("running"))
  describe(`running: ${about}`, () => {
    for (const one of cases)
      it(`${isRefused(one) ? "refuses" : "runs"} ${inOneLine(one.line)}`, async () => {
        const outcome = await runLine(one.line, { server: fakeServer().api }).then(
          ({ text }) => ({ text }),
          (failure: unknown) => ({ failure }),
        );
        if (isRefused(one)) checkRefusal(one, "failure" in outcome ? outcome.failure : new Error("it was not refused"));
        else if ("failure" in outcome) throw outcome.failure;
        else expect(outcome.text).to.equal(one.shows);
      });
  });
