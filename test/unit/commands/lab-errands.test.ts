import { expect } from "chai";
import { SecureString } from "../../../src/commands/index.ts";
import { fakeServer } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";

/** What a cmdlet asks of the lab. */
async function asked(...[name, parameters]: [string, Parameters<typeof run>[2]?]): Promise<unknown> {
  const fake = fakeServer();
  await run(fake, name, parameters);
  return fake.asked;
}
const codeOf = async (name: string, parameters: Parameters<typeof run>[2]): Promise<string> =>
  (await refusalOf(fakeServer(), name, parameters)).code;

describe("Submit-LabRequest", () => {
  it("has an authority answer a request on the disk of the server it runs on", async () => {
    const given = { RequestFile: "C:\\mail.req", Path: "C:\\mail.p7b", Authority: "Woodgrove Issuing" };
    expect(await asked("Submit-LabRequest", given)).to.deep.equal([
      ["issue", { authority: "Woodgrove Issuing", on: "Ex2007EE", request: "C:\\mail.req", answer: "C:\\mail.p7b" }],
    ]);
  });
});

describe("Copy-LabFile", () => {
  it("carries a file from here, to here, or between others", async () => {
    const carried = (from: string, to: string) => [["carry", { file: "a.req", from, to }]];
    expect(await asked("Copy-LabFile", { Path: "a.req", To: "EX2" })).to.deep.equal(carried("Ex2007EE", "EX2"));
    expect(await asked("Copy-LabFile", { Path: "a.req", From: "EX2" })).to.deep.equal(carried("EX2", "Ex2007EE"));
    expect(await asked("Copy-LabFile", { Path: "a.req", From: "EX2", To: "EX3" })).to.deep.equal(carried("EX2", "EX3"));
  });

  it("brings a file of this machine to the server it runs on, and refuses to carry another to where it is", async () => {
    expect(await asked("Copy-LabFile", { Path: "/tmp/a.cer" })).to.deep.equal([
      ["carry", { file: "/tmp/a.cer", from: "Ex2007EE", to: "Ex2007EE" }],
    ]);
    expect(await codeOf("Copy-LabFile", { Path: "a.cer", To: "ex2007ee" })).to.equal("COMMAND_FILE_STAYS");
  });
});

describe("Get-LabAuthority", () => {
  it("shows what an authority has revoked, and where its list lies", async () => {
    const [authority] = await run(fakeServer(), "Get-LabAuthority", { Name: "woodgrove issuing" });
    expect(authority).to.deep.include({
      Name: "Woodgrove Issuing",
      IssuedBy: "Woodgrove Root",
      Revoked: 1,
      RevokedCertificates: ["0A 2008-05-12T10:00:00.000Z keyCompromise"],
      RevocationList: "/lab/revoked.pem",
      ListNumber: 2,
    });
    expect(await codeOf("Get-LabAuthority", { Name: "Nobody" })).to.equal("COMMAND_IDENTITY_UNKNOWN");
  });
});

describe("Install-LabRoot", () => {
  it("has somebody trust an authority, or this server the certificate in a file", async () => {
    const ofAuthority = { On: "mail.fabrikam.example", Authority: "Woodgrove Issuing" };
    expect(await asked("Install-LabRoot", ofAuthority)).to.deep.equal([
      ["trust", { by: "mail.fabrikam.example", authority: "Woodgrove Issuing" }],
    ]);
    const Password = new SecureString("geheim");
    expect(await asked("Install-LabRoot", { Path: "a.pfx", Password })).to.deep.equal([
      ["trust", { by: "Ex2007EE", on: "Ex2007EE", file: "a.pfx", password: "geheim" }],
    ]);
  });

  it("wants one of the two", async () => {
    expect(await codeOf("Install-LabRoot", {})).to.equal("COMMAND_ONE_PARAMETER_OF");
    expect(await codeOf("Install-LabRoot", { Path: "a", Authority: "b" })).to.equal("COMMAND_ONE_PARAMETER_OF");
  });
});

