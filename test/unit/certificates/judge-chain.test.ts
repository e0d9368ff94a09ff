import { expect } from "chai";
import { judgePeer } from "../../../src/certificates/index.ts";
import { judgeCases, makeJudgeCase } from "./judge-cases.ts";

describe("judgePeer by chain", () => {
  for (const { file, ...given } of judgeCases()) {
    it(`${given.about} (${file})`, async () => {
      const { presented, rule, context, names } = await makeJudgeCase(given);
      const { outcome, steps } = judgePeer(presented, rule, context);
      const told = steps.map(({ text }) => text.replaceAll(/[0-9A-F]{40}/g, (one) => `<${names.get(one) ?? one}>`));
      const { verdict, status, findings } = given;
      expect({ verdict: outcome.kind, status: outcome.status, findings: outcome.findings, steps: told }).to.deep.equal({
        verdict,
        status,
        findings,
        steps: given.steps,
      });
      expect(steps.at(-1)?.source).to.equal("bb331963#chain");
      expect(steps.flatMap(({ event }) => event ?? [])).to.deep.equal([]);
    });
  }
});
