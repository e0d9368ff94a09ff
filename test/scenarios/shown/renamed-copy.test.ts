import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { runProgram } from "../../helpers/cli.ts";
import { usePlace } from "../../helpers/lab.ts";
import { root } from "../../repo/source-tree.ts";

/** Every name of scenario 01, and another one for it: nothing about them may be built in. */
const names: Readonly<Record<string, string>> = {
  Ex2007EE: "Kiel-HT1",
  Ex2007SE: "BONN2",
  SiteA: "Kiel",
  SiteB: "Bonn-Sued",
  "A-B": "Bahnlinie",
  "proexchange.local": "mail.fabrikam.example",
  proexchange: "Fabrikam AG",
  anna: "erika.mustermann",
  bob: "max",
  b: "m.m",
};
const anyName = new RegExp(
  `\\b(?:${Object.keys(names)
    .map((name) => name.replace(".", "\\."))
    .join("|")})\\b`,
  "g",
);

describe("a copy of scenario 01 with other names", () => {
  const place = usePlace();
  let copy: string;

  before(async () => {
    const original = await readFile(join(root, "scenarios/01-mail-between-sites.yaml"), "utf8");
    copy = original.replaceAll(anyName, (name) => names[name] ?? name);
    await place.write("other-names.yaml", copy);
  });

  it("has none of the original's names left", () => {
    expect(copy.match(anyName)).to.equal(null);
    for (const name of Object.values(names)) expect(copy).to.include(name);
  });

  it("passes unchanged, by the real program", async () => {
    const { code, out, err } = await runProgram(place, ["run", "other-names.yaml"]);
    expect({ code, err }, out).to.deep.equal({ code: 0, err: "" });
    expect(out).to.match(/1 of 1 scenarios passed/);
    expect(out).to.include("the session from BONN2 to Kiel-HT1 with hello is encrypted, by STARTTLS");
    expect(out).not.to.match(/Ex2007|proexchange/i);
  });

  it("writes its Send log under the names it was given", async () => {
    const log = await readFile(
      join(place.path, "logs/other-names/BONN2/ProtocolLog/SmtpSend/SEND20080512-1.LOG"),
      "utf8",
    );
    expect(log).to.include(">,EHLO BONN2.mail.fabrikam.example,");
  });
});
