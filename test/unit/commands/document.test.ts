import { expect } from "chai";
import { readFile, writeFile } from "node:fs/promises";
import { cmdlets } from "../../../src/commands/index.ts";
import { cmdletsDocument } from "../../../src/commands/definition/document.ts";
import { topics } from "../../../src/shell/cmdlets/about.ts";
import { languageCommands } from "../../../src/shell/cmdlets/language-commands.ts";
import { parse } from "../../../src/shell/language/parse.ts";
import { prepare } from "../../../src/shell/run/prepare.ts";

describe("docs/cmdlets.md", () => {
  const page = new URL("../../../docs/cmdlets.md", import.meta.url);

  it("says what the cmdlets declare (UPDATE_DOCS=1 writes it anew)", async () => {
    const made = cmdletsDocument(cmdlets, languageCommands, topics);
    if (process.env.UPDATE_DOCS === "1") await writeFile(page, made);
    expect(await readFile(page, "utf8")).to.equal(made);
  });

  const commands = [...cmdlets, ...languageCommands];
  const called = (line: string): string[] =>
    [...prepare(parse(line), line, { cmdlets, language: languageCommands }, ["thumbprint", "password"]).values()].map(
      ({ command }) => command.name,
    );

  it("has an example of every cmdlet", () => {
    expect(commands.filter(({ examples = [] }) => examples.length === 0).map(({ name }) => name)).to.deep.equal([]);
  });

  for (const { name, examples = [] } of commands)
    for (const { line } of examples)
      it(`has an example that can be typed: ${line}`, () => expect(called(line)).to.include(name));

  it("names errors that there are", async () => {
    const known = await readFile(new URL("../../../docs/errors.md", import.meta.url), "utf8");
    const named = cmdlets.flatMap(({ name, errors = [] }) => errors.map((code) => ({ name, code })));
    expect(named.filter(({ code }) => !known.includes(`\`${code}\``))).to.deep.equal([]);
    expect(named).to.have.length.above(20);
  });
});
