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
