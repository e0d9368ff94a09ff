import { expect } from "chai";
import type { CertificateChoice, CertificateExplanation } from "../../../src/lab/index.ts";
import { declaredTopology, startTestLab, type TestLab, usePlace } from "../../helpers/lab.ts";

const topology = declaredTopology({
  organization: "proexchange",
  domains: ["proexchange.local"],
  clock: "2008-05-12T10:00:00Z",
  sites: { SiteA: {}, SiteB: {} },
  siteLinks: [{ name: "A-B", sites: ["SiteA", "SiteB"], cost: 100 }],
  servers: {
    Ex2007EE: { site: "SiteA", roles: ["HubTransport"] },
    Ex2007SE: { site: "SiteB", roles: ["HubTransport"] },
    EDGE1: { roles: ["EdgeTransport"], subscription: "SiteA" },
    CAS1: { site: "SiteA", roles: ["ClientAccess"] },
    UM1: { site: "SiteA", roles: ["UnifiedMessaging"], noSelfSignedCertificates: true },
  },
});

const made = ({ selection, about, chosen }: CertificateChoice): [string, string, string | null] => [
  selection,
  about,
  chosen,
];

describe("Lab.server(…).explainCertificateChoice", () => {
  const place = usePlace();
  let lab: TestLab;
  const thumbprints: Record<string, string | null> = {};
  const explained = (on: string, target: string): Promise<CertificateExplanation> =>
    lab.server(on).explainCertificateChoice({ target });
  before(async () => {
    lab = await startTestLab(place, { topology });
    for (const name of lab.serverNames())
      thumbprints[name] = (await lab.server(name).exchangeCertificates())[0]?.thumbprint ?? null;
  });

  it("tells of another Hub what it shows in answer, at the connector that takes the session", async () => {
    const { choices } = await explained("Ex2007EE", "Ex2007SE");
    expect(choices.map(made)).to.deep.equal([
      ["Outbound X-ANONYMOUSTLS", "Ex2007SE.proexchange.local", null],
      ["Inbound X-ANONYMOUSTLS", "Ex2007SE\\Default Ex2007SE", thumbprints["Ex2007SE"]],
    ]);
    expect(choices[1]?.candidates[0]).to.include({ fate: "chosen", source: "bb430790#4" });
  });

  it("says that nothing is shown in answer where no connector takes the session", async () => {
    const connector = String.raw`"Ex2007SE\Default Ex2007SE"`;
    await lab.shell("Ex2007SE", `Set-ReceiveConnector ${connector} -RemoteIPRanges 192.0.2.0/24`);
    const { choices } = await explained("Ex2007EE", "Ex2007SE");
    expect(choices.map(made)[1]).to.deep.equal(["Inbound X-ANONYMOUSTLS", "Ex2007SE", null]);
    expect(choices[1]?.steps[0]?.text).to.match(/^no enabled receive connector takes connections from 127\./);
    await lab.shell("Ex2007SE", `Set-ReceiveConnector ${connector} -RemoteIPRanges 0.0.0.0-255.255.255.255`);
  });

  it("tells of a server across the perimeter what the own directory publishes, and asks it nothing", async () => {
    const own = thumbprints["EDGE1"];
    const outward = await explained("Ex2007EE", "EDGE1");
    expect(outward.choices.map(made)).to.deep.equal([
      ["Outbound X-ANONYMOUSTLS", "EDGE1.proexchange.local", thumbprints["Ex2007EE"]],
      ["Inbound X-ANONYMOUSTLS", "EDGE1.proexchange.local", own],
    ]);
    expect(outward.choices[1]?.candidates[0]?.reason).to.match(/^Active Directory publishes it for EDGE1/);
    const inward = await explained("EDGE1", "Ex2007EE");
    expect(inward.choices.map(made)).to.deep.equal([
      ["Outbound X-ANONYMOUSTLS", "Ex2007EE.proexchange.local", own],
      ["Inbound X-ANONYMOUSTLS", "Ex2007EE.proexchange.local", thumbprints["Ex2007EE"]],
    ]);
    expect(inward.choices[1]?.candidates[0]?.reason).to.match(/^ADAM publishes it for Ex2007EE/);

    // Renewed and not subscribed again: Active Directory still has the old one, and that is what a Hub goes by.
    await lab.shell("EDGE1", "New-ExchangeCertificate -Services SMTP -Force");
    expect((await explained("Ex2007EE", "EDGE1")).choices[1]?.chosen).to.equal(own);
  });

  it("claims no session to an Edge server from a Hub of another site", async () => {
    expect(await explained("Ex2007SE", "EDGE1")).to.deep.equal({
      choices: [],
      assumptions: [],
      remarks: ["EDGE1 is subscribed to SiteA: no SMTP session leads there from SiteB"],
    });
  });

  it("claims nothing of a Send connector that starts from other servers, and says to whom its own present one", async () => {
    const connector = "EdgeSync - SiteA to Internet";
    expect(await explained("Ex2007EE", connector)).to.deep.equal({
      choices: [],
      assumptions: [],
      remarks: [`${connector} starts from EDGE1: Ex2007EE presents nothing through it`],
    });
    const { choices } = await explained("EDGE1", connector);
    expect(choices[0]?.steps.at(-1)?.text).to.equal(
      `${choices[0]?.chosen} is shown to domains of TLSSendDomainSecureList only`,
    );
    await lab.shell(
      "Ex2007EE",
      "New-SendConnector Plain -AddressSpaces plain.example -SourceTransportServers Ex2007EE",
    );
    const plain = (await explained("Ex2007EE", "Plain")).choices[0];
    expect(plain?.chosen).to.equal(null);
    expect(plain?.steps.at(-1)?.text).to.equal("Plain is not domain-secure: none is presented");
  });

  it("claims no selection of a server without a transport role, and says what its certificates are for", async () => {
    const cas = `CAS1 has no transport role and presents no certificate over SMTP: certificate ${thumbprints["CAS1"]} is for IMAP, POP, IIS`;
    const um = "UM1 has no transport role and presents no certificate over SMTP: its services have none either";
    const asked: [string, string | undefined, string][] = [
      ["CAS1", undefined, cas],
      ["CAS1", "CAS1", cas],
      ["CAS1", "fabrikam.com", cas],
      ["CAS1", "Ex2007EE", cas],
      ["Ex2007EE", "CAS1", cas],
      ["Ex2007EE", "UM1", um],
    ];
    for (const [on, target, remark] of asked) {
      const found = await lab.server(on).explainCertificateChoice({ ...(target !== undefined && { target }) });
      expect(found, `${target} on ${on}`).to.deep.equal({ choices: [], assumptions: [], remarks: [remark] });
    }
    const byName = await lab.server("CAS1").explainCertificateChoice({ fqdn: "CAS1.proexchange.local" });
    expect(byName.choices).to.deep.equal([]);
  });

  it("still refuses a name that stands for nothing", async () => {
    const codeOf = (on: string): Promise<unknown> => explained(on, "fabrikam").catch((failure) => failure.code);
    for (const on of ["Ex2007EE", "CAS1"]) expect(await codeOf(on)).to.equal("CERT_CHOICE_UNKNOWN");
  });
});
