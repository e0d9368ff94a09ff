import { expect } from "chai";
import { defaultRemoteDomain } from "../../../src/directory/index.ts";
import { fakeServer } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";

describe("the cmdlets of remote domains", () => {
  it("show every attribute of the default one", async () => {
    expect(await run(fakeServer(), "Get-RemoteDomain", { Identity: "default" })).to.deep.equal([
      {
        Name: "Default",
        DomainName: "*",
        AllowedOOFType: "External",
        AutoForwardEnabled: true,
        AutoReplyEnabled: true,
        DeliveryReportEnabled: true,
        NDREnabled: true,
      },
    ]);
  });

  it("make one, change it, and remove it", async () => {
    const fake = fakeServer();
    await run(fake, "New-RemoteDomain", { Name: "Fabrikam", DomainName: "*.fabrikam.com" });
    await run(fake, "Set-RemoteDomain", { Identity: "fabrikam", AllowedOOFType: "None", NDREnabled: false });
    const named = { name: "Fabrikam", domainName: "*.fabrikam.com" };
    expect(fake.configuration.remoteDomain).to.deep.equal([
      defaultRemoteDomain,
      { ...defaultRemoteDomain, ...named, allowedOofType: "None", ndrEnabled: false },
    ]);
    await run(fake, "Remove-RemoteDomain", { Identity: "FABRIKAM" });
    expect(fake.configuration.remoteDomain).to.deep.equal([defaultRemoteDomain]);
  });

  const refused: readonly [cmdlet: string, given: Parameters<typeof run>[2], code: string][] = [
    ["New-RemoteDomain", { Name: "default", DomainName: "fabrikam.com" }, "COMMAND_NAME_TAKEN"],
    ["New-RemoteDomain", { Name: "All", DomainName: "*" }, "COMMAND_DOMAIN_TAKEN"],
    ["New-RemoteDomain", { Name: "All", DomainName: "mail.*.example" }, "COMMAND_DOMAIN_MALFORMED"],
    ["Set-RemoteDomain", { Identity: "All", NDREnabled: false }, "COMMAND_IDENTITY_UNKNOWN"],
    ["Remove-RemoteDomain", { Identity: "All" }, "COMMAND_IDENTITY_UNKNOWN"],
    ["Remove-RemoteDomain", { Identity: "Default" }, "COMMAND_REMOTE_DOMAIN_DEFAULT"],
  ];
  for (const [cmdlet, given, code] of refused)
    it(`refuse ${cmdlet} ${JSON.stringify(given)}, and change nothing`, async () => {
      const fake = fakeServer();
      expect((await refusalOf(fake, cmdlet, given)).code).to.equal(code);
      expect(fake.configuration.remoteDomain).to.deep.equal([defaultRemoteDomain]);
    });
});
