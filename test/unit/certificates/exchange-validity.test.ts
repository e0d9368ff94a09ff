import { expect } from "chai";
import { exchangeInvalidity, type StoredCertificate, type Trust } from "../../../src/certificates/index.ts";
import { type CertificateSpec, makeAuthority, makeCertificate } from "./make.ts";

const june = new Date("2008-06-01T00:00:00Z");
const nobody: Trust = { roots: [] };

/** Why a certificate that is made like this is not valid for use with Exchange. */
const madeLike = async (spec: CertificateSpec, stored: Partial<StoredCertificate> = {}, at = june) =>
  exchangeInvalidity({ ...(await makeCertificate(spec)).certificate, ...stored }, at, nobody);

describe("exchangeInvalidity", () => {
  it("finds nothing in what signs itself, may sign, is for servers or for anything, and is within its dates", async () => {
    expect(await madeLike({})).to.equal(undefined);
    expect(await madeLike({ usage: null })).to.equal(undefined);
    expect(await madeLike({ keyBits: 1024 })).to.equal(undefined);
    expect(await madeLike({ keyUsage: ["digitalSignature", "keyEncipherment"] })).to.equal(undefined);
  });

  const lacks: [what: string, spec: CertificateSpec, stored: Partial<StoredCertificate>, reason: string][] = [
    ["has no private key", {}, { hasPrivateKey: false }, "PrivateKeyMissing"],
    ["has a weak key", {}, { publicKey: { kind: "RSA", bits: 768 } }, "KeyAlgorithmUnsupported"],
    ["has a key on another curve", {}, { publicKey: { kind: "EC", curve: "P-384" } }, "KeyAlgorithmUnsupported"],
    ["has a key of another kind", {}, { publicKey: { kind: "other", name: "ed25519" } }, "KeyAlgorithmUnsupported"],
    ["may not sign", { keyUsage: ["keyEncipherment"] }, {}, "SigningNotSupported"],
    ["is for clients only", { usage: "clientAuth" }, {}, "PkixKpServerAuthNotFoundInEnhancedKeyUsage"],
  ];
  for (const [what, spec, stored, reason] of lacks)
    it(`refuses what ${what}: ${reason}`, async () => {
      expect(await madeLike(spec, stored)).to.deep.equal({ reason, refused: true });
    });

  it("tells of a missing key before anything else, and of what is lacking before what is out of date", async () => {
    const old = new Date("2010-01-01");
    expect((await madeLike({ usage: "clientAuth" }, { hasPrivateKey: false }, old))?.reason).to.equal(
      "PrivateKeyMissing",
    );
    expect((await madeLike({ keyUsage: [] }, {}, old))?.reason).to.equal("SigningNotSupported");
  });

  it("takes what is out of date, or of an unknown issuer, and tells it", async () => {
    for (const at of ["2007-12-31", "2009-01-02"])
      expect(await madeLike({}, {}, new Date(at))).to.deep.equal({ reason: "DateInvalid", refused: false });
    const root = await makeAuthority("Root");
    const { certificate } = await makeCertificate({}, root);
    expect(exchangeInvalidity(certificate, june, nobody)).to.deep.equal({ reason: "Untrusted", refused: false });
    expect(exchangeInvalidity(certificate, june, { roots: [root.certificate] })).to.equal(undefined);
  });
});
