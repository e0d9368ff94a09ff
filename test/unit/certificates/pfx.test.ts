import { expect } from "chai";
import { readElements, readOne } from "../../../src/certificates/der/der.ts";
import { element, integer, octetString, sequence } from "../../../src/certificates/der/der-write.ts";
import { looksLikePfx, readPfx, writePfx } from "../../../src/certificates/files/pfx.ts";
import { decryptRc2Cbc } from "../../../src/certificates/der/rc2.ts";
import { type MadeCertificate, makeCertificate } from "./make.ts";

describe("readPfx", () => {
  let made: MadeCertificate;
  let file: Uint8Array;
  before(async () => {
    made = await makeCertificate();
    file = writePfx(
      { certificate: made.certificate, chain: [], privateKeyPem: made.keyPair.privateKeyPem, friendlyName: "Größe" },
      "geheim",
    );
  });
  /** The file's three parts: version, content, MAC. */
  const parts = (): Uint8Array[] => readElements(readOne(file, 0x30)).map(({ whole }) => whole);
  const refusalOf = (broken: Uint8Array): { code?: string; message: string } => {
    try {
      readPfx(broken, "geheim");
    } catch (failure) {
      return failure as { code?: string; message: string };
    }
    return { message: "it was read" };
  };

  it("gives what was written", () => {
    const { certificate, key, others, friendlyName } = readPfx(file, "geheim");
    expect(certificate.thumbprint).to.equal(made.certificate.thumbprint);
    expect(key).to.deep.equal({
      privateKeyPem: made.keyPair.privateKeyPem,
      publicKeyPem: made.keyPair.publicKeyPem,
    });
    expect([others, friendlyName]).to.deep.equal([[], "Größe"]);
  });

  it("writes another file each time", () => {
    const content = { ...made, chain: [], privateKeyPem: made.keyPair.privateKeyPem, friendlyName: "" };
    expect(Buffer.from(writePfx(content, "")).equals(Buffer.from(writePfx(content, "")))).to.equal(false);
    expect(readPfx(writePfx(content, ""), "").friendlyName).to.equal(undefined);
  });

  it("refuses a file without a MAC", () => {
    const [version, content] = parts() as [Uint8Array, Uint8Array];
    expect(refusalOf(sequence(version, content))).to.include({
      code: "CERT_PFX_MALFORMED",
      message: "Cannot read the PKCS #12 file: it is not protected against changes",
    });
  });

  it("refuses a file that wants its password hashed for ever", () => {
    const [version, content, mac] = parts() as [Uint8Array, Uint8Array, Uint8Array];
    const [digest, salt] = readElements(readOne(mac, 0x30)).map(({ whole }) => whole) as [Uint8Array, Uint8Array];
    const endless = sequence(digest, salt, integer(Buffer.from("100000", "hex")));
    expect(refusalOf(sequence(version, content, endless)).message).to.match(/hashed 1048576 times/);
    const none = sequence(digest, salt, integer(0));
    expect(refusalOf(sequence(version, content, none)).message).to.match(/hashed 0 times/);
  });

  it("takes for such a file only what begins as one", () => {
    expect(looksLikePfx(file)).to.equal(true);
    for (const other of [made.certificate.der, Buffer.from("x"), Buffer.alloc(0), sequence(integer(3))])
      expect(looksLikePfx(other)).to.equal(false);
  });
});

describe("writing DER", () => {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

  it("gives numbers and lengths their shortest form", () => {
    expect([0, 127, 128, 256, 65_537].map((value) => hex(integer(value)))).to.deep.equal([
      "020100",
      "02017f",
      "02020080",
      "02020100",
      "0203010001",
    ]);
    expect(hex(octetString(Buffer.alloc(128))).slice(0, 6)).to.equal("048180");
    expect(hex(element(0x04, Buffer.alloc(256))).slice(0, 8)).to.equal("04820100");
  });
});

describe("decryptRc2Cbc", () => {
  /** Source: RFC 2268 §5, the vector with an effective length of 64 bits; behind it a block of padding. */
  it("agrees with the RFC's vector", () => {
    const key = Buffer.from("ffffffffffffffff", "hex");
    const encrypted = Buffer.from("278b27e42e2f0d49", "hex");
    const text = Buffer.from("ffffffffffffffff", "hex");
    // CBC with this initial value turns the vector's plain text into a whole block of padding but its first byte.
    const wanted = Buffer.from("ff07070707070707", "hex");
    const iv = Buffer.from(text.map((byte, index) => byte ^ (wanted[index] ?? 0)));
    expect(hexOf(decryptRc2Cbc(key, iv, encrypted))).to.equal("ff");
    expect(() => decryptRc2Cbc(key, Buffer.alloc(8), encrypted)).to.throw("the padding is wrong");
    expect(() => decryptRc2Cbc(key, iv, encrypted.subarray(0, 7))).to.throw("not whole blocks");
  });
});

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
