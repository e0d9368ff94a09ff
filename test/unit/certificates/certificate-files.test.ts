import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  type Authority,
  type Certificate,
  type CertificateStore,
  formatPkcs7,
  foundAuthority,
  importCertificate,
  isRevoked,
  issueFromRequest,
  justCommonName,
  type KeySource,
  makeRequest,
  makeSelfSigned,
  openCertificateStore,
  openKeySource,
  parseRequest,
  parseSubject,
  requestToPem,
  revoke,
  toPem,
  type WantedCertificate,
  writeRevocationList,
} from "../../../src/certificates/index.ts";
import { readPfx } from "../../../src/certificates/files/pfx.ts";

const at = new Date("2008-05-12T10:00:00Z");

const codeOf = (action: () => unknown): Promise<unknown> =>
  Promise.resolve()
    .then(action)
    .then(() => "no failure")
    .catch((failure: { code?: string }) => failure.code ?? failure);

describe("certificate files", () => {
  let parent: string;
  let keys: KeySource;
  let root: Authority;
  let issuing: Authority;
  let store: CertificateStore;
  let folder: string;
  let count = 0;

  before(async () => {
    parent = await mkdtemp(join(tmpdir(), "hubedge-files-"));
    keys = openKeySource({ folder: parent, mode: "p256" });
    root = await foundAuthority("Contoso Root", { issuedBy: undefined, keys, at });
    issuing = await foundAuthority("Contoso Issuing", { issuedBy: root, keys, at });
  });
  beforeEach(async () => {
    folder = join(parent, `store-${count++}`);
    store = await openCertificateStore(folder);
  });
  after(async () => {
    await keys.close();
    await rm(parent, { recursive: true });
  });

  const wanted = (about: Partial<WantedCertificate> = {}): WantedCertificate => ({
    subject: parseSubject("c=US,o=Contoso,cn=mail.contoso.com"),
    domainNames: ["mail.contoso.com", "EX1"],
    friendlyName: "Internet",
    privateKeyExportable: false,
    keySize: undefined,
    keys,
    at,
    ...about,
  });
  const taken = { password: undefined, friendlyName: undefined, privateKeyExportable: false } as const;
  const take = (file: Uint8Array | string, about: Partial<Parameters<typeof importCertificate>[2]> = {}) =>
    importCertificate(store, Buffer.from(file), { ...taken, rootCaTypeOf: () => "Enterprise", ...about });
  const answerTo = (der: Uint8Array): Promise<Certificate> => issueFromRequest(issuing, parseRequest(der), at);

  describe("a request", () => {
    it("waits in the store with its key, which nobody else can read, and after reopening too", async () => {
      const pending = await makeRequest(store, wanted());
      expect(pending).to.deep.include({
        subject: "C=US, O=Contoso, CN=mail.contoso.com",
        certificateDomains: ["mail.contoso.com", "EX1"],
        publicKey: { kind: "EC", curve: "P-256" },
        friendlyName: "Internet",
        requestedAt: at,
      });
      expect(store.list()).to.deep.equal([]);
      expect(store.requests()).to.deep.equal([pending]);
      expect((await openCertificateStore(folder)).requests()).to.deep.equal([pending]);
      expect((await stat(join(folder, `${pending.thumbprint}.key`))).mode & 0o777).to.equal(0o600);
      expect(await readFile(join(folder, `${pending.thumbprint}.request`), "utf8")).not.to.match(/PRIVATE/);
    });

    it("is read again from PEM and DER, whatever stands around it", async () => {
      const { der } = await makeRequest(store, wanted());
      for (const file of [der, Buffer.from(`a note\n${requestToPem(der)}`)])
        expect(parseRequest(file)).to.deep.include({ alternateNames: ["mail.contoso.com", "EX1"], der });
    });

    for (const [keySize, publicKey] of [
      [1024, { kind: "RSA", bits: 1024 }],
      [2048, { kind: "RSA", bits: 2048 }],
    ] as const)
      it(`has a key of ${keySize} bits where that is asked for`, async () => {
        expect((await makeRequest(store, wanted({ keySize }))).publicKey).to.deep.equal(publicKey);
      });

    it("can be removed, and its key goes with it", async () => {
      const { thumbprint } = await makeRequest(store, wanted());
      await store.remove(thumbprint);
      expect(store.requests()).to.deep.equal([]);
      expect(await readdir(folder)).to.deep.equal([]);
    });

    it("that was altered is nobody's", async () => {
      const { der } = await makeRequest(store, wanted());
      const altered = Buffer.from(der);
      altered[altered.indexOf("mail.contoso.com")] = 0x6e;
      for (const file of [altered, Buffer.from("x"), Buffer.from(""), der.subarray(0, 60)])
        expect(await codeOf(() => parseRequest(file))).to.equal("CERT_REQUEST_MALFORMED");
    });

    it("is not taken for a certificate by a store whose file somebody has changed", async () => {
      const { thumbprint } = await makeRequest(store, wanted());
      await writeFile(join(folder, `${thumbprint}.request`), "{}");
      expect(await codeOf(() => openCertificateStore(folder))).to.equal("CERT_STORE_CORRUPT");
    });

    it("refuses names that no certificate can carry before a key is made", async () => {
      const noKeys = { ...keys, lease: () => Promise.reject(new Error("a key was spent")) };
      const code = await codeOf(() => makeRequest(store, wanted({ domainNames: ["two words"], keys: noKeys })));
      expect(code).to.equal("CERT_NAME_UNUSABLE");
    });
  });

  describe("an authority's answer", () => {
    it("has what the request asked for, for a year, and its issuer's signature", async () => {
      const answer = await answerTo((await makeRequest(store, wanted())).der);
      expect(answer).to.deep.include({
        subject: "C=US, O=Contoso, CN=mail.contoso.com",
        issuer: "CN=Contoso Issuing",
        alternateNames: ["mail.contoso.com", "EX1"],
        enhancedKeyUsage: ["1.3.6.1.5.5.7.3.1"],
        notBefore: at,
        notAfter: new Date("2009-05-12T10:00:00Z"),
        isCertificateAuthority: false,
      });
    });

    it("is refused to a key of another kind than the authority's", async () => {
      const { der } = await makeRequest(store, wanted({ keySize: 1024 }));
      expect(await codeOf(() => answerTo(der))).to.equal("CERT_REQUEST_KEY");
    });

    for (const [form, fileOf] of [
      ["PEM", (certificate: Certificate) => toPem(certificate)],
      ["DER", (certificate: Certificate) => certificate.der],
    ] as const)
      it(`completes the request that it is for, as ${form}, without what stands above it`, async () => {
        const pending = await makeRequest(store, wanted({ privateKeyExportable: true }));
        await makeRequest(store, wanted());
        const stored = await take(fileOf(await answerTo(pending.der)));
        expect(stored).to.deep.include({
          hasPrivateKey: true,
          privateKeyExportable: true,
          friendlyName: "Internet",
          services: [],
          rootCaType: "Enterprise",
          chain: [],
        });
        expect(store.requests()).to.have.length(1);
        const reopened = await openCertificateStore(folder);
        expect(reopened.list()).to.deep.equal([stored]);
        expect(reopened.privateKey(stored.thumbprint).type).to.equal("private");
      });

    for (const [form, fileOf] of [
      ["PKCS #7, DER", (all: readonly Certificate[]) => formatPkcs7(all.map(({ der }) => der))],
      ["PEM of all in any order", (all: readonly Certificate[]) => all.map(toPem).join("")],
      [
        "PKCS #7, PEM",
        (all: readonly Certificate[]) =>
          `-----BEGIN PKCS7-----\n${Buffer.from(formatPkcs7(all.map(({ der }) => der))).toString("base64")}\n-----END PKCS7-----\n`,
      ],
    ] as const)
      it(`brings the authorities above it, its issuer first and the root left out: ${form}`, async () => {
        const pending = await makeRequest(store, wanted());
        const all = [root.certificate, await answerTo(pending.der), issuing.certificate];
        const stored = await take(fileOf(all), { friendlyName: "Other" });
        expect(stored.chain).to.deep.equal([issuing.certificate]);
        expect(stored.friendlyName).to.equal("Other");
      });

    it("to somebody else's request is refused, in Exchange's words, and nothing changes", async () => {
      const elsewhere = await openCertificateStore(join(folder, "elsewhere"));
      const answer = await answerTo((await makeRequest(elsewhere, wanted())).der);
      await rm(join(folder, "elsewhere"), { recursive: true });
      const pending = await makeRequest(store, wanted());
      const failure = await take(toPem(answer)).catch((thrown: Error) => thrown);
      expect(failure).to.have.property("code", "CERT_ANSWER_FOREIGN");
      expect((failure as Error).message).to.equal(
        `The certificate with thumbprint ${answer.thumbprint} was found but is not valid for use with Exchange Server (reason: PrivateKeyMissing)`,
      );
      expect(store.requests()).to.deep.equal([pending]);
      expect(store.list()).to.deep.equal([]);
      expect((await readdir(folder)).filter((name) => name.startsWith(answer.thumbprint))).to.deep.equal([]);
    });

    it("that comes a second time is refused", async () => {
      const pending = await makeRequest(store, wanted());
      const answer = toPem(await answerTo(pending.der));
      await take(answer);
      expect(await codeOf(() => take(answer))).to.equal("CERT_DUPLICATE");
    });

    for (const [what, file, code] of [
      ["nothing", "", "CERT_FILE_EMPTY"],
      ["text", "hello", "CERT_FILE_EMPTY"],
      ["a file cut short", Buffer.from("3082040002010330", "hex"), "CERT_FILE_EMPTY"],
      [
        "a PEM block of something else",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "CERT_FILE_EMPTY",
      ],
      ["an empty PKCS #7", formatPkcs7([]), "CERT_FILE_EMPTY"],
    ] as const)
      it(`that is ${what} is refused`, async () => {
        expect(await codeOf(() => take(file))).to.equal(code);
      });
  });

  describe("PKCS #12", () => {
    const issued = async (about: Partial<WantedCertificate> = {}): Promise<string> => {
      const pending = await makeRequest(store, wanted({ privateKeyExportable: true, ...about }));
      const answer = await answerTo(pending.der);
      return (await take(formatPkcs7([answer.der, issuing.certificate.der]))).thumbprint;
    };

    it("carries certificate, key, chain and friendly name from one store to another", async () => {
      const thumbprint = await issued();
      const file = store.exportPfx(thumbprint, "geheim");
      const exported = store.get(thumbprint);
      store = await openCertificateStore(join(parent, `store-${count++}`));
      const imported = await take(file, { password: "geheim", privateKeyExportable: true });
      expect(imported).to.deep.equal(exported);
      expect(readPfx(store.exportPfx(thumbprint, ""), "").certificate.thumbprint).to.equal(thumbprint);
    });

    it("says whether the key may go on", async () => {
      const file = store.exportPfx(await issued(), "geheim");
      store = await openCertificateStore(join(parent, `store-${count++}`));
      const { thumbprint } = await take(file, { password: "geheim" });
      expect(await codeOf(() => store.exportPfx(thumbprint, "geheim"))).to.equal("CERT_KEY_NOT_EXPORTABLE");
      const reopened = await openCertificateStore(join(parent, `store-${count - 1}`));
      expect(await codeOf(() => reopened.exportPfx(thumbprint, "geheim"))).to.equal("CERT_KEY_NOT_EXPORTABLE");
    });

    it("is not written of a key that is missing", async () => {
      const thumbprint = await issued();
      await rm(join(folder, `${thumbprint}.key`));
      store = await openCertificateStore(folder);
      expect(await codeOf(() => store.exportPfx(thumbprint, "x"))).to.equal("CERT_PRIVATE_KEY_MISSING");
    });

    it("with another password, cut off, altered or of somebody else's making is refused by name, and changes nothing", async () => {
      const { thumbprint } = await makeSelfSigned(store, { ...wanted({ privateKeyExportable: true }), services: [] });
      const file = Buffer.from(store.exportPfx(thumbprint, "geheim"));
      await store.remove(thumbprint);
      const altered = Buffer.from(file);
      altered[200] = (altered[200] ?? 0) ^ 1;
      for (const password of [undefined, "", "Geheim"])
        expect(await codeOf(() => take(file, { password }))).to.equal("CERT_PFX_PASSWORD");
      expect(await codeOf(() => take(altered, { password: "geheim" }))).to.match(/^CERT_PFX_(PASSWORD|MALFORMED)$/);
      expect(await codeOf(() => take(file.subarray(0, 200), { password: "geheim" }))).to.equal("CERT_FILE_EMPTY");
      expect(store.list()).to.deep.equal([]);
      expect(await readdir(folder)).to.deep.equal([]);
    });

    it("that the store holds already is refused", async () => {
      const file = store.exportPfx(await issued(), "geheim");
      expect(await codeOf(() => take(file, { password: "geheim" }))).to.equal("CERT_DUPLICATE");
    });

    it("never shows its password or its key in what a refusal says", async () => {
      const { thumbprint } = await makeSelfSigned(store, { ...wanted({ privateKeyExportable: true }), services: [] });
      const file = store.exportPfx(thumbprint, "geheim");
      const failure: unknown = await take(file, { password: "hemlich" }).catch((thrown: unknown) => thrown);
      expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.to.match(/geheim|hemlich|PRIVATE/);
    });
  });

  describe("a revocation list", () => {
    it("names what its authority has taken back, once, and nothing that it has not issued", async () => {
      const answer = await answerTo((await makeRequest(store, wanted())).der);
      const other = await answerTo((await makeRequest(store, wanted())).der);
      expect(isRevoked(answer, issuing)).to.equal(false);
      revoke(issuing, answer, at, "superseded");
      const again = () => revoke(issuing, answer, new Date("2008-06-01T00:00:00Z"));
      expect(await codeOf(again)).to.equal("CERT_REVOKED_ALREADY");
      expect(await codeOf(() => revoke(root, answer, at))).to.equal("CERT_REVOKE_FOREIGN");
      expect(await codeOf(() => revoke(root, root.certificate, at))).to.equal("CERT_REVOKE_FOREIGN");
      const namesake = await foundAuthority(issuing.name, { issuedBy: root, keys, at });
      expect(await codeOf(() => revoke(namesake, other, at))).to.equal("CERT_REVOKE_FOREIGN");
      expect(isRevoked(answer, issuing)).to.equal(true);
      expect(isRevoked(other, issuing)).to.equal(false);
      expect(root.revoked).to.deep.equal([]);
      expect(issuing.revoked).to.deep.equal([{ serialNumber: answer.serialNumber, at, reason: "superseded" }]);
      expect(writeRevocationList(issuing, at)).to.match(/^-----BEGIN X509 CRL-----\n/);
    });
  });

  it("keep a certificate's key out of everything that can be listed", async () => {
    await makeSelfSigned(store, { ...wanted({ subject: justCommonName("EX1") }), services: [] });
    await makeRequest(store, wanted());
    const listed = JSON.stringify([store.list(), store.requests()]);
    const names = (await readdir(folder)).filter((name) => name.endsWith(".key"));
    expect(names).to.have.length(2);
    for (const name of names) {
      const [, line = ""] = (await readFile(join(folder, name), "utf8")).split("\n");
      expect(line).to.have.length(64);
      expect(listed).not.to.include(line);
    }
  });
});
