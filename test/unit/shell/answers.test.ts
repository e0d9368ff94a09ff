import { expect } from "chai";
import { runLine } from "../../../src/shell/index.ts";
import { fakeServer } from "../../helpers/fake-server.ts";

describe("answers that were written down", () => {
  const line = "New-ExchangeCertificate -Services SMTP";
  const enabledWith = async (answers: readonly string[]): Promise<unknown> => {
    const fake = fakeServer();
    await runLine(line, { server: fake.api, answers });
    return fake.asked.find(([call]) => call === "enableExchangeCertificate")?.[1];
  };

  it("are given in order, in any case", async () => {
    for (const [answer, overwriteDefault] of [
      ["Y", true],
      ["a", true],
      ["n", false],
      ["L", false],
    ] as const)
      expect(await enabledWith([answer])).to.deep.include({ overwriteDefault });
  });

  for (const [what, answers, found] of [
    ["run out", [], "no answer is left"],
    ["are none", ["perhaps"], '"perhaps" is none of Y, A, N, L'],
  ] as const)
    it(`fail the line where they ${what}`, async () => {
      const failure: unknown = await enabledWith(answers).catch((thrown: unknown) => thrown);
      expect(failure).to.have.property("code", "SHELL_ANSWER_MISSING");
      expect(failure).to.have.property(
        "message",
        `Cannot answer "Overwrite the existing default SMTP certificate?": ${found}`,
      );
    });
});
