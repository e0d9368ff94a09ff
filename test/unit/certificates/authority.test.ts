import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { issueBy } from "../../../src/certificates/issue/authority.ts";
import {
  type Authority,
  authoritiesOf,
  type Certificate,
  type DeclaredCertificate,
  foundAuthority,
  judgePeer,
  justCommonName,
  type KeySource,
  makeSelfSigned,
  mintCertificate,
  type MintedCertificate,
  openCertificateStore,
  openKeySource,
  type WantedCertificate,
} from "../../../src/certificates/index.ts";
import { makeKeyPair } from "./make.ts";

const at = new Date("2008-05-12T10:00:00Z");
const both = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];
const codeOf = (action: Promise<unknown>): Promise<unknown> =>
  action.then(
    () => "no failure",
    (failure: { code: string }) => failure.code,
  );

/** Has no key to give. */
const noKeys: KeySource = {
  lease: () => Promise.reject(new Error("A key was spent")),
  close: () => Promise.resolve(),
};

describe("authorities of a lab", () => {
  let keys: KeySource;
  let root: Authority;
  let upper: Authority;
  let lower: Authority;
  before(async () => {
    keys = openKeySource({ folder: join(tmpdir(), "not-used"), mode: "p256" });
    root = await foundAuthority("Contoso Root", { issuedBy: undefined, keys, at });
    upper = await foundAuthority("Contoso Policy", { issuedBy: root, keys, at });
    lower = await foundAuthority("Größe, Söhne + Co", { issuedBy: upper, keys, at });
  });
  after(() => keys.close());

  describe("foundAuthority", () => {
    it("makes certificates that may sign certificates and revocation lists, and nothing else", () => {
      for (const { certificate } of [root, upper, lower])
        expect(certificate).to.deep.include({
          isCertificateAuthority: true,
          keyUsage: ["keyCertSign", "cRLSign"],
          enhancedKeyUsage: undefined,
          pathLength: undefined,
          alternateNames: [],
          notBefore: new Date("2003-05-12T10:00:00Z"),
          notAfter: new Date("2023-05-12T10:00:00Z"),
        });
      expect(root.certificate).to.include({ subject: "CN=Contoso Root", selfSigned: true });
      expect(upper.certificate).to.include({ issuer: "CN=Contoso Root", selfSigned: false });
      expect(lower.certificate).to.include({ subject: 'CN="Größe, Söhne + Co"', issuer: "CN=Contoso Policy" });
    });

    it("says what must accompany what each issues: itself and those above it, without the root", () => {
      expect(root.chain).to.deep.equal([]);
      expect(upper.chain).to.deep.equal([upper.certificate]);
      expect(lower.chain).to.deep.equal([lower.certificate, upper.certificate]);
    });

    it("refuses names that can't be an authority's", async () => {
      for (const name of ["", "x".repeat(65), "a\nb", "back\\slash"])
        expect(await codeOf(foundAuthority(name, { issuedBy: undefined, keys, at }))).to.equal("CERT_NAME_UNUSABLE");
    });

    it("does not sign for a key of another kind than its own", async () => {
      const spec = { commonName: "x", domainNames: ["x"], notBefore: at, notAfter: at, keyPair: makeKeyPair(1024) };
      const failure = await issueBy(root, spec).catch((thrown: unknown) => thrown);
      expect(String(failure)).to.match(/P-256 key cannot sign for an RSA key/);
    });

    it("signs with its own key: whoever is given another one is noticed", async () => {
      const spec = { commonName: "x", domainNames: ["x"], notBefore: at, notAfter: at, keyPair: makeKeyPair() };
      const failure = await issueBy({ ...root, keyPair: makeKeyPair() }, spec).catch((thrown: unknown) => thrown);
      expect(String(failure)).to.match(/has not signed/);
    });
  });

  describe("mintCertificate", () => {
    const mint = (declared: Partial<DeclaredCertificate>): Promise<MintedCertificate> =>
      mintCertificate(
        { issuer: null, names: [], flaw: null, ...declared },
        {
          host: "mail.fabrikam.com",
          authorities: authoritiesOf([root, upper, lower]),
          keys,
          at,
        },
      );
    const judged = ({ certificate, chain }: MintedCertificate, roots: readonly Certificate[], when = at) =>
      judgePeer(
        certificate,
        { kind: "chain", roots, name: { kind: "host", host: "mail.fabrikam.com" } },
        { at: when, chain },
      ).outcome;

    it("makes one that signs itself, for the host, for both ends of TLS, for a year", async () => {
      const { certificate, chain } = await mint({});
      expect(certificate).to.deep.include({
        subject: "CN=mail.fabrikam.com",
        alternateNames: ["mail.fabrikam.com"],
        selfSigned: true,
        isCertificateAuthority: false,
        enhancedKeyUsage: both,
        keyUsage: ["digitalSignature", "keyEncipherment"],
        notBefore: at,
        notAfter: new Date("2009-05-12T10:00:00Z"),
      });
      expect(chain).to.deep.equal([]);
    });

    it("has one issued that leads to the root with what comes beside it", async () => {
      for (const { name } of [root, upper, lower]) {
        const minted = await mint({ issuer: name });
        expect(minted.certificate).to.deep.include({ selfSigned: false, enhancedKeyUsage: both });
        expect(judged(minted, [root.certificate])).to.include({ kind: "trusted", status: "Valid" });
      }
      const alone = { ...(await mint({ issuer: lower.name })), chain: [] };
      expect(judged(alone, [root.certificate])).to.include({ kind: "untrusted", status: "PartialChain" });
    });

    it("bears the names that are declared, the first as its common name", async () => {
      const { certificate } = await mint({ names: ["fabrikam.com", "*.fabrikam.com"] });
      expect(certificate.subject).to.equal("CN=fabrikam.com");
      expect(certificate.alternateNames).to.deep.equal(["fabrikam.com", "*.fabrikam.com"]);
    });

    it("makes each flaw, and no other", async () => {
      const expected = {
        expired: "CertificateExpired",
        "not-yet-valid": "CertificateNotYetValid",
        "wrong-host": "SubjectMismatch",
      } as const;
      for (const [flaw, status] of Object.entries(expected)) {
        const minted = await mint({ issuer: lower.name, flaw: flaw as keyof typeof expected });
        const verdict = judged(minted, [root.certificate]);
        expect(verdict).to.deep.include({ kind: "untrusted", status });
        expect(verdict.findings, flaw).to.have.length(1);
        const selfSigned = await mint({ flaw: flaw as keyof typeof expected });
        expect(judged(selfSigned, [selfSigned.certificate])).to.deep.include({ kind: "untrusted", status });
      }
    });

    it("lets a flaw of dates pass with time", async () => {
      const day = 86_400_000;
      const future = await mint({ issuer: root.name, flaw: "not-yet-valid" });
      expect(judged(future, [root.certificate], new Date(at.getTime() + day)).kind).to.equal("trusted");
      const past = await mint({ issuer: root.name, flaw: "expired" });
      expect(judged(past, [root.certificate], new Date(at.getTime() - day)).kind).to.equal("trusted");
    });

    it("keeps a wrong name out of the domain as well", async () => {
      const { certificate, chain } = await mint({ issuer: root.name, names: ["fabrikam.com"], flaw: "wrong-host" });
      const rule = {
        kind: "chain",
        roots: [root.certificate],
        name: { kind: "domain", domain: "fabrikam.com" },
      } as const;
      expect(judgePeer(certificate, rule, { at, chain }).outcome.status).to.equal("SubjectMismatch");
    });

    it("refuses names that no certificate can carry, before it spends a key on them", async () => {
      for (const names of [["x".repeat(65)], ["mail.fabrikam.com", "münchen.example"]]) {
        const about = { host: "mail.fabrikam.com", authorities: authoritiesOf([]), keys: noKeys, at };
        const minting = mintCertificate({ issuer: null, names, flaw: null }, about);
        expect(await codeOf(minting)).to.equal("CERT_NAME_UNUSABLE");
      }
    });

    it("refuses an authority that the lab does not have, naming those it has", async () => {
      const failure = await mint({ issuer: "Fabrikam CA" }).catch((thrown: unknown) => thrown as Error);
      expect(failure).to.have.property("code", "CERT_AUTHORITY_UNKNOWN");
      expect((failure as Error).message)
        .to.contain("Fabrikam CA")
        .and.contain("Contoso Root");
    });
  });

  describe("makeSelfSigned", () => {
    let folder: string;
    const wanted = (names: readonly string[]): WantedCertificate => ({
      subject: justCommonName(names[0] ?? ""),
      domainNames: names,
      friendlyName: "",
      privateKeyExportable: false,
      keySize: undefined,
      keys,
      at,
    });
    before(async () => void (folder = await mkdtemp(join(tmpdir(), "hubedge-new-"))));
    after(() => rm(folder, { recursive: true }));

    it("makes what New-ExchangeCertificate makes, in the store", async () => {
      const store = await openCertificateStore(join(folder, "made"));
      const names = ["webmail.proexchange.global", "autodiscover.proexchange.global", "EX1"];
      const made = await makeSelfSigned(store, {
        ...wanted(names),
        services: ["SMTP", "IIS"],
        friendlyName: "Web",
      });
      expect(made).to.deep.include({
        subject: "CN=webmail.proexchange.global",
        alternateNames: names,
        certificateDomains: names,
        services: ["IIS", "SMTP"],
        friendlyName: "Web",
        rootCaType: "None",
        selfSigned: true,
        hasPrivateKey: true,
        privateKeyExportable: false,
        enhancedKeyUsage: ["1.3.6.1.5.5.7.3.1"],
        chain: [],
        notBefore: at,
        notAfter: new Date("2009-05-12T10:00:00Z"),
      });
      expect(store.list()).to.deep.equal([made]);
    });

    it("makes another one each time, with a key of its own", async () => {
      const store = await openCertificateStore(join(folder, "twice"));
      const request = { ...wanted(["EX1"]), services: [] };
      const [one, two] = [await makeSelfSigned(store, request), await makeSelfSigned(store, request)];
      expect(one.thumbprint).not.to.equal(two.thumbprint);
      const publicKeys = [one, two].map(({ thumbprint }) => store.privateKey(thumbprint));
      expect(publicKeys[0]!.equals(publicKeys[1]!)).to.equal(false);
    });

    it("refuses names that no certificate can carry, and stores nothing", async () => {
      const store = await openCertificateStore(join(folder, "none"));
      for (const names of [[], [""], ["EX1", "two words"], ["x".repeat(65)]]) {
        const request = { ...wanted(names), services: [], keys: noKeys };
        expect(await codeOf(makeSelfSigned(store, request))).to.equal("CERT_NAME_UNUSABLE");
      }
      expect(store.list()).to.deep.equal([]);
    });
  });
});
