import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  type CertificateService,
  installDefaultCertificate,
  issueSelfSigned,
  type KeyPair,
  openCertificateStore,
  openKeySource,
  parseCertificate,
} from "../../../src/certificates/index.ts";
import { makeCertificate, makeKeyPair } from "./make.ts";

const dates = { notBefore: new Date("2008-05-12T10:00:00Z"), notAfter: new Date("2009-05-12T10:00:00Z") };

describe("issueSelfSigned", () => {
  for (const [name, bits] of [
    ["RSA", 2048],
    ["P-256", undefined],
  ] as const) {
    it(`makes a TLS server's certificate with an ${name} key`, async () => {
      const keyPair = makeKeyPair(bits);
      const certificate = await issueSelfSigned({
        commonName: "EX1",
        domainNames: ["EX1", "ex1.contoso.com"],
        ...dates,
        keyPair,
      });
      expect(certificate).to.deep.include({
        subject: "CN=EX1",
        issuer: "CN=EX1",
        ...dates,
        alternateNames: ["EX1", "ex1.contoso.com"],
        certificateDomains: ["EX1", "ex1.contoso.com"],
        enhancedKeyUsage: ["1.3.6.1.5.5.7.3.1"],
        publicKey: bits ? { kind: "RSA", bits } : { kind: "EC", curve: "P-256" },
        x509Version: 3,
        selfSigned: true,
        isCertificateAuthority: false,
      });
      expect(certificate.serialNumber).to.match(/^[0-9A-F]+$/);
    });
  }

  it("signs with SHA-256, allows digital signature and key encipherment, and nothing else", async () => {
    const { der } = await issueSelfSigned({
      commonName: "EX1",
      domainNames: ["EX1"],
      ...dates,
      keyPair: makeKeyPair(2048),
    });
    const hex = Buffer.from(der).toString("hex");
    expect(hex).to.contain("06092a864886f70d01010b", "sha256WithRSAEncryption");
    expect(hex).not.to.contain("06092a864886f70d010105", "sha1WithRSAEncryption");
    expect(hex).to.contain("0603551d0f0101ff0404030205a0", "critical key usage a0");
  });

  it("refuses names that no certificate can carry", async () => {
    const keyPair = makeKeyPair();
    for (const commonName of ["", "x".repeat(65), "EX1\n", "EX1\0.contoso.com"]) {
      const failure = await rejection(issueSelfSigned({ commonName, domainNames: [], ...dates, keyPair }));
      expect(failure).to.deep.include({ code: "CERT_NAME_UNUSABLE" });
    }
    for (const name of ["", "münchen.example", "two words"]) {
      const failure = await rejection(issueSelfSigned({ commonName: "EX1", domainNames: [name], ...dates, keyPair }));
      expect(failure).to.deep.include({ code: "CERT_NAME_UNUSABLE" });
    }
  });

  it("refuses halves of two key pairs", async () => {
    const keyPair: KeyPair = { ...makeKeyPair(), publicKeyPem: makeKeyPair().publicKeyPem };
    const failure = await rejection(issueSelfSigned({ commonName: "EX1", domainNames: ["EX1"], ...dates, keyPair }));
    expect(String(failure)).to.match(/do not belong together/);
  });
});

describe("installDefaultCertificate", () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), "hubedge-issue-"))));
  after(() => rm(folder, { recursive: true }));

  const install = async (name: string, services: readonly CertificateService[], at: string) => {
    const keys = openKeySource({ folder, mode: "p256" });
    const store = await openCertificateStore(join(folder, name));
    const server = { name, fqdn: `${name}.contoso.local`, services };
    const installed = await installDefaultCertificate(store, server, keys, new Date(at));
    await keys.close();
    return { installed, store };
  };

  it("makes and stores what Setup makes", async () => {
    const { installed, store } = await install("Ex2007EE", ["IMAP", "POP", "IIS", "SMTP"], "2008-05-12T10:00:00.750Z");
    expect(installed).to.deep.include({
      subject: "CN=Ex2007EE",
      alternateNames: ["Ex2007EE", "Ex2007EE.contoso.local"],
      services: ["IMAP", "POP", "IIS", "SMTP"],
      friendlyName: "Microsoft Exchange",
      rootCaType: "Registry",
      hasPrivateKey: true,
      privateKeyExportable: false,
      notBefore: new Date("2008-05-12T10:00:00Z"),
      notAfter: new Date("2009-05-12T10:00:00Z"),
    });
    expect(store.list()).to.deep.equal([installed]);
  });

  it("counts a year by the calendar", async () => {
    expect((await install("A", ["SMTP"], "2007-03-01T00:00:00Z")).installed.notAfter).to.deep.equal(
      new Date("2008-03-01T00:00:00Z"),
    );
    expect((await install("B", ["SMTP"], "2008-02-29T12:00:00Z")).installed.notAfter).to.deep.equal(
      new Date("2009-02-28T12:00:00Z"),
    );
  });
});

describe("parseCertificate", () => {
  it("reads DER as it reads PEM", async () => {
    const { certificate, pem } = await makeCertificate();
    expect(parseCertificate(certificate.der)).to.deep.equal(parseCertificate(pem));
  });

  it("prints names as Windows does: last part first, quoted where needed", async () => {
    const { certificate } = await makeCertificate({ commonName: "EX1, OU=Mail \\+ Web, O=Contoso\\, Ltd" });
    expect(certificate.subject).to.equal('O="Contoso, Ltd", OU="Mail + Web", CN=EX1');
    expect(certificate.certificateDomains[0]).to.equal("EX1");
  });

  it("lists a name once, though common name and alternative names repeat it", async () => {
    const { certificate } = await makeCertificate({
      commonName: "EX1",
      names: ["ex1", "EX1.contoso.com", "ex1.contoso.com"],
    });
    expect(certificate.certificateDomains).to.deep.equal(["EX1", "EX1.contoso.com"]);
    expect(certificate.alternateNames).to.deep.equal(["ex1", "EX1.contoso.com", "ex1.contoso.com"]);
  });

  it("is not misled by an alternative name that contains another", async () => {
    const { certificate } = await makeCertificate({ names: ['a", DNS:evil.example', "b.example, DNS:c.example"] });
    expect(certificate.alternateNames).to.deep.equal(['a", DNS:evil.example', "b.example, DNS:c.example"]);
  });

  it("takes the same name on another key for no self-signature", async () => {
    const impostor = await makeCertificate({ commonName: "EX1", authority: true });
    const { certificate } = await makeCertificate({ commonName: "EX1" }, impostor);
    expect(certificate.issuer).to.equal(certificate.subject);
    expect(certificate.selfSigned).to.equal(false);
  });

  it("gives plain values, which survive structuredClone", async () => {
    const { certificate } = await makeCertificate();
    expect(structuredClone(certificate)).to.deep.equal(certificate);
  });

  it("refuses what is no certificate", () => {
    for (const input of [
      "",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
      Buffer.alloc(0),
      Buffer.from("30", "hex"),
    ]) {
      expect(() => parseCertificate(input))
        .to.throw()
        .with.property("code", "CERT_MALFORMED");
    }
  });
});

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (failure: unknown) => failure,
  );
