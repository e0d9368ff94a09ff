import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import { FailedLine, runLine } from "../../../src/shell/index.ts";
import { fakeServer } from "../../helpers/fake-server.ts";

describe("runLine", () => {
  const text = async (line: string, fake = fakeServer()): Promise<string[]> =>
    (await runLine(line, { server: fake.api })).text.split("\n");

  it("shows a cmdlet's own table where the line says nothing else", async () => {
    expect(await text("Get-Queue")).to.deep.equal([
      "Identity            DeliveryType            Status MessageCount NextHopDomain",
      "--------            ------------            ------ ------------ -------------",
      "Ex2007EE\\Submission Undefined               Ready  0            Submission",
      "Ex2007EE\\3          SmtpRelayToRemoteAdSite Ready  0            SiteB",
    ]);
  });

  it("lists the properties that Exchange lists, in its order", async () => {
    const rule = "System.Security.AccessControl.CryptoKeyAccessRule";
    expect(await text("Get-ExchangeCertificate | Format-List")).to.deep.equal([
      `AccessRules        : {${rule},`,
      `                     ${rule},`,
      `                     ${rule}}`,
      "CertificateDomains : {Ex2007EE, Ex2007EE.proexchange.local}",
      "HasPrivateKey      : True",
      "IsSelfSigned       : True",
      "Issuer             : CN=Ex2007EE",
      "NotAfter           : 5/12/2009 10:00:00 AM",
      "NotBefore          : 5/12/2008 10:00:00 AM",
      "PublicKeySize      : 2048",
      "RootCAType         : Registry",
      "SerialNumber       : 61A2B3C4D5E6F7A8",
      "Services           : IMAP, POP, IIS, SMTP",
      "Status             : Valid",
      "Subject            : CN=Ex2007EE",
      "Thumbprint         : 6F029E0D20605DB1233016B787C4503FD0002C01",
    ]);
  });

  it("lists what a wildcard finds, and all with a lone one", async () => {
    expect(await text("get-exchangecertificate | fl not*")).to.have.length(2);
    expect((await text("get-exchangecertificate | fl *")).join()).to.include("PrivateKeyExportable");
  });

  it("shows objects of a second kind in a table of their own, one under each heading", async () => {
    const fake = fakeServer();
    const about = { about: "Ex2007EE\\Default Ex2007EE", connector: null, candidates: [] };
    const none = { source: "bb430748#4", text: "no certificate for mail: STARTTLS is not offered", event: 12014 };
    const [thumbprint, subject] = ["6F029E0D20605DB1233016B787C4503FD0002C01", "CN=Ex2007EE"];
    const unfit = { thumbprint, subject, fate: "unfit" as const, reason: "its names are x", source: "bb430748#4" };
    const starttls = { ...about, selection: "Inbound STARTTLS" as const, candidates: [unfit], steps: [none] };
    fake.explanation = {
      choices: [
        { ...starttls, fqdn: "mail", chosen: null },
        { ...starttls, fqdn: null, selection: "Inbound X-ANONYMOUSTLS", chosen: thumbprint },
      ],
      assumptions: [],
      remarks: [],
    };
    expect(await text("Get-ExchangeCertificate -Explain x.y", fake)).to.deep.equal([
      "Inbound STARTTLS for Ex2007EE\\Default Ex2007EE (FQDN mail): none is presented",
      "",
      "Fate  Thumbprint  Event Reason",
      "----  ----------  ----- ------",
      "Unfit 6F029E0D...       its names are x",
      "None              12014 no certificate for mail: STARTTLS is not offered",
      "",
      "Inbound X-ANONYMOUSTLS for Ex2007EE\\Default Ex2007EE: 6F029E0D... is presented",
      "",
      "Fate  Thumbprint  Event Reason",
      "----  ----------  ----- ------",
      "Unfit 6F029E0D...       its names are x",
    ]);
    const listed = await text("Get-ExchangeCertificate -Explain x.y | Format-List", fake);
    expect(listed.filter((line) => line.startsWith("Thumbprint")).join()).to.include(`: ${thumbprint}`);
    expect(await text('Get-ExchangeCertificate -Explain x.y | ? { $_.Fate -eq "None" }', fake)).to.have.length(5);
  });

  it("shares the window among properties that were asked for, or fits them with -AutoSize", async () => {
    expect((await text("Get-AdSite | ft Name,HubSiteEnabled"))[0]).to.equal(`Name${" ".repeat(101)}HubSiteEnabled`);
    expect(await text("Get-AdSite | Format-Table name,hubsiteenabled -Auto")).to.deep.equal([
      "Name  HubSiteEnabled",
      "----  --------------",
      "SiteA          False",
      "SiteB           True",
    ]);
  });

  it("shows the cmdlet's table for Format-Table without properties", async () => {
    expect(await text("Get-AdSite | ft")).to.deep.equal(await text("Get-AdSite"));
  });

  it("makes JSON of one object, or of several", async () => {
    const json = async (line: string): Promise<unknown> => JSON.parse((await text(line)).join("\n"));
    expect(await json("Get-AdSite SiteA | ConvertTo-Json")).to.include({ Name: "SiteA", HubSiteEnabled: false });
    expect(await json("Get-AdSite | ConvertTo-Json"))
      .to.be.an("array")
      .with.length(2);
  });

  it("runs one cmdlet after another, and gives the objects of all", async () => {
    const fake = fakeServer();
    const line = "Set-TransportServer Ex2007EE -MaxO 3; Get-TransportServer Ex2007EE\nGet-AdSite SiteA";
    const { objects } = await runLine(line, { server: fake.api });
    expect(objects).to.have.length(2);
    expect(objects[0]).to.include({ Name: "Ex2007EE", MaxOutboundConnections: 3 });
  });

  it("runs nothing unless all of it can be read", async () => {
    const fake = fakeServer();
    await refused("Set-TransportServer Ex2007EE -MaxO 3; Get-Quue", "SHELL_COMMAND_UNKNOWN", fake);
    expect(fake.transportServers[0]?.maxOutboundConnections).to.equal(1000);
  });

  it("ends at the first cmdlet that fails", async () => {
    const fake = fakeServer();
    await refused("Get-Queue 9; Set-TransportServer Ex2007EE -MaxO 3", "COMMAND_QUEUE_UNKNOWN", fake);
    expect(fake.transportServers[0]?.maxOutboundConnections).to.equal(1000);
  });

  it("has what came before the failure, also of the statement that failed", async () => {
    const line = "'one'; Write-Host two; 'SiteA', 'x' | % { Get-AdSite $_ | select Name }; 'never'";
    const failure = await runLine(line, { server: fakeServer().api }).catch((thrown: unknown) => thrown);
    expect(failure).to.be.instanceOf(FailedLine).and.to.include({ code: "COMMAND_SITE_UNKNOWN" });
    const { before } = failure as FailedLine;
    expect(before.objects).to.deep.equal(["one", { Name: "SiteA" }]);
    expect(before.text).to.match(/^one\ntwo\n\nName *\n-+ *\nSiteA *$/);
  });

  it("shows nothing for an empty line, a comment or a cmdlet that yields nothing", async () => {
    for (const line of [
      "",
      "# only this",
      "Set-TransportServer Ex2007EE",
      "Get-ExchangeCertificate -Domain none.example",
    ])
      expect(await text(line)).to.deep.equal([""]);
  });

  it("offers the whole line again with the nearest cmdlet", async () => {
    const refusal = await refused("Get-Quue -Identity 'a b' | fl", "SHELL_COMMAND_UNKNOWN");
    expect(refusal.remedy).to.equal("Did you mean: Get-Queue -Identity 'a b' | fl");
    expect((await refused("Frobnicate", "SHELL_COMMAND_UNKNOWN")).remedy).to.include("Run Get-Command");
  });

  it("repeats no line that may hold a password", async () => {
    const line = "ConvertTo-SecureStrin hunter2 -AsPlainText -Force; $p = ConvertTo-SecureString hunter2";
    const refusal = await refused(line, "SHELL_COMMAND_UNKNOWN");
    expect(refusal.remedy).to.equal("Did you mean: ConvertTo-SecureString");
    expect(JSON.stringify({ ...refusal, message: refusal.message })).not.to.include("hunter2");
  });

  it("hands objects only to what takes them, and nothing on from a formatting command", async () => {
    await refused("Get-Queue | Get-TransportConfig", "SHELL_PIPELINE_REFUSED");
    await refused("Get-Queue | fl | ft", "SHELL_BEHIND_FORMATTER");
  });

  it("names the nearest property for one that does not exist", async () => {
    const refusal = await refused("Get-AdSite | fl Nmae", "SHELL_PROPERTY_UNKNOWN");
    expect(refusal.remedy).to.equal("Did you mean Name?");
  });

  async function refused(line: string, code: string, fake = fakeServer()): Promise<LabError> {
    const thrown = await runLine(line, { server: fake.api }).then(
      () => undefined,
      (failure: unknown) => failure,
    );
    if (!(thrown instanceof LabError)) throw new Error(`"${line}" was not refused by a LabError: ${String(thrown)}`);
    expect(thrown.code).to.equal(code);
    return thrown;
  }
});
