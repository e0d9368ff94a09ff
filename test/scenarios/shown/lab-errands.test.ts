import { expect } from "chai";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { LabError } from "../../../src/base/index.ts";
import { declaredTopology, startTestLab, type TestLab, usePlace } from "../../helpers/lab.ts";

/** A Hub, an Edge server of its own, two authorities, a partner and somebody in the middle. */
const topology = declaredTopology(
  {
    organization: "proexchange",
    domains: ["proexchange.example"],
    clock: "2008-05-12T10:00:00Z",
    keys: "p256",
    sites: { SiteA: {} },
    servers: {
      EX1: { site: "SiteA", roles: ["HubTransport", "Mailbox"] },
      EX2: {
        site: "SiteA",
        roles: ["HubTransport"],
        certificate: { issuer: "Proexchange Root", flaw: "unknown-issuer", names: ["unknown.example"] },
        certificates: [{ issuer: "Woodgrove Root", names: ["bought.example"] }],
      },
      EDGE1: { roles: ["EdgeTransport"] },
    },
  },
  {
    authorities: { "Proexchange Root": {}, "Woodgrove Root": {} },
    hosts: {
      "mail.woodgrove.example": { domains: ["woodgrove.example"], certificate: { issuer: "Woodgrove Root" } },
      "mail.fabrikam.example": { domains: ["fabrikam.example"] },
    },
    attackers: { mallory: { before: "EX1", does: "listen", present: false } },
  },
);

