import { expect } from "chai";
import { cmdlets } from "../../../src/commands/index.ts";
import { topics } from "../../../src/shell/cmdlets/about.ts";
import { languageCommands } from "../../../src/shell/cmdlets/language-commands.ts";
import { levels, tight } from "../../../src/shell/language/operators.ts";
import { parse } from "../../../src/shell/language/parse.ts";
import { runLine } from "../../../src/shell/index.ts";
import { prepare } from "../../../src/shell/run/prepare.ts";
import { fakeServer } from "../../helpers/fake-server.ts";

describe("the topics of Get-Help", () => {
  for (const { name, examples } of topics)
    for (const { line } of examples)
      it(`${name} has an example that can be typed: ${line}`, () =>
        void prepare(parse(line), line, { cmdlets, language: languageCommands }, []));

  it("name every operator and every type", () => {
    const told = topics.flatMap(({ lines }) => lines).join(" ");
    const all = levels.flat();
    const plain = all.filter((operator) => !(/^[ci]/.test(operator) && all.includes(operator.slice(1))));
    expect(plain.filter((operator) => !told.includes(operator))).to.deep.equal([]);
    expect(tight.filter((operator) => !told.includes(operator))).to.deep.equal([]);
  });

  it("are what a command with -? asks for", async () => {
    const { api } = fakeServer();
    const shown = async (line: string): Promise<string> => (await runLine(line, { server: api })).text;
    for (const line of ["Get-AdSite -?", "get-adsite SiteA -?"])
      expect(await shown(line)).to.equal(await shown("Get-Help Get-AdSite"));
    expect(await shown("Write-Output '-?'")).to.equal("-?");
  });

  it("are told of every command, in every detail", async () => {
    const { api } = fakeServer();
    for (const { name, parameters } of [...cmdlets, ...languageCommands])
      for (const how of ["", "-Full", "-Detailed", "-Examples"]) {
        const { text } = await runLine(`Get-Help ${name} ${how}`, { server: api });
        expect(text, name).to.include("EXAMPLES");
        if (how === "-Full") for (const parameter of Object.keys(parameters)) expect(text).to.include(`-${parameter}`);
      }
  });
});
