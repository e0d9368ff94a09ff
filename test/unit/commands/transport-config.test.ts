import { expect } from "chai";
import { fakeServer } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";

describe("Get-TransportConfig", () => {
  it("shows the defaults where nothing is set", async () => {
    expect(await run(fakeServer(), "Get-TransportConfig")).to.deep.equal([
      { InternalSMTPServers: [], TLSReceiveDomainSecureList: [], TLSSendDomainSecureList: [] },
    ]);
  });
});

describe("Set-TransportConfig", () => {
  it("changes what it was given and nothing else, and empties a list", async () => {
    const fake = fakeServer();
    await run(fake, "Set-TransportConfig", {
      TLSSendDomainSecureList: ["fabrikam.com"],
      InternalSMTPServers: ["10.0.0.0/24"],
    });
    await run(fake, "Set-TransportConfig", { TLSReceiveDomainSecureList: ["fabrikam.com"], InternalSMTPServers: [] });
    expect(fake.configuration.transportConfig).to.deep.equal([
      {
        tlsSendDomainSecureList: ["fabrikam.com"],
        tlsReceiveDomainSecureList: ["fabrikam.com"],
        internalSmtpServers: [],
      },
    ]);
  });

  const refused: readonly [given: Parameters<typeof run>[2], code: string][] = [
    [{ TLSSendDomainSecureList: ["ok.example", "*.fabrikam.com"] }, "COMMAND_DOMAIN_MALFORMED"],
    [{ TLSSendDomainSecureList: ["*"] }, "COMMAND_DOMAIN_MALFORMED"],
    [{ TLSReceiveDomainSecureList: ["*.fabrikam.com"] }, "COMMAND_DOMAIN_MALFORMED"],
    [{ InternalSMTPServers: ["mail.example"] }, "COMMAND_CONNECTOR_RANGE_MALFORMED"],
  ];
  for (const [given, code] of refused)
    it(`refuses ${JSON.stringify(given)}, and changes nothing`, async () => {
      const fake = fakeServer();
      expect((await refusalOf(fake, "Set-TransportConfig", given)).code).to.equal(code);
      expect(fake.configuration.transportConfig).to.deep.equal([]);
    });
});
