import { sign, verify, X509Certificate } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  type Authorities,
  authoritiesOf,
  type Authority,
  certificateCatalogue,
  foundAuthority,
  judgePeer,
  type KeySource,
  mintCertificate,
  type MintedCertificate,
  openKeySource,
} from "../../../src/certificates/index.ts";

const at = new Date("2008-05-12T10:00:00Z");
const host = "mail.woodgrove.example";

/** By what each entry differs from the sound one: everything that its name says, and nothing else. */
const differences: Readonly<Record<string, readonly string[]>> = {
  sound: [],
  "duplicate-subject": ["beside"],
  "newer-but-invalid": ["issuer", "beside"],
  expired: ["notBefore", "notAfter"],
  "not-yet-valid": ["notBefore", "notAfter"],
  "reversed-dates": ["notBefore", "notAfter"],
  "expires-soon": ["notBefore", "notAfter"],
  "expired-issuer": ["issuer", "chain"],
  "wrong-host": ["subject", "names"],
  "no-san": ["names"],
  "cn-only": ["names"],
  "no-subject": ["subject"],
  "no-name": ["subject", "names"],
  wildcard: ["subject", "names"],
  "two-wildcards": ["subject", "names"],
  "ip-san": ["subject", "names"],
  "null-in-name": ["subject", "names"],
  "huge-san-list": ["names"],
  oversized: ["names"],
  "no-eku": ["enhancedKeyUsage"],
  "client-eku-only": ["enhancedKeyUsage"],
  "code-signing-eku": ["enhancedKeyUsage"],
  "wrong-key-usage": ["keyUsage"],
  "unknown-extension": ["unknownCriticalExtensions"],
  "ca-as-leaf": [
    "issuer",
    "notBefore",
    "notAfter",
    "enhancedKeyUsage",
    "keyUsage",
    "selfSigned",
    "isCertificateAuthority",
  ],
  "weak-key-1024": ["publicKey"],
  "weak-key-768": ["publicKey"],
  sha1: ["signatureAlgorithm"],
  ecdsa: ["publicKey"],
  ed25519: ["publicKey"],
  "key-mismatch": ["key"],
  "no-private-key": ["key"],
  "self-signed": ["issuer", "selfSigned"],
  "unknown-issuer": ["issuer"],
  "untrusted-root": ["issuer", "chain"],
  "missing-intermediate": ["issuer"],
  "wrong-order": ["issuer", "chain"],
  "namesake-issuer": ["issuer", "chain"],
  "issued-by-a-server": ["issuer", "chain"],
  forged: [],
  "name-constrained": ["issuer", "chain"],
  revoked: [],
  "revoked-issuer": ["issuer", "chain"],
  "no-revocation-list": ["issuer", "chain"],
  "stale-revocation-list": ["issuer", "chain"],
};

/** Whether what the private key signs can be verified with the certificate. */
function keyOf({ certificate, keyPair }: MintedCertificate): string {
  if (!keyPair) return "none";
  const data = Buffer.from("signed");
  const { publicKey } = new X509Certificate(certificate.der);
  const digest = publicKey.asymmetricKeyType === "ed25519" ? null : "sha256";
  return verify(digest, data, publicKey, sign(digest, data, keyPair.privateKeyPem)) ? "its own" : "another's";
}

const factsOf = (minted: MintedCertificate): Readonly<Record<string, unknown>> => {
  const { certificate, chain, beside } = minted;
  return {
    subject: certificate.subject,
    issuer: certificate.issuer,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    names: certificate.alternateNames,
    publicKey: certificate.publicKey,
    enhancedKeyUsage: certificate.enhancedKeyUsage,
    keyUsage: certificate.keyUsage,
    selfSigned: certificate.selfSigned,
    isCertificateAuthority: certificate.isCertificateAuthority,
    pathLength: certificate.pathLength,
    nameConstraints: certificate.nameConstraints,
    unknownCriticalExtensions: certificate.unknownCriticalExtensions,
    signatureAlgorithm: certificate.signatureAlgorithm,
    x509Version: certificate.x509Version,
    chain: chain.map(({ subject }) => subject),
    beside: beside.length,
    key: keyOf(minted),
  };
};

