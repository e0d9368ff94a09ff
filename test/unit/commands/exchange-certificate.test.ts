import { expect } from "chai";
import { type FakeServer, fakeServer } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";

describe("Get-ExchangeCertificate", () => {
  const own = "6F029E0D20605DB1233016B787C4503FD0002C01";
  const other = "AA029E0D20605DB1233016B787C4503FD0002C01";

  function withTwo(): FakeServer {
    const fake = fakeServer();
    const [first] = fake.certificates;
    if (!first) throw new Error("the fake server holds a certificate");
    fake.certificates.push({ ...first, thumbprint: other, services: [], certificateDomains: ["Mail.Example"] });
    return fake;
  }
  const thumbprints = async (parameters: Parameters<typeof run>[2]): Promise<unknown[]> =>
    (await run(withTwo(), "Get-ExchangeCertificate", parameters)).map((found) => Reflect.get(found, "Thumbprint"));

  it("keeps the order in which the server gives them: the first is the one a connector would choose", async () => {
    expect(await thumbprints({})).to.deep.equal([own, other]);
    expect(await thumbprints({ DomainName: ["mail.example", "ex2007ee"] })).to.deep.equal([own, other]);
  });

  it("finds by thumbprint and by name, in any case", async () => {
    expect(await thumbprints({ Thumbprint: own.toLowerCase() })).to.deep.equal([own]);
    expect(await thumbprints({ DomainName: ["mail.EXAMPLE"] })).to.deep.equal([other]);
    expect(await thumbprints({ DomainName: ["example"] })).to.deep.equal([]);
    expect(await thumbprints({ Thumbprint: own, DomainName: ["mail.example"] })).to.deep.equal([]);
  });

  it("says what a thumbprint that the store lacks needs", async () => {
    const refusal = await refusalOf(withTwo(), "Get-ExchangeCertificate", { Thumbprint: "00" });
    expect(refusal.code).to.equal("COMMAND_THUMBPRINT_UNKNOWN");
    expect(refusal.message).to.include("none of its 2 certificates");
  });

  it("prints services as flags and as letters, in the order of Exchange and whatever order they come in", async () => {
    const [first, second] = await run(withTwo(), "Get-ExchangeCertificate");
    expect(first).to.include({ Services: "IMAP, POP, IIS, SMTP", ServicesStringForm: "IP.WS" });
    expect(second).to.include({ Services: "None", ServicesStringForm: "....." });
  });
});

describe("New-ExchangeCertificate", () => {
  it("makes one for IMAP, POP and SMTP where nothing is said, in the place of the default, and shows it", async () => {
    const fake = fakeServer();
    const [made] = await run(fake, "New-ExchangeCertificate", { Force: true });
    expect(made).to.include({ Thumbprint: "BB029E0D20605DB1233016B787C4503FD0002C01", Services: "IMAP, POP, SMTP" });
    const request = { services: ["IMAP", "POP", "SMTP"], overwriteDefault: true };
    expect(fake.asked).to.deep.equal([["newExchangeCertificate", request]]);
  });

  it("asks for names, a friendly name and services as they are given; None is no service", async () => {
    const fake = fakeServer();
    const given = { DomainName: ["mail.example", "Ex2007EE"], FriendlyName: "Mail", Services: ["None"] };
    await run(fake, "New-ExchangeCertificate", given);
    const names = { domainNames: ["mail.example", "Ex2007EE"], friendlyName: "Mail" };
    expect(fake.asked).to.deep.equal([["newExchangeCertificate", { ...names, services: [], overwriteDefault: false }]]);
  });

  it("asks first before the default SMTP certificate is replaced, in Exchange's words", async () => {
    const fake = fakeServer();
    const refusal = await refusalOf(fake, "New-ExchangeCertificate");
    expect(refusal.code).to.equal("COMMAND_CONFIRMATION_NEEDED");
    expect(refusal.message.split("\n")).to.deep.equal([
      "Overwrite the existing default SMTP certificate?",
      "",
      "Current certificate: '6F029E0D20605DB1233016B787C4503FD0002C01' (expires 5/12/2009 10:00:00 AM)",
      "Replace it with certificate: the one to be made (valid for one year)",
    ]);
    expect(fake.asked).to.deep.equal([]);
  });

  it("has nothing to ask where there is no default yet", async () => {
    const fake = fakeServer();
    fake.certificates = [];
    await run(fake, "New-ExchangeCertificate");
    expect(fake.asked).to.have.length(1);
  });

  for (const name of ["*.mail.example", "mail server", "a..b"])
    it(`refuses the name "${name}"`, async () => {
      const fake = fakeServer();
      const refusal = await refusalOf(fake, "New-ExchangeCertificate", {
        DomainName: ["ok.example", name],
        Force: true,
      });
      expect(refusal.code).to.equal("COMMAND_DOMAIN_MALFORMED");
      expect(fake.asked).to.deep.equal([]);
    });
});

