import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import { fakeEdge, type FakeServer, fakeServer } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";
import { type Question, SecureString } from "../../../src/commands/index.ts";

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
    const fake = fakeServer();
    const message = async (): Promise<string> =>
      (await refusalOf(fake, "Get-ExchangeCertificate", { Thumbprint: "00" })).message;
    expect(await message()).to.match(/: its one certificate has another thumbprint$/);
    fake.certificates = [];
    expect(await message()).to.match(/: it has no certificates$/);
  });

  it("prints services as flags and as letters, in the order of Exchange and whatever order they come in", async () => {
    const [first, second] = await run(withTwo(), "Get-ExchangeCertificate");
    expect(first).to.include({ Services: "IMAP, POP, IIS, SMTP", ServicesStringForm: "IP.WS" });
    expect(second).to.include({ Services: "None", ServicesStringForm: "....." });
  });
});

describe("New-ExchangeCertificate", () => {
  const made = "BB029E0D20605DB1233016B787C4503FD0002C01";
  const own = "6F029E0D20605DB1233016B787C4503FD0002C01";
  const enabled = (services: string[], overwriteDefault: boolean): unknown => [
    "enableExchangeCertificate",
    { thumbprint: made, services, overwriteDefault },
  ];

  it("makes one for IMAP, POP and SMTP where nothing is said, in the place of the default, and shows it", async () => {
    const fake = fakeServer();
    const [shown] = await run(fake, "New-ExchangeCertificate", { Force: true });
    expect(shown).to.include({ Thumbprint: made, Services: "IMAP, POP, SMTP" });
    expect(fake.asked).to.deep.equal([["newExchangeCertificate", {}], enabled(["IMAP", "POP", "SMTP"], true)]);
  });

  it("asks for everything as it is given; None is no service", async () => {
    const fake = fakeServer();
    await run(fake, "New-ExchangeCertificate", {
      SubjectName: "c=US,cn=mail.example",
      DomainName: ["mail.example", "*.example", "Ex2007EE", "MAIL.example"],
      FriendlyName: "Mail",
      KeySize: "4096",
      PrivateKeyExportable: true,
      Services: ["None"],
    });
    const wanted = {
      subjectName: "c=US,cn=mail.example",
      domainNames: ["mail.example", "*.example", "Ex2007EE"],
      friendlyName: "Mail",
      keySize: 4096,
      privateKeyExportable: true,
    };
    expect(fake.asked).to.deep.equal([["newExchangeCertificate", { ...wanted, services: [] }], enabled([], false)]);
  });

  it("takes the accepted domains and autodiscover among its names, each once, and then is for SMTP alone", async () => {
    const fake = fakeServer();
    const given = { DomainName: ["Proexchange.local", "a.example"], Force: true };
    await run(fake, "New-ExchangeCertificate", { ...given, IncludeAcceptedDomains: true, IncludeAutoDiscover: true });
    const domainNames = ["Proexchange.local", "a.example", "autodiscover.proexchange.local"];
    expect(fake.asked[0]).to.deep.equal(["newExchangeCertificate", { domainNames, services: ["SMTP"] }]);
  });

  it("renews the one that comes from the pipeline: it says which, and its server knows how", async () => {
    const fake = fakeServer();
    const [certificate] = await run(fake, "Get-ExchangeCertificate");
    await run(fake, "New-ExchangeCertificate", { Instance: certificate as object, Force: true });
    expect(fake.asked).to.deep.include(["newExchangeCertificate", { like: own }]);
  });

  it("renews nothing that is no certificate of this server", async () => {
    const fake = fakeServer();
    const codes = [{}, { Thumbprint: 7 }, { Thumbprint: "00" }].map(async (Instance) => {
      return (await refusalOf(fake, "New-ExchangeCertificate", { Instance, Force: true })).code;
    });
    expect(await Promise.all(codes)).to.deep.equal([
      "COMMAND_NOT_A_CERTIFICATE",
      "COMMAND_NOT_A_CERTIFICATE",
      "COMMAND_THUMBPRINT_UNKNOWN",
    ]);
    expect(fake.asked).to.deep.equal([]);
  });

  it("asks before the default SMTP certificate is replaced, in Exchange's words", async () => {
    const fake = fakeServer();
    const asked: Question[] = [];
    const ask = async (question: Question): Promise<boolean> => asked.push(question) > 0;
    await run(fake, "New-ExchangeCertificate", {}, { ask });
    expect(asked.map(({ caption }) => caption)).to.deep.equal(["Overwrite the existing default SMTP certificate?"]);
    expect(asked[0]?.message.split("\n")).to.deep.equal([
      `Current certificate: '${own}' (expires 5/12/2009 10:00:00 AM)`,
      `Replace it with certificate: '${made}' (expires 5/12/2009 10:00:00 AM)`,
    ]);
    expect(fake.asked[1]).to.deep.equal(enabled(["IMAP", "POP", "SMTP"], true));
  });

  it("has SMTP use it also after a no; the default stays", async () => {
    const fake = fakeServer();
    await run(fake, "New-ExchangeCertificate", {}, { ask: () => Promise.resolve(false) });
    expect(fake.asked[1]).to.deep.equal(enabled(["IMAP", "POP", "SMTP"], false));
  });

  it("takes the certificate away again where nobody can be asked", async () => {
    const fake = fakeServer();
    const refusal = await refusalOf(fake, "New-ExchangeCertificate");
    expect(refusal.code).to.equal("COMMAND_CONFIRMATION_NEEDED");
    expect(fake.asked.map(([call]) => call)).to.deep.equal(["newExchangeCertificate", "removeExchangeCertificate"]);
    expect(fake.asked[1]).to.deep.equal(["removeExchangeCertificate", made]);
  });

  it("has nothing to ask where there is no default yet, or SMTP is not to use it", async () => {
    for (const [certificates, given] of [
      [[], {}],
      [fakeServer().certificates, { Services: ["IIS"] }],
    ] as const) {
      const fake = fakeServer();
      fake.certificates = [...certificates];
      await run(fake, "New-ExchangeCertificate", given);
      expect(fake.asked).to.have.length(2);
    }
  });

  it("does nothing under -WhatIf", async () => {
    const fake = fakeServer();
    const shown = await run(fake, "New-ExchangeCertificate", {}, { shouldProcess: () => Promise.resolve(false) });
    expect([shown, fake.asked]).to.deep.equal([[], []]);
  });

  it("writes a request instead, and shows the request that waits", async () => {
    const fake = fakeServer();
    const given = { GenerateRequest: true, Path: "C:\\mail.req", BinaryEncoded: true, Force: true, KeySize: "1024" };
    const [shown] = await run(fake, "New-ExchangeCertificate", given);
    expect(shown).to.include({ Thumbprint: made, Status: "PendingRequest", CertificateRequest: "MAMCAQA=" });
    const request = { path: "C:\\mail.req", binaryEncoded: true, overwrite: true, keySize: 1024 };
    expect(fake.asked).to.deep.equal([["newCertificateRequest", request]]);
  });

  for (const [given, code] of [
    [{ GenerateRequest: true }, "COMMAND_PARAMETER_NEEDS"],
    [{ Path: "C:\\a.req" }, "COMMAND_PARAMETER_NEEDS"],
    [{ BinaryEncoded: true }, "COMMAND_PARAMETER_NEEDS"],
    [{ GenerateRequest: true, Path: "C:\\a.req", Services: ["SMTP"] }, "COMMAND_PARAMETERS_EXCLUDE"],
  ] as const)
    it(`refuses ${Object.keys(given).join(", ")} with ${code}`, async () => {
      const fake = fakeServer();
      expect((await refusalOf(fake, "New-ExchangeCertificate", given)).code).to.equal(code);
      expect(fake.asked).to.deep.equal([]);
    });

  for (const name of ["*", "mail.*.example", "mail server", "a..b"])
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

describe("Import-ExchangeCertificate", () => {
  it("hands file and password to the server, and shows what came of it", async () => {
    const fake = fakeServer();
    const given = { Path: "C:\\mail.pfx", Password: new SecureString("geheim"), FriendlyName: "Mail" };
    const [shown] = await run(fake, "Import-ExchangeCertificate", given);
    expect(shown).to.include({ Services: "None" });
    const request = { path: "C:\\mail.pfx", password: "geheim", friendlyName: "Mail", privateKeyExportable: false };
    expect(fake.asked).to.deep.equal([["importCertificate", request]]);
  });

  it("needs no password for an authority's answer, and does nothing under -WhatIf", async () => {
    const fake = fakeServer();
    await run(fake, "Import-ExchangeCertificate", { Path: "C:\\a.p7b" }, { shouldProcess: async () => false });
    await run(fake, "Import-ExchangeCertificate", { Path: "C:\\a.p7b", PrivateKeyExportable: true });
    expect(fake.asked).to.deep.equal([["importCertificate", { path: "C:\\a.p7b", privateKeyExportable: true }]]);
  });
});

describe("Export-ExchangeCertificate", () => {
  const own = "6F029E0D20605DB1233016B787C4503FD0002C01";

  it("writes to a file and shows nothing", async () => {
    const fake = fakeServer();
    const given = { Thumbprint: own, Path: "C:\\mail.pfx", Password: new SecureString("geheim"), BinaryEncoded: true };
    expect(await run(fake, "Export-ExchangeCertificate", { ...given, Force: true })).to.deep.equal([]);
    const request = { thumbprint: own, path: "C:\\mail.pfx", password: "geheim", binaryEncoded: true, overwrite: true };
    expect(fake.asked).to.deep.equal([["exportCertificate", request]]);
  });

  it("shows what would be in the file where none is named", async () => {
    const given = { Thumbprint: own, Password: new SecureString("geheim") };
    const [text] = await run(fakeServer(), "Export-ExchangeCertificate", given);
    expect(text).to.deep.equal({ FileData: "exported" });
    const [bytes] = await run(fakeServer(), "Export-ExchangeCertificate", { ...given, BinaryEncoded: true });
    expect(bytes).to.deep.equal({ FileData: [...Buffer.from("exported")] });
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

describe("what a server would refuse in the end", () => {
  const Thumbprint = "6F029E0D20605DB1233016B787C4503FD0002C01";
  for (const [verb, given] of [
    ["New", {}],
    ["Enable", { Thumbprint, Services: ["SMTP"] }],
    ["Import", { Path: "a.cer" }],
    ["Export", { Thumbprint, Path: "a.pfx" }],
    ["Remove", { Thumbprint }],
  ] as const)
    it(`is refused by ${verb}- before anybody is asked or anything promised`, async () => {
      const fake = fakeServer();
      fake.refusal = new LabError("CERT_SOMETHING", "no", { remedy: "another one" });
      const asked: string[] = [];
      const context = {
        shouldProcess: async () => asked.push("shouldProcess") > 0,
        ask: async () => asked.push("ask") > 0,
      };
      const refusal = await refusalOf(fake, `${verb}-ExchangeCertificate`, given, context);
      expect(refusal.code).to.equal("CERT_SOMETHING");
      expect(asked).to.deep.equal([]);
      expect(fake.asked).to.deep.equal([]);
    });

  it("is told under -Verbose with what would come of the rest", async () => {
    const said: string[] = [];
    const context = { verbose: (text: string) => void said.push(text), shouldProcess: async () => false };
    await run(fakeServer(), "Remove-ExchangeCertificate", { Thumbprint }, context);
    expect(said).to.deep.equal(["what comes of remove"]);
  });
});

describe("-DomainController", () => {
  const Thumbprint = "6F029E0D20605DB1233016B787C4503FD0002C01";
  for (const [verb, given] of [
    ["New", { Force: true }],
    ["Enable", { Thumbprint, Services: ["POP"] }],
    ["Import", { Path: "a.cer" }],
    ["Export", { Thumbprint, Path: "a.req" }],
    ["Remove", { Thumbprint }],
  ] as const)
    it(`is refused on an Edge server by ${verb}-, and makes no difference elsewhere`, async () => {
      const edge = fakeEdge();
      const named = { ...given, DomainController: "dc1" };
      expect((await refusalOf(edge, `${verb}-ExchangeCertificate`, named)).code).to.equal(
        "COMMAND_PARAMETER_NOT_ON_THIS_ROLE",
      );
      expect(edge.asked).to.deep.equal([]);
      const [one, other] = [fakeServer(), fakeServer()];
      await run(one, `${verb}-ExchangeCertificate`, named);
      await run(other, `${verb}-ExchangeCertificate`, given);
      expect(one.asked).to.deep.equal(other.asked);
    });
});
