import { expect } from "chai";
import {
  derTags,
  readElements,
  readObjectIdentifier,
  readOne,
  readSmallInteger,
} from "../../../src/certificates/der/der.ts";
import { parseCertificate } from "../../../src/certificates/index.ts";
import { makeAuthority, makeCertificate, replaced, signAnew } from "./make.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("what a certificate may be used for", () => {
  it("is read as it was written", async () => {
    const { certificate } = await makeCertificate({ keyUsage: ["digitalSignature", "keyEncipherment"] });
    expect(certificate).to.deep.include({
      keyUsage: ["digitalSignature", "keyEncipherment"],
      pathLength: undefined,
      unknownCriticalExtensions: [],
      x509Version: 3,
      isCertificateAuthority: false,
    });
    const authority = await makeAuthority("A", undefined, { pathLength: 3, keyUsage: ["keyCertSign", "cRLSign"] });
    expect(authority.certificate).to.deep.include({
      keyUsage: ["keyCertSign", "cRLSign"],
      pathLength: 3,
      isCertificateAuthority: true,
    });
  });

  it("is unrestricted where nothing is written", async () => {
    const { certificate } = await makeAuthority("A");
    expect(certificate).to.include({ keyUsage: undefined, enhancedKeyUsage: undefined, pathLength: undefined });
  });

  it("tells path length 0 from none", async () => {
    expect((await makeAuthority("A", undefined, { pathLength: 0 })).certificate.pathLength).to.equal(0);
  });

  it("is doubtful where a critical extension is not understood", async () => {
    const { certificate } = await makeCertificate({ unknownExtension: true });
    expect(certificate.unknownCriticalExtensions).to.deep.equal(["2.5.29.99"]);
  });

  it("is nobody's guess where an extension stands in it twice: such a certificate is refused", async () => {
    const { certificate, keyPair } = await makeCertificate({ keyUsage: ["digitalSignature"] });
    const der = Buffer.from(certificate.der);
    // The extended key usage becomes a second key usage.
    const twice = signAnew(replaced(der, hex("0603551d25"), hex("0603551d0f")), keyPair.privateKeyPem);
    expect(() => parseCertificate(twice))
      .to.throw(/twice/)
      .with.property("code", "CERT_MALFORMED");
  });

  it("is not taken from an extension that can't be read", async () => {
    const { certificate, keyPair } = await makeAuthority("A", undefined, { pathLength: 5 });
    // -1 as path length.
    const broken = signAnew(
      replaced(Buffer.from(certificate.der), hex("0101ff020105"), hex("0101ff0201ff")),
      keyPair.privateKeyPem,
    );
    expect(() => parseCertificate(broken))
      .to.throw()
      .with.property("code", "CERT_MALFORMED");
  });

  it("never depends on a date that is none: a certificate with such a date is refused", async () => {
    const { certificate } = await makeCertificate();
    const der = replaced(Buffer.from(certificate.der), Buffer.from("090101000000Z"), Buffer.from("099901000000Z"));
    expect(() => parseCertificate(der))
      .to.throw()
      .with.property("code", "CERT_MALFORMED");
  });
});

describe("reading DER", () => {
  it("gives the elements in their order", () => {
    expect(readElements(hex("020105 0400"))).to.deep.equal([
      { tag: 0x02, content: hex("05"), whole: hex("020105") },
      { tag: 0x04, content: hex(""), whole: hex("0400") },
    ]);
    expect(readElements(hex(""))).to.deep.equal([]);
  });

  it("reads long lengths", () => {
    expect(readOne(Buffer.concat([hex("048180"), Buffer.alloc(128, 7)]), derTags.octetString)).to.deep.equal(
      Buffer.alloc(128, 7),
    );
    expect(readOne(Buffer.concat([hex("04820100"), Buffer.alloc(256)]), derTags.octetString)).to.have.length(256);
  });

  it("refuses lengths that lead beyond the end, endless ones and cut ones", () => {
    for (const der of ["0402 00", "04", "0480 0000", "0484ffffffff", "048201", "0485 0000000001 00", "1f8101 00"])
      expect(() => readElements(hex(der)), der).to.throw(/not DER/);
    const endless = Buffer.concat([hex("0480"), Buffer.alloc(200)]);
    expect(() => readElements(endless)).to.throw(/not DER/);
  });

  it("refuses another tag than the one wanted, and more than one element", () => {
    expect(() => readOne(hex("020105"), derTags.sequence)).to.throw(/not DER/);
    expect(() => readOne(hex("020105 020105"), derTags.integer)).to.throw(/not DER/);
    expect(() => readOne(hex(""), derTags.integer)).to.throw(/not DER/);
  });

  it("reads object identifiers, and nothing else as one", () => {
    const read = (text: string): string => readObjectIdentifier(readElements(hex(text))[0]);
    expect(read("0603 551d13")).to.equal("2.5.29.19");
    expect(read("0608 2b06010505070301")).to.equal("1.3.6.1.5.5.7.3.1");
    expect(read("0609 2a864886f70d01010b")).to.equal("1.2.840.113549.1.1.11");
    expect(read("0603 883703")).to.equal("2.999.3");
    expect(() => read("0403 883703")).to.throw(/object identifier/);
    expect(() => read("")).to.throw(/object identifier/);
  });

  it("reads small numbers, and refuses negative and large ones", () => {
    expect(readSmallInteger(hex("00"))).to.equal(0);
    expect(readSmallInteger(hex("0100"))).to.equal(256);
    for (const number of ["", "ff", "0100000000"]) expect(() => readSmallInteger(hex(number))).to.throw(/out of range/);
  });
});
