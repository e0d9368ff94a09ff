import { expect } from "chai";
import { FakeLab, last, runSteps } from "./fake-lab.ts";

/** What a step asks of the lab, and how a report names it. */
async function asked(step: string): Promise<{ asked: readonly string[]; summary: string }> {
  const fake = new FakeLab();
  const { status, failure, summary } = last(await runSteps(`  - ${step}\n`, fake));
  expect(status, failure?.found).to.equal("held");
  return { asked: fake.asked, summary };
}

describe("the fault and heal steps, on whoever is named", () => {
  it("give a server a certificate of the catalogue, published unless they say otherwise", async () => {
    const expired = { names: [], flaw: "expired" };
    expect(await asked("fault: { on: Ex2007EE, certificate: expired }")).to.deep.equal({
      asked: [`certificate Ex2007EE ${JSON.stringify(expired)} undefined`],
      summary: "Ex2007EE changes: certificate expired",
    });
    expect(await asked("fault: { on: Ex2007EE, certificate: expired, published: false }")).to.deep.equal({
      asked: [`certificate Ex2007EE ${JSON.stringify(expired)} false`],
      summary: "Ex2007EE changes: certificate expired, published false",
    });
  });

  it("give an outside host one, of the authority that is named", async () => {
    const certificate = { issuer: "Woodgrove Issuing", names: [], flaw: "revoked" };
    const step = "fault: { on: mail.fabrikam.example, certificate: { issuer: Woodgrove Issuing, flaw: revoked } }";
    expect(await asked(step)).to.deep.equal({
      asked: [`fault mail.fabrikam.example ${JSON.stringify({ certificate })}`],
      summary: "mail.fabrikam.example changes: certificate issuer Woodgrove Issuing, flaw revoked",
    });
  });

  it("give everybody his own back", async () => {
    expect((await asked("heal: { on: Ex2007EE }")).asked).to.deep.equal(["certificate Ex2007EE null undefined"]);
    expect((await asked("heal: { on: mail.fabrikam.example }")).asked).to.deep.equal([
      "fault mail.fabrikam.example null",
    ]);
  });
});
