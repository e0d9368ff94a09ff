import { expect } from "chai";
import { commonStart } from "../../../../src/cli/terminal/common-start.ts";

describe("commonStart", () => {
  for (const [words, common] of [
    [[], ""],
    [["Get-Queue"], "Get-Queue"],
    [["Get-Queue", "get-quota"], "Get-Qu"],
    [["Get-Queue", "Set-Queue"], ""],
    [["Get", "Get-Queue"], "Get"],
    [["Get-Queue", "Get"], "Get"],
  ] as const)
    it(`of ${words.join(", ") || "nothing"} is "${common}"`, () => {
      expect(commonStart(words)).to.equal(common);
    });
});
