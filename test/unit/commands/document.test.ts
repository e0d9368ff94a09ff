import { expect } from "chai";
import { readFile, writeFile } from "node:fs/promises";
import { cmdlets } from "../../../src/commands/index.ts";
import { cmdletsDocument } from "../../../src/commands/document.ts";

describe("docs/cmdlets.md", () => {
  const page = new URL("../../../docs/cmdlets.md", import.meta.url);

  it("says what the cmdlets declare (UPDATE_DOCS=1 writes it anew)", async () => {
    const made = cmdletsDocument(cmdlets);
    if (process.env.UPDATE_DOCS === "1") await writeFile(page, made);
    expect(await readFile(page, "utf8")).to.equal(made);
  });
});