describe("Revoke-LabCertificate", () => {
  it("names a certificate by its thumbprint or its file, and says why", async () => {
    expect(await asked("Revoke-LabCertificate", { Thumbprint: "AB", Reason: "keyCompromise" })).to.deep.equal([
      ["revoke", { thumbprint: "AB", authority: undefined, reason: "keyCompromise" }],
    ]);
    expect(await asked("Revoke-LabCertificate", { Path: "a.cer", Authority: "Woodgrove Root" })).to.deep.equal([
      ["revoke", { on: "Ex2007EE", file: "a.cer", authority: "Woodgrove Root", reason: undefined }],
    ]);
    const refusal = await refusalOf(fakeServer(), "Revoke-LabCertificate", {});
    expect(refusal.message).to.equal("Cannot run Revoke-LabCertificate with none of -Thumbprint, -Path");
  });

  it("does nothing where it may not", async () => {
    const fake = fakeServer();
    const shouldProcess = () => Promise.resolve(false);
    expect(await run(fake, "Revoke-LabCertificate", { Thumbprint: "AB" }, { shouldProcess })).to.deep.equal([]);
    expect(fake.asked).to.deep.equal([]);
  });
});

describe("Set-LabFault", () => {
  it("says what a fault step says", async () => {
    const expired = { on: "EDGE1", certificate: { issuer: undefined, names: [], flaw: "expired" }, published: false };
    expect(await asked("Set-LabFault", { On: "EDGE1", Certificate: "expired", Published: false })).to.deep.equal([
      ["fault", expired],
    ]);
    const issued = { issuer: "Woodgrove Root", names: ["a.example"], flaw: "wrong-host" };
    const given = { Certificate: "wrong-host", Issuer: "Woodgrove Root", DomainName: ["a.example"] };
    expect(await asked("Set-LabFault", { On: "mail.a.example", ...given })).to.deep.equal([
      ["fault", { on: "mail.a.example", certificate: issued }],
    ]);
    expect(await asked("Set-LabFault", { On: "mail.a.example", Tls: "none", Certificate: "none" })).to.deep.equal([
      ["fault", { on: "mail.a.example", tls: "none", certificate: null }],
    ]);
    expect(await asked("Set-LabFault", { On: "mallory" })).to.deep.equal([["fault", { on: "mallory" }]]);
    expect(await asked("Clear-LabFault", { On: "mallory" })).to.deep.equal([["heal", "mallory"]]);
  });

  it("refuses an issuer of no certificate", async () => {
    const given = { On: "mail.a.example", Certificate: "none", Issuer: "Woodgrove Root" };
    expect(await codeOf("Set-LabFault", given)).to.equal("COMMAND_PARAMETERS_EXCLUDE");
  });
});

describe("Get-LabFault", () => {
  it("lists the catalogue, and on whom each is in force", async () => {
    const [expired, ...others] = await run(fakeServer(), "Get-LabFault", { Name: "expired" });
    expect(others).to.deep.equal([]);
    expect(expired).to.deep.include({ Name: "expired", InForce: ["Ex2007EE"] });
    expect(Reflect.get(expired ?? {}, "About")).to.include("It ended a day ago");
  });

  it("shows what is in force beside certificates", async () => {
    const inForce = await run(fakeServer(), "Get-LabFault", { InForce: true });
    expect(inForce.map((fault) => [Reflect.get(fault, "Name"), Reflect.get(fault, "InForce")])).to.deep.equal([
      ["expired", ["Ex2007EE"]],
      ["self-signed", ["mail.fabrikam.example"]],
      ["(behaviour)", ["Ex2007EE"]],
      ["(behaviour)", ["mail.fabrikam.example"]],
      ["(attacker)", ["mallory"]],
    ]);
  });
});
