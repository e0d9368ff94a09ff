import { expect } from "chai";
import type { CertificateExplanation } from "../../../src/lab/index.ts";
import { fakeServer } from "../../helpers/fake-server.ts";
import { run } from "./run-cmdlet.ts";

const [first = "", second = ""] = [
  "6F029E0D20605DB1233016B787C4503FD0002C01",
  "AA029E0D20605DB1233016B787C4503FD0002C01",
];

const explanation: CertificateExplanation = {
  choices: [
    {
      selection: "Inbound STARTTLS",
      about: "Ex2007EE\\Default Ex2007EE",
      connector: null,
      fqdn: "mail",
      chosen: first,
      candidates: [
        { thumbprint: first, subject: "CN=Ex2007EE", fate: "chosen", reason: "the first", source: "bb430748#8" },
        { thumbprint: second, subject: "CN=mail", fate: "unfit", reason: "no private key", source: "bb430748#5" },
      ],
      steps: [
        { source: "bb430748#3", text: "the name to find is mail", event: null },
        { source: "bb430748#9", text: `${first} has expired`, event: 12016 },
      ],
    },
    {
      selection: "Inbound X-ANONYMOUSTLS",
      about: "Ex2007EE\\Default Ex2007EE",
      connector: null,
      fqdn: null,
      chosen: null,
      candidates: [],
      steps: [{ source: "bb430790#3", text: "nothing is published", event: 12012 }],
    },
  ],
  assumptions: ["the time zone is UTC"],
  remarks: ["Ex2007CA has no transport role"],
};

describe("Get-ExchangeCertificate -Explain", () => {
  const explained = (): ReturnType<typeof fakeServer> => Object.assign(fakeServer(), { explanation });

  it("yields an object per selection and candidate, and one where none is presented", async () => {
    const about = { For: "Ex2007EE\\Default Ex2007EE", Connector: null };
    const inbound = { Selection: "Inbound STARTTLS", ...about, Fqdn: "mail", Presented: first, Source: "bb430748" };
    expect(await run(explained(), "Get-ExchangeCertificate", { Explain: "Default Ex2007EE" })).to.deep.equal([
      {
        ...inbound,
        Fate: "Chosen",
        Reason: "the first; it has expired",
        Step: "8",
        Event: 12016,
        Subject: "CN=Ex2007EE",
        Thumbprint: first,
      },
      {
        ...inbound,
        Fate: "Unfit",
        Reason: "no private key",
        Step: "5",
        Event: null,
        Subject: "CN=mail",
        Thumbprint: second,
      },
      {
        Selection: "Inbound X-ANONYMOUSTLS",
        ...about,
        Fqdn: null,
        Presented: null,
        Fate: "None",
        Reason: "nothing is published",
        Step: "3",
        Source: "bb430790",
        Event: 12012,
        Subject: null,
        Thumbprint: null,
      },
    ]);
  });

  it("yields the fates of one certificate alone where -Thumbprint names it", async () => {
    const found = await run(explained(), "Get-ExchangeCertificate", {
      Explain: "x.y",
      Thumbprint: second.toLowerCase(),
    });
    expect(found.map((one) => Reflect.get(one, "Fate"))).to.deep.equal(["Unfit"]);
  });

  it("asks the server for what was named, and warns of what it took for granted and of what there is to choose for", async () => {
    const fake = explained();
    const warnings: string[] = [];
    const given = { Explain: "fabrikam.com", ListingPath: "C:\\certs.txt" };
    await run(fake, "Get-ExchangeCertificate", given, { warning: (text) => warnings.push(text) });
    expect(fake.asked).to.deep.equal([
      ["explainCertificateChoice", { target: "fabrikam.com", listingPath: "C:\\certs.txt" }],
    ]);
    expect(warnings).to.deep.equal(["Taken for granted: the time zone is UTC", "Ex2007CA has no transport role"]);
  });

  it("tells every step of every selection under -Verbose, also where the certificates are what is asked for", async () => {
    const told = [
      "Inbound STARTTLS for Ex2007EE\\Default Ex2007EE",
      "[bb430748#3] the name to find is mail",
      `[bb430748#9] ${first} has expired (event 12016)`,
      "Inbound X-ANONYMOUSTLS for Ex2007EE\\Default Ex2007EE",
      "[bb430790#3] nothing is published (event 12012)",
    ];
    for (const parameters of [{}, { Explain: "Ex2007EE" }, { DomainName: ["mail"] }]) {
      const lines: string[] = [];
      await run(explained(), "Get-ExchangeCertificate", parameters, { verbose: (text) => lines.push(text) });
      const isWarned = "Explain" in parameters;
      expect(lines).to.deep.equal([...(isWarned ? [] : explanation.remarks), ...told]);
    }
  });

  it("shows the certificate that a connector of the name would choose first, though it bears a wildcard only", async () => {
    const fake = explained();
    const [held] = fake.certificates;
    if (!held) throw new Error("there is no certificate");
    fake.certificates = [
      { ...held, thumbprint: second, certificateDomains: ["mail.contoso.com"] },
      { ...held, thumbprint: first, certificateDomains: ["*.contoso.com"] },
      { ...held, thumbprint: "0".repeat(40), certificateDomains: ["www.contoso.com"] },
    ];
    const found = await run(fake, "Get-ExchangeCertificate", { DomainName: ["mail.contoso.com"] });
    expect(found.map((one) => Reflect.get(one, "Thumbprint"))).to.deep.equal([first, second]);
    expect(fake.asked).to.deep.equal([["explainCertificateChoice", { fqdn: "mail.contoso.com" }]]);
  });
});
