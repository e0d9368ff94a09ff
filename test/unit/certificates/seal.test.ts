import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
} from "node:crypto";
import { expect } from "chai";
import { type Certificate, sealSecret, unsealSecret } from "../../../src/certificates/index.ts";
import { makeCertificate, type MadeCertificate } from "./make.ts";

const keyOf = ({ keyPair }: MadeCertificate): KeyObject => createPrivateKey(keyPair.privateKeyPem);
const codeOf = (action: () => unknown): unknown => {
  try {
    return action();
  } catch (failure) {
    return (failure as { code: unknown }).code;
  }
};

describe("a sealed secret", () => {
  let rsa: MadeCertificate;
  let ec: MadeCertificate;
  before(async () => {
    [rsa, ec] = await Promise.all([makeCertificate({ keyBits: 2048 }), makeCertificate()]);
  });
  const each = (look: (made: MadeCertificate, other: MadeCertificate) => void): void => {
    look(rsa, ec);
    look(ec, rsa);
  };

  it("opens with the key of the certificate it was sealed for, and with no other", async () => {
    const others = await Promise.all([makeCertificate({ keyBits: 2048 }), makeCertificate()]);
    each(({ certificate, ...made }, other) => {
      const sealed = sealSecret("pa55-word Größe", certificate);
      expect(unsealSecret(sealed, keyOf({ certificate, ...made }))).to.equal("pa55-word Größe");
      for (const stranger of [other, ...others]) expect(unsealSecret(sealed, keyOf(stranger))).to.equal(undefined);
    });
  });

  it("has room for a password of 127 characters", () => {
    const password = "x".repeat(127);
    each((made) => expect(unsealSecret(sealSecret(password, made.certificate), keyOf(made))).to.equal(password));
  });

  it("may be empty", () => {
    each((made) => expect(unsealSecret(sealSecret("", made.certificate), keyOf(made))).to.equal(""));
  });

  it("looks different each time, is base64, and shows nothing of what it is", () => {
    each(({ certificate }) => {
      const [one, two] = [sealSecret("a secret", certificate), sealSecret("a secret", certificate)];
      expect(one).not.to.equal(two);
      expect(one).to.match(/^[A-Za-z0-9+/]+=*$/);
      expect(Buffer.from(one, "base64").includes("secret")).to.equal(false);
    });
  });

  it("is refused where the key has no room for it", async () => {
    expect(codeOf(() => sealSecret("x".repeat(190), rsa.certificate)))
      .to.be.a("string")
      .and.match(/^.{300}/);
    expect(codeOf(() => sealSecret("x".repeat(191), rsa.certificate))).to.equal("CERT_CANNOT_SEAL");
    const small = await makeCertificate({ keyBits: 1024 });
    expect(codeOf(() => sealSecret("x".repeat(127), small.certificate))).to.equal("CERT_CANNOT_SEAL");
  });

  it("is refused for a key that can't be used so", () => {
    const odd: Certificate = { ...ec.certificate, publicKey: { kind: "other", name: "ed25519" } };
    expect(codeOf(() => sealSecret("x", odd))).to.equal("CERT_CANNOT_SEAL");
  });

  it("opens as nothing where it is no sealed secret, or the key is of no kind that opens one", () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey;
    const sealed = [sealSecret("x", rsa.certificate), sealSecret("x", ec.certificate)];
    for (const text of ["", "x", "AQ==", "Ag==", "AAAA", `Ag${"A".repeat(400)}`, `AQ${"A".repeat(400)}`, ...sealed])
      for (const key of [privateKey, p384]) expect(unsealSecret(text, key)).to.equal(undefined);
    for (const text of ["", "x", "AQ==", "Ag==", "AAAA", `Ag${"A".repeat(398)}`, `AQ${"A".repeat(342)}`])
      for (const made of [rsa, ec]) expect(unsealSecret(text, keyOf(made))).to.equal(undefined);
  });

  it("opens as nothing where another ephemeral key was put in its place", () => {
    const one = Buffer.from(sealSecret("x", ec.certificate), "base64");
    const other = Buffer.from(sealSecret("x", ec.certificate), "base64");
    const mixed = Buffer.concat([other.subarray(0, 92), one.subarray(92)]);
    expect(unsealSecret(mixed.toString("base64"), keyOf(ec))).to.equal(undefined);
  });

  it("opens as nothing where its ephemeral key, or the recipient's, was replaced by the one that shares its secrets", () => {
    const sealed = Buffer.from(sealSecret("x", ec.certificate), "base64");
    const from = createPublicKey({ key: sealed.subarray(1, 92), format: "der", type: "spki" }).export({
      format: "jwk",
    });
    const mirrored = createPublicKey({ key: { ...from, y: negated(from.y, prime) }, format: "jwk" });
    const spki = mirrored.export({ type: "spki", format: "der" });
    const changed = Buffer.concat([sealed.subarray(0, 1), spki, sealed.subarray(92)]).toString("base64");
    expect(unsealSecret(changed, keyOf(ec))).to.equal(undefined);

    const own = keyOf(ec).export({ format: "jwk" });
    const other = { ...own, y: negated(own.y, prime), d: negated(own.d, order) };
    const shadow = createPrivateKey({ key: other, format: "jwk" });
    expect(unsealSecret(sealed.toString("base64"), shadow)).to.equal(undefined);
  });

  it("opens as nothing where its base64 is spelt in another way", () => {
    each((made) => {
      const sealed = sealSecret("xy", made.certificate);
      const spellings = [
        `${sealed}\n`,
        ` ${sealed}`,
        sealed.replace(/=+$/, ""),
        `${sealed}=`,
        `${sealed.slice(0, 4)}\n${sealed.slice(4)}`,
      ];
      for (const other of spellings.filter((one) => one !== sealed))
        expect(unsealSecret(other, keyOf(made))).to.equal(undefined);
    });
  });

  it("opens as nothing where it was encrypted for another purpose with the same key", () => {
    const key = createPublicKey(rsa.keyPair.publicKeyPem);
    const foreign = publicEncrypt(
      { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" },
      Buffer.from("x"),
    );
    const sealed = Buffer.concat([Buffer.of(1), foreign]).toString("base64");
    expect(unsealSecret(sealed, keyOf(rsa))).to.equal(undefined);
  });
});

/** Of P-256: the field's prime and the group's order. */
const prime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** A coordinate or a private key, negated: the shared secret, an x coordinate, stays the same. */
const negated = (number: string | undefined, modulus: bigint): string => {
  const value = BigInt(`0x${Buffer.from(number ?? "", "base64url").toString("hex")}`);
  return Buffer.from((modulus - value).toString(16).padStart(64, "0"), "hex").toString("base64url");
};
