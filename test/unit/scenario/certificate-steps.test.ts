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
      asked: [`fault ${JSON.stringify({ on: "Ex2007EE", certificate: expired })}`],
      summary: "Ex2007EE changes: certificate expired",
    });
    expect(await asked("fault: { on: Ex2007EE, certificate: expired, published: false }")).to.deep.equal({
      asked: [`fault ${JSON.stringify({ on: "Ex2007EE", certificate: expired, published: false })}`],
      summary: "Ex2007EE changes: certificate expired, published false",
    });
  });

  it("give an outside host one, of the authority that is named", async () => {
    const certificate = { issuer: "Woodgrove Issuing", names: [], flaw: "revoked" };
    const step = "fault: { on: mail.fabrikam.example, certificate: { issuer: Woodgrove Issuing, flaw: revoked } }";
    expect(await asked(step)).to.deep.equal({
      asked: [`fault ${JSON.stringify({ on: "mail.fabrikam.example", certificate })}`],
      summary: "mail.fabrikam.example changes: certificate issuer Woodgrove Issuing, flaw revoked",
    });
  });

  it("give everybody his own back", async () => {
    expect((await asked("heal: { on: Ex2007EE }")).asked).to.deep.equal(['heal "Ex2007EE"']);
    expect((await asked("heal: { on: mail.fabrikam.example }")).asked).to.deep.equal(['heal "mail.fabrikam.example"']);
  });
});

describe("the trust and revoke steps", () => {
  it("have whoever is named trust an authority, or the certificate in a file", async () => {
    expect(await asked("trust: { server: Ex2007EE, authority: Woodgrove Issuing }")).to.deep.equal({
      asked: [`trust ${JSON.stringify({ by: "Ex2007EE", authority: "Woodgrove Issuing" })}`],
      summary: "Ex2007EE trusts Woodgrove Issuing",
    });
    expect(await asked("trust: { server: Ex2007SE, on: Ex2007EE, file: a.cer }")).to.deep.equal({
      asked: [`trust ${JSON.stringify({ by: "Ex2007SE", on: "Ex2007EE", file: "a.cer" })}`],
      summary: "Ex2007SE trusts the certificate in a.cer of Ex2007EE",
    });
  });

  it("have a certificate taken back, by its thumbprint or its file, for a reason", async () => {
    const { asked: told, summary } = await asked("revoke: { thumbprint: AB12, reason: keyCompromise }");
    expect(told).to.deep.equal([`revoke ${JSON.stringify({ thumbprint: "AB12", reason: "keyCompromise" })}`]);
    expect(summary).to.equal("its authority revokes AB12: keyCompromise");
    expect((await asked("revoke: { on: Ex2007EE, file: a.cer, authority: Woodgrove Issuing }")).summary).to.equal(
      "Woodgrove Issuing revokes the certificate in a.cer of Ex2007EE: unspecified",
    );
  });
});