for (const mode of ["p256", "cached"] as const)
  describe(`the catalogue of certificates, with keys ${mode}`, () => {
    let keys: KeySource;
    let authorities: Authorities;
    let root: Authority;
    const minted = new Map<string, MintedCertificate>();
    const mint = (
      flaw: string,
      change: { issuer?: string | null; names?: string[] } = {},
    ): Promise<MintedCertificate> =>
      mintCertificate({ issuer: undefined, names: [], flaw, ...change }, { host, authorities, keys, at });
    before(async () => {
      keys = openKeySource({ folder: join(import.meta.dirname, "../../../node_modules/.cache/hubedge/keys"), mode });
      root = await foundAuthority("Woodgrove Root", { issuedBy: undefined, keys, at });
      authorities = authoritiesOf([root]);
      // RSA keys take a while where the cache has none: the kinds of key that matter are enough.
      const names = certificateCatalogue.map(({ name }) => name);
      const some = mode === "p256" ? names : ["sound", "weak-key-1024", "sha1", "key-mismatch", "ed25519"];
      for (const name of some) minted.set(name, await mint(name));
    });
    after(() => keys.close());

    it("mints each with the flaw that its name says, and no other", () => {
      const sound = factsOf(minted.get("sound") as MintedCertificate);
      for (const [name, made] of minted) {
        const facts = factsOf(made);
        const differing = Object.keys(facts).filter((key) => JSON.stringify(facts[key]) !== JSON.stringify(sound[key]));
        expect(differing.sort(), name).to.deep.equal([...(differences[name] ?? ["unknown"])].sort());
      }
    });

    it("is judged as each says that a partner of Domain Security is", () => {
      for (const { name, expected } of certificateCatalogue) {
        const made = minted.get(name);
        if (!made) continue;
        const { outcome } = judgePeer(
          made.certificate,
          {
            kind: "chain",
            roots: [root.certificate],
            name: { kind: "domain", domain: "woodgrove.example" },
            revocation: authorities.revocations,
          },
          { at, chain: made.chain },
        );
        const against = outcome.findings.filter((finding) => finding !== "selfSigned");
        const passes = ["delivered", "no TLS", "no handshake"].includes(expected.domainSecured);
        expect(outcome.status, name).to.equal(passes ? "Valid" : expected.domainSecured);
        expect(against, name).to.have.length(passes ? 0 : 1);
      }
    });
  });

describe("the catalogue of certificates", () => {
  it("has more than two dozen, each of a name of its own, and says of each what follows", () => {
    const names = certificateCatalogue.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    expect(names).to.have.length.at.least(28);
    expect(names).to.have.members(Object.keys(differences));
    for (const { name, about } of certificateCatalogue) {
      expect(name).to.match(/^[a-z][a-z0-9-]+$/);
      expect(about, name).to.match(/^[A-Z].{20,}\.$/);
    }
  });

  it("has each issued by whom the file says, or signed by itself", async () => {
    const keys = openKeySource({ folder: tmpdir(), mode: "p256" });
    const [first, second] = await Promise.all(
      ["First", "Second"].map((name) => foundAuthority(name, { issuedBy: undefined, keys, at })),
    );
    const authorities = authoritiesOf([first as Authority, second as Authority]);
    const issuerOf = async (issuer: string | null | undefined, known: Authorities): Promise<string> =>
      (await mintCertificate({ issuer, names: [], flaw: "expired" }, { host, authorities: known, keys, at }))
        .certificate.issuer;
    expect(await issuerOf(undefined, authorities)).to.equal("CN=First");
    expect(await issuerOf("Second", authorities)).to.equal("CN=Second");
    expect(await issuerOf(null, authorities)).to.equal(`CN=${host}`);
    expect(await issuerOf(undefined, authoritiesOf([]))).to.equal(`CN=${host}`);
    await keys.close();
  });
});