describe("Enable-ExchangeCertificate", () => {
  const own = "6F029E0D20605DB1233016B787C4503FD0002C01";
  const other = "AA029E0D20605DB1233016B787C4503FD0002C01";

  function withOther(): FakeServer {
    const fake = fakeServer();
    const [first] = fake.certificates;
    if (!first) throw new Error("the fake server holds a certificate");
    const notAfter = new Date("2010-01-05T21:04:08Z");
    fake.certificates.push({ ...first, thumbprint: other, internalTransport: false, notAfter });
    return fake;
  }

  it("adds services; the default itself is asked about by nobody", async () => {
    const fake = withOther();
    await run(fake, "Enable-ExchangeCertificate", { Thumbprint: other.toLowerCase(), Services: ["IIS", "None"] });
    await run(fake, "Enable-ExchangeCertificate", { Thumbprint: own, Services: ["SMTP"] });
    await run(fake, "Enable-ExchangeCertificate", { Thumbprint: other, Services: ["SMTP", "POP"], Force: true });
    expect(fake.asked).to.deep.equal([
      ["enableExchangeCertificate", { thumbprint: other, services: ["IIS"], overwriteDefault: false }],
      ["enableExchangeCertificate", { thumbprint: own, services: ["SMTP"], overwriteDefault: true }],
      ["enableExchangeCertificate", { thumbprint: other, services: ["SMTP", "POP"], overwriteDefault: true }],
    ]);
  });

  it("asks first before another certificate takes the place of the default", async () => {
    const fake = withOther();
    const refusal = await refusalOf(fake, "Enable-ExchangeCertificate", { Thumbprint: other, Services: ["SMTP"] });
    expect(refusal.code).to.equal("COMMAND_CONFIRMATION_NEEDED");
    expect(refusal.message).to.include(`Current certificate: '${own}' (expires 5/12/2009 10:00:00 AM)`);
    expect(refusal.message).to.include(`Replace it with certificate: '${other}' (expires 1/5/2010 9:04:08 PM)`);
    expect(fake.asked).to.deep.equal([]);
  });

  for (const verb of ["Enable", "Remove"])
    it(`does nothing for a thumbprint that the store lacks, as ${verb}-`, async () => {
      const fake = withOther();
      const given = { Thumbprint: "00", ...(verb === "Enable" && { Services: ["SMTP"], Force: true }) };
      const refusal = await refusalOf(fake, `${verb}-ExchangeCertificate`, given);
      expect(refusal.code).to.equal("COMMAND_THUMBPRINT_UNKNOWN");
      expect(fake.asked).to.deep.equal([]);
    });
});

describe("Remove-ExchangeCertificate", () => {
  it("removes the one that is named; whether it may, its server says", async () => {
    const fake = fakeServer();
    const thumbprint = "6F029E0D20605DB1233016B787C4503FD0002C01";
    await run(fake, "Remove-ExchangeCertificate", { Thumbprint: thumbprint.toLowerCase() });
    expect(fake.asked).to.deep.equal([["removeExchangeCertificate", thumbprint]]);
  });
});
