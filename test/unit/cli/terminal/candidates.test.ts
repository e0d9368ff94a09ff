import { expect } from "chai";
import { commonStart, inColumns } from "../../../../src/cli/terminal/candidates.ts";

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

describe("inColumns", () => {
  it("puts as many beside each other as there is room for", () => {
    const words = ["Get-Queue", "Get-AdSite", "Get-Help"];
    expect(inColumns(words, 30)).to.equal("Get-Queue   Get-AdSite\nGet-Help");
    expect(inColumns(words, 5)).to.equal("Get-Queue\nGet-AdSite\nGet-Help");
    expect(inColumns(words, 100)).to.equal("Get-Queue   Get-AdSite  Get-Help");
  });
});