describe("what is done in a lab from outside its servers, by cmdlets", () => {
  const place = usePlace();
  let lab: TestLab;
  before(async () => void (lab = await startTestLab(place, { topology })));

  const on = (server: string) => (line: string) => lab.shell(server, line);
  const ex1 = on("EX1");
  const refusalOf = async (promise: Promise<unknown>): Promise<LabError> => {
    const thrown: unknown = await promise.catch((failure: unknown) => failure);
    if (thrown instanceof LabError) return thrown;
    throw new Error("it was not refused");
  };
  const statusOf = (server: string, thumbprint: string) => async (): Promise<string | undefined> =>
    (await lab.server(server).exchangeCertificates()).find((one) => one.thumbprint === thumbprint)?.status;
  /** How many certificates each authority has revoked. */
  const revoked = async (): Promise<number[]> => (await lab.authorities()).map((one) => one.revoked.length);
  /** Requested, answered and imported by cmdlets; its thumbprint. */
  const requested = async (name: string): Promise<string> => {
    const file = (extension: string): string => `C:\\${name}.${extension}`;
    await ex1(`New-ExchangeCertificate -GenerateRequest -DomainName ${name} -Path ${file("req")}`);
    await ex1(`Submit-LabRequest ${file("req")} ${file("p7b")} -Authority 'proexchange root'`);
    await ex1(`Import-ExchangeCertificate ${file("p7b")}`);
    const held = await lab.server("EX1").exchangeCertificates();
    const found = held.find(({ certificateDomains }) => certificateDomains.includes(name));
    return found?.thumbprint ?? "";
  };

  it("a request is answered, and what answers is trusted once its root is installed", async () => {
    const status = statusOf("EX1", await requested("mail.proexchange.example"));
    expect(await status()).to.equal("Untrusted");
    await ex1("Install-LabRoot -Authority 'Proexchange Root'");
    expect(await status()).to.equal("Valid");
    const nobody = await refusalOf(ex1("Submit-LabRequest C:\\mail.req C:\\a.cer -Authority Nobody"));
    expect(nobody.code).to.equal("CERT_AUTHORITY_UNKNOWN");
    const stranger = await refusalOf(ex1("Install-LabRoot -On mail.contoso.example -Authority 'Proexchange Root'"));
    expect(stranger.code).to.equal("LAB_NOBODY");
  });

  it("a file is carried from disk to disk, and one of this machine to a disk", async () => {
    const file = await place.write("from-here.txt", "from this machine");
    await ex1(`Copy-LabFile ${file}`);
    expect(await readFile(join(lab.diskOf("EX1"), "from-here.txt"), "utf8")).to.equal("from this machine");
    await ex1("Copy-LabFile C:\\from-here.txt -To EDGE1");
    expect(await readFile(join(lab.diskOf("EDGE1"), "from-here.txt"), "utf8")).to.equal("from this machine");
  });

  it("a file that is not there is refused with the folder in which it was looked for, and the ways to bring it", async () => {
    const { code, remedy } = await refusalOf(ex1("Import-ExchangeCertificate C:\\nowhere.cer"));
    expect(code).to.equal("FILE_UNKNOWN");
    expect(remedy).to.include(`Put it into ${lab.diskOf("EX1")} on this machine`);
    expect(remedy).to.match(/Copy-LabFile.*carry:/);
  });

  it("a folder is not carried", async () => {
    expect((await refusalOf(ex1("Copy-LabFile C:\\ -To EDGE1"))).code).to.equal("FILE_UNSUITABLE");
  });

  it("a certificate is revoked once, by whoever issued it, and everybody who asks is told at once", async () => {
    const thumbprint = await requested("first.proexchange.example");
    await ex1("Install-LabRoot -Authority 'Proexchange Root'");
    const status = statusOf("EX1", thumbprint);
    expect(await status()).to.equal("Valid"); // the list has been asked for
    const before = await lab.authorities();
    const onDisk = (): Promise<string> => readFile(before[0]?.files.list ?? "", "utf8");
    const listBefore = await onDisk();
    const shown = await ex1(`Revoke-LabCertificate ${thumbprint.toLowerCase()} -Reason keyCompromise | fl`);
    expect(shown).to.match(/Authority\s+: Proexchange Root/);
    expect(await onDisk()).not.to.equal(listBefore);
    expect(await status()).to.equal("Revoked");
    const [after] = await lab.authorities();
    expect(after?.list.number).to.equal((before[0]?.list.number ?? 0) + 1);
    expect(after?.revoked.at(-1)?.reason).to.equal("keyCompromise");
    expect((await refusalOf(ex1(`Revoke-LabCertificate ${thumbprint}`))).code).to.equal("CERT_REVOKED_ALREADY");
  });

  it("a certificate that another authority issued, or none, or that nobody has, is not revoked", async () => {
    const thumbprint = await requested("second.proexchange.example");
    const before = await revoked();
    const foreign = await refusalOf(ex1(`Revoke-LabCertificate ${thumbprint} -Authority 'Woodgrove Root'`));
    expect(foreign.code).to.equal("CERT_REVOKE_FOREIGN");
    expect(foreign.message).to.include("CN=Proexchange Root has issued it, not Woodgrove Root");
    const own = (await lab.server("EX1").exchangeCertificates()).find(({ isSelfSigned }) => isSelfSigned);
    const selfSigned = await refusalOf(ex1(`Revoke-LabCertificate ${own?.thumbprint}`));
    expect(selfSigned.message).to.include("it signs itself");
    const unknown = await refusalOf(ex1(`Revoke-LabCertificate ${"0".repeat(40)}`));
    expect(unknown.code).to.equal("CERT_REVOKE_UNKNOWN");
    expect(await revoked()).to.deep.equal(before);
  });

  it("an answer that nobody has imported can be revoked, by its file too, and so can what a host presents", async () => {
    await ex1("New-ExchangeCertificate -GenerateRequest -DomainName third.proexchange.example -Path C:\\third.req");
    await ex1("Submit-LabRequest C:\\third.req C:\\third.cer -Authority 'Proexchange Root'");
    const [proexchange = 0, woodgrove = 0] = await revoked();
    await ex1("Revoke-LabCertificate -Path C:\\third.cer -Reason superseded");
    const [host] = lab.outsideHosts();
    await ex1(`Revoke-LabCertificate ${host?.presents}`);
    expect(await revoked()).to.deep.equal([proexchange + 1, woodgrove + 1]);
  });

  it("lists are issued anew each day, and lie on disk", async () => {
    const [before] = await lab.authorities();
    await lab.advance(3 * 86_400_000);
    const [after] = await lab.authorities();
    expect(after?.list.number).to.equal((before?.list.number ?? 0) + 3);
    expect(after?.list.nextUpdate.getTime()).to.be.above(lab.clockNow().getTime() + 6 * 86_400_000);
    expect(await readFile(after?.files.list ?? "", "utf8")).to.match(/^-----BEGIN X509 CRL-----/);
    expect((await stat(after?.files.listDer ?? "")).size).to.be.above(100);
    expect(after?.files.list).to.equal(join(lab.dataFolder, "world/authorities/Proexchange Root/revoked.pem"));
  });

  it("faults come and go, and are listed while they are in force", async () => {
    const own = (await lab.server("EX1").exchangeCertificates()).find((one) => one.internalTransport)?.thumbprint;
    await ex1("Set-LabFault ex1 two-wildcards");
    await ex1("Set-LabFault mail.fabrikam.example -Sends required");
    await ex1("Set-LabFault mallory");
    expect(lab.attackers()[0]?.present).to.equal(true);
    expect((await lab.faults()).map((fault) => fault.on)).to.deep.equal(["EX1", "mail.fabrikam.example", "mallory"]);
    expect(await ex1("Get-LabFault -InForce")).to.match(/two-wildcards\s+\{?EX1/);
    for (const name of ["EX1", "mail.fabrikam.example", "mallory"]) await ex1(`Clear-LabFault ${name}`);
    expect(await lab.faults()).to.deep.equal([]);
    expect(lab.attackers()[0]?.present).to.equal(false);
    const now = (await lab.server("EX1").exchangeCertificates()).find((one) => one.internalTransport)?.thumbprint;
    expect(now).to.equal(own);
  });

  it("a fault that whoever is named cannot have is refused", async () => {
    for (const line of [
      "Set-LabFault EX1",
      "Set-LabFault EX1 none",
      "Set-LabFault EX1 expired -Tls none",
      "Set-LabFault mail.fabrikam.example",
      "Set-LabFault mail.fabrikam.example expired -Published $false",
      "Set-LabFault mallory expired",
    ])
      expect((await refusalOf(ex1(line))).code, line).to.equal("LAB_FAULT_UNFIT");
    expect((await refusalOf(ex1("Set-LabFault nobody expired"))).code).to.equal("LAB_NOBODY");
    expect(await lab.faults()).to.deep.equal([]);
  });

  it("a server trusts the roots of the certificates that the lab file gives it, unless nobody knows them", async () => {
    const held = await lab.server("EX2").exchangeCertificates();
    const statuses = held.map(({ certificateDomains: [name = ""], status }) => [name, status]);
    expect(Object.fromEntries(statuses)).to.deep.equal({ "bought.example": "Valid", "unknown.example": "Untrusted" });
  });

  it("a server trusts the root of a certificate that it is given, as long as it has it", async () => {
    const presents = async (flaw: string): Promise<string | undefined> => {
      await lab.setFault({ on: "EDGE1", certificate: { issuer: "Woodgrove Root", names: [], flaw } });
      const now = (await lab.server("EDGE1").exchangeCertificates()).find((one) => one.internalTransport);
      return now?.status;
    };
    expect(await presents("sound")).to.equal("Valid");
    expect(await presents("unknown-issuer")).to.equal("Untrusted");
    expect(await presents("untrusted-root")).to.equal("Untrusted");
    expect(await presents("sound")).to.equal("Valid");
    await lab.clearFault("EDGE1");
    const edge1 = on("EDGE1");
    await edge1("New-ExchangeCertificate -GenerateRequest -DomainName edge.example -Path C:\\edge.req");
    await edge1("Submit-LabRequest C:\\edge.req C:\\edge.cer -Authority 'Woodgrove Root'");
    expect(await edge1("Import-ExchangeCertificate C:\\edge.cer | Format-Table Status")).to.match(/Untrusted/);
  });
});
