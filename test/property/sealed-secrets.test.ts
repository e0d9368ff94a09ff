import { createPrivateKey, type KeyObject } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { sealSecret, unsealSecret } from "../../src/certificates/index.ts";
import { makeCertificate, type MadeCertificate } from "../unit/certificates/make.ts";
import { altered } from "./altered.ts";

describe("a sealed secret", () => {
  let rsa: MadeCertificate;
  let ec: MadeCertificate;
  before(async () => {
    [rsa, ec] = await Promise.all([makeCertificate({ keyBits: 2048 }), makeCertificate()]);
  });
  const keyOf = ({ keyPair }: MadeCertificate): KeyObject => createPrivateKey(keyPair.privateKeyPem);
  const secret = fc.string({ unit: "grapheme", maxLength: 127 }).filter((text) => Buffer.byteLength(text) <= 190);

  it("comes back as it was, and from no other key", () => {
    fc.assert(
      fc.property(secret, (text) => {
        for (const [made, other] of [
          [rsa, ec],
          [ec, rsa],
        ] as const) {
          const sealed = sealSecret(text, made.certificate);
          expect(unsealSecret(sealed, keyOf(made))).to.equal(text);
          expect(unsealSecret(sealed, keyOf(other))).to.equal(undefined);
        }
      }),
    );
  });

  for (const kind of ["RSA", "P-256"] as const) {
    it(`opens as nothing when any character or byte of it is altered (${kind})`, () => {
      const made = kind === "RSA" ? rsa : ec;
      const sealed = sealSecret("correct horse battery staple", made.certificate);
      const bytes = Buffer.from(sealed, "base64");
      const key = keyOf(made);
      fc.assert(
        fc.property(
          altered(sealed),
          fc.nat(bytes.length - 1),
          fc.integer({ min: 1, max: 255 }),
          fc.nat(bytes.length - 1),
          (text, at, flip, length) => {
            const other = Buffer.from(bytes);
            other[at]! ^= flip;
            return [text, other.toString("base64"), bytes.subarray(0, length).toString("base64")].every(
              (one) => unsealSecret(one, key) === undefined,
            );
          },
        ),
        { numRuns: 200 },
      );
    });
  }

  it("is not made by chance: whatever else there is opens as nothing, and nothing is thrown", () => {
    const anything = fc.oneof(
      fc.string(),
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString("base64")),
      fc
        .tuple(fc.constantFrom(1, 2), fc.uint8Array({ minLength: 90, maxLength: 300 }))
        .map(([kind, bytes]) => Buffer.concat([Buffer.of(kind), bytes]).toString("base64")),
    );
    fc.assert(
      fc.property(anything, (text) => {
        for (const made of [rsa, ec]) expect(unsealSecret(text, keyOf(made))).to.equal(undefined);
      }),
      { numRuns: 300 },
    );
  });
});
