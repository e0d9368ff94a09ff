import { expect } from "chai";
import type { AcceptedDomain } from "../../../src/directory/index.ts";
import { type FakeServer, fakeServer } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";

const fabrikam: AcceptedDomain = {
  name: "Fabrikam",
  domainName: "fabrikam.com",
  domainType: "InternalRelay",
  default: false,
};

function withFabrikam(): FakeServer {
  const fake = fakeServer();
  fake.configuration.acceptedDomain.push({ ...fabrikam });
  return fake;
}

const defaults = (fake: FakeServer): string[] =>
  fake.configuration.acceptedDomain.filter((domain) => domain.default).map(({ name }) => name);

describe("Get-AcceptedDomain", () => {
  it("shows all of them, or the one that is named in any case", async () => {
    expect(await run(withFabrikam(), "Get-AcceptedDomain")).to.have.length(2);
    expect(await run(withFabrikam(), "Get-AcceptedDomain", { Identity: "FABRIKAM" })).to.deep.equal([
      { Name: "Fabrikam", DomainName: "fabrikam.com", DomainType: "InternalRelay", Default: false },
    ]);
  });

  it("names those there are for one that is not", async () => {
    const refusal = await refusalOf(withFabrikam(), "Get-AcceptedDomain", { Identity: "contoso" });
    expect(refusal).to.include({ code: "COMMAND_IDENTITY_UNKNOWN" });
    expect(refusal.message).to.include("proexchange.local, Fabrikam");
    expect(refusal.remedy).to.include("Get-AcceptedDomain");
  });
});

describe("New-AcceptedDomain", () => {
  it("makes one, authoritative where nothing else is said, and shows it", async () => {
    const fake = fakeServer();
    const made = await run(fake, "New-AcceptedDomain", { Name: "Fabrikam", DomainName: "fabrikam.com" });
    expect(made).to.deep.equal([
      { Name: "Fabrikam", DomainName: "fabrikam.com", DomainType: "Authoritative", Default: false },
    ]);
    expect(fake.configuration.acceptedDomain.at(-1)).to.deep.equal({ ...fabrikam, domainType: "Authoritative" });
  });

  it("makes the first one the default", async () => {
    const fake = fakeServer();
    fake.configuration.acceptedDomain = [];
    await run(fake, "New-AcceptedDomain", { Name: "a", DomainName: "a.example" });
    await run(fake, "New-AcceptedDomain", { Name: "b", DomainName: "b.example", DomainType: "ExternalRelay" });
    expect(defaults(fake)).to.deep.equal(["a"]);
  });

  const refused: readonly [name: string, domain: string, code: string][] = [
    ["FABRIKAM", "other.example", "COMMAND_NAME_TAKEN"],
    ["Other", "Fabrikam.COM", "COMMAND_DOMAIN_TAKEN"],
    ["Other", "*.fabrikam.com", "COMMAND_DOMAIN_MALFORMED"],
    ["Other", "fabrikam..com", "COMMAND_DOMAIN_MALFORMED"],
    ["Other", "anna@fabrikam.com", "COMMAND_DOMAIN_MALFORMED"],
  ];
  for (const [Name, DomainName, code] of refused)
    it(`refuses ${Name} for ${DomainName}, and makes nothing`, async () => {
      const fake = withFabrikam();
      const before = structuredClone(fake.configuration);
      expect((await refusalOf(fake, "New-AcceptedDomain", { Name, DomainName })).code).to.equal(code);
      expect(fake.configuration).to.deep.equal(before);
    });
});

describe("Set-AcceptedDomain", () => {
  it("changes what it was given and nothing else", async () => {
    const fake = withFabrikam();
    const [first] = structuredClone(fake.configuration.acceptedDomain);
    await run(fake, "Set-AcceptedDomain", { Identity: "fabrikam", DomainType: "ExternalRelay" });
    expect(fake.configuration.acceptedDomain).to.deep.equal([first, { ...fabrikam, domainType: "ExternalRelay" }]);
  });

  it("makes one the default in the place of another", async () => {
    const fake = withFabrikam();
    await run(fake, "Set-AcceptedDomain", { Identity: "Fabrikam", MakeDefault: true });
    expect(defaults(fake)).to.deep.equal(["Fabrikam"]);
    await run(fake, "Set-AcceptedDomain", { Identity: "Fabrikam", MakeDefault: true });
    expect(defaults(fake)).to.deep.equal(["Fabrikam"]);
  });

  it("leaves the organization a default", async () => {
    const fake = withFabrikam();
    const given = { Identity: "proexchange.local", MakeDefault: false, DomainType: "ExternalRelay" };
    expect((await refusalOf(fake, "Set-AcceptedDomain", given)).code).to.equal("COMMAND_ACCEPTED_DOMAIN_DEFAULT");
    expect(fake.configuration.acceptedDomain[0]?.domainType).to.equal("Authoritative");
    await run(fake, "Set-AcceptedDomain", { Identity: "Fabrikam", MakeDefault: false });
    expect(defaults(fake)).to.deep.equal(["proexchange.local"]);
  });

  it("refuses a name that nothing has", async () => {
    const refusal = await refusalOf(withFabrikam(), "Set-AcceptedDomain", { Identity: "x", MakeDefault: true });
    expect(refusal.code).to.equal("COMMAND_IDENTITY_UNKNOWN");
  });
});

describe("Remove-AcceptedDomain", () => {
  it("removes one", async () => {
    const fake = withFabrikam();
    await run(fake, "Remove-AcceptedDomain", { Identity: "fabrikam" });
    expect(fake.configuration.acceptedDomain.map(({ name }) => name)).to.deep.equal(["proexchange.local"]);
  });

  it("refuses to remove the default", async () => {
    const fake = withFabrikam();
    const refusal = await refusalOf(fake, "Remove-AcceptedDomain", { Identity: "proexchange.local" });
    expect(refusal.code).to.equal("COMMAND_ACCEPTED_DOMAIN_DEFAULT");
    expect(fake.configuration.acceptedDomain).to.have.length(2);
  });
});
