import { expect } from "chai";
import { join } from "node:path";
import type { AuthorityView } from "../../src/lab/index.ts";
import { declaredTopology, startTestLab, type TestLab, usePlace } from "../helpers/lab.ts";
import { needTool, runTool } from "../helpers/tools.ts";

const topology = declaredTopology(
  {
    organization: "proexchange",
    domains: ["proexchange.example"],
    clock: "2008-05-12T10:00:00Z",
    keys: "p256",
    sites: { SiteA: {} },
    servers: { EX1: { site: "SiteA", roles: ["HubTransport", "Mailbox"] } },
  },
  { authorities: { "Proexchange Root": {}, "Woodgrove Root": {} } },
);

describe("openssl and the revocation lists that a lab leaves on disk", () => {
  const place = usePlace();
  let lab: TestLab;
  before(async function () {
    await needTool(this, "openssl");
    lab = await startTestLab(place, { topology });
    for (const name of ["mail", "other"]) {
      const file = (extension: string): string => `C:\\${name}.${extension}`;
      await lab.shell(
        "EX1",
        `New-ExchangeCertificate -GenerateRequest -DomainName ${name}.example -Path ${file("req")}`,
      );
      await lab.shell("EX1", `Submit-LabRequest ${file("req")} ${file("cer")} -Authority 'Proexchange Root'`);
    }
  });

  const openssl = async (...parameters: string[]): Promise<string> => (await runTool("openssl", parameters)).output;
  const authority = async (name: string): Promise<AuthorityView> => {
    const found = (await lab.authorities()).find((one) => one.name === name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  };
  /** What `openssl verify` says of an answer on EX1's disk, by the list that lies there now. */
  const verified = async (file: string, issuer = "Proexchange Root"): Promise<string> => {
    const { files } = await authority("Proexchange Root");
    const { list } = (await authority(issuer)).files;
    const at = String(Math.floor(lab.clockNow().getTime() / 1000));
    const by = ["-attime", at, "-CAfile", files.certificate, "-crl_check", "-CRLfile", list];
    return openssl("verify", ...by, join(lab.diskOf("EX1"), file));
  };

  it("take a certificate that is in no list, and refuse one that has been revoked, from then on", async () => {
    expect(await verified("mail.cer")).to.match(/mail\.cer: OK/);
    await lab.shell("EX1", "Revoke-LabCertificate -Path C:\\mail.cer -Reason keyCompromise");
    expect(await verified("mail.cer")).to.match(/certificate revoked/);
    expect(await verified("other.cer")).to.match(/other\.cer: OK/);
  });

  it("do not take another authority's list in its place", async () => {
    expect(await verified("other.cer", "Woodgrove Root")).to.match(/unable to get certificate CRL/);
  });

  it("agree on issuer, number, times and reason, in PEM and DER", async () => {
    const { list, files, revoked } = await authority("Proexchange Root");
    for (const [file, form] of [
      [files.list, "PEM"],
      [files.listDer, "DER"],
    ] as const) {
      const text = await openssl("crl", "-in", file, "-inform", form, "-noout", "-text", "-CAfile", files.certificate);
      expect(text).to.match(/verify OK/);
      expect(text).to.match(/Issuer: CN ?= ?Proexchange Root/);
      expect(text).to.match(new RegExp(`X509v3 CRL Number: \\s+${list.number}\\s`));
      expect(text).to.match(/Last Update: May 12 10:00:\d\d 2008 GMT\s+Next Update: May 19 10:00:\d\d 2008 GMT/);
      expect(text).to.match(/X509v3 CRL Reason Code: \s+Key Compromise/);
      expect(text).to.include(`Serial Number: ${revoked[0]?.serialNumber}`);
    }
    const strange = (await authority("Woodgrove Root")).files.certificate;
    expect(await openssl("crl", "-in", files.list, "-noout", "-CAfile", strange)).to.match(/verify failure|error/i);
  });
});
