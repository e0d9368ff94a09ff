import { expect } from "chai";
import fc from "fast-check";
import { readElements, readObjectIdentifier, readOne, readSmallInteger } from "../../src/certificates/der/der.ts";
import {
  bmpString,
  element,
  integer,
  objectIdentifier,
  octetString,
  sequence,
} from "../../src/certificates/der/der-write.ts";
import { formatPem, readPem } from "../../src/certificates/der/pem.ts";
import { looksLikePfx, readPfx, writePfx } from "../../src/certificates/files/pfx.ts";
import { formatPkcs7, parsePkcs7 } from "../../src/certificates/files/pkcs7.ts";
import { buildRequest, parseRequest, requestToPem } from "../../src/certificates/files/request.ts";
import {
  decodeSubject,
  encodeSubject,
  formatSubject,
  parseSubject,
  type SubjectName,
} from "../../src/certificates/der/subject.ts";
import { makeCertificate, makeKeyPair } from "../unit/certificates/make.ts";

const bytes = fc.uint8Array({ maxLength: 300 });

/** A value of a name, without what certificates and Windows cannot carry. */
const value = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
  .filter((text) => text.length <= 60 && text.trim() === text && !/\p{Cc}/u.test(text));
const hostName = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?(\.[a-z]{2,8}){0,2}$/);
const subjectName: fc.Arbitrary<SubjectName> = fc
  .array(fc.record({ type: fc.constantFrom("2.5.4.10", "2.5.4.11", "2.5.4.7"), value }), { maxLength: 4 })
  .chain((parts) => value.map((commonName) => [{ type: "2.5.4.3", value: commonName }, ...parts]));

describe("certificate files", () => {
  it("DER: what is written is read again", () => {
    fc.assert(
      fc.property(fc.array(bytes), fc.nat(), fc.array(fc.nat({ max: 1_000_000 })), (parts, number, arcs) => {
        const written = sequence(...parts.map(octetString));
        const read = readElements(readOne(written, 0x30)).map(({ content }) => Buffer.from(content));
        expect(read).to.deep.equal(parts.map((part) => Buffer.from(part)));
        expect(readSmallInteger(readOne(integer(number), 0x02))).to.equal(number);
        const id = ["2.5", ...arcs].join(".");
        expect(readObjectIdentifier(readElements(objectIdentifier(id))[0])).to.equal(id);
      }),
    );
  });

  it("PEM: what is written is read again, whatever stands around it", () => {
    fc.assert(
      fc.property(fc.constantFrom("CERTIFICATE", "PKCS7", "X509 CRL"), bytes, (label, der) => {
        expect(readPem(`a note\n${formatPem(label, der)}another`)).to.deep.equal([{ label, der: Buffer.from(der) }]);
      }),
    );
  });

  it("names: what is printed is the same name when it is read", () => {
    fc.assert(
      fc.property(subjectName, (subject) => {
        expect(parseSubject(formatSubject(subject))).to.deep.equal(subject);
        expect(decodeSubject(encodeSubject(subject))).to.deep.equal(subject);
      }),
    );
  });

  it("PKCS #7 holds what was put into it, in its order", () => {
    fc.assert(
      fc.property(fc.array(bytes), (held) => {
        const elements = held.map((content) => element(0x30, content));
        expect((parsePkcs7(formatPkcs7(elements)) ?? []).map((one) => Buffer.from(one))).to.deep.equal(
          elements.map((one) => Buffer.from(one)),
        );
      }),
    );
  });

  it("requests say what they were made of", () => {
    const keyPair = makeKeyPair();
    fc.assert(
      fc.property(subjectName, fc.array(hostName), (subject, domainNames) => {
        const der = buildRequest({ subject, domainNames, keyPair });
        for (const file of [der, Buffer.from(requestToPem(der))])
          expect(parseRequest(file)).to.deep.include({
            subject,
            alternateNames: domainNames,
            publicKeyPem: keyPair.publicKeyPem,
          });
      }),
      { numRuns: 50 },
    );
  });

  it("a request that was altered anywhere is refused by name", () => {
    const der = buildRequest({
      subject: parseSubject("o=Contoso,cn=EX1"),
      domainNames: ["ex1.contoso.com"],
      keyPair: makeKeyPair(),
    });
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const file = Buffer.from(der);
        file[at] = (file[at] ?? 0) ^ change;
        expect(() => parseRequest(file))
          .to.throw()
          .with.property("code", "CERT_REQUEST_MALFORMED");
      }),
      { numRuns: 500 },
    );
  });

  it("PKCS #12 gives back certificate, key and friendly name for its own password, and for no other", async () => {
    const { certificate, keyPair } = await makeCertificate();
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 20 }), value, (password, friendlyName) => {
        const content = { certificate, chain: [], privateKeyPem: keyPair.privateKeyPem, friendlyName };
        const file = writePfx(content, password);
        expect(readPfx(file, password)).to.deep.include({ friendlyName });
        expect(readPfx(file, password).key.privateKeyPem).to.equal(keyPair.privateKeyPem);
        expect(() => readPfx(file, `${password}x`))
          .to.throw()
          .with.property("code", "CERT_PFX_PASSWORD");
      }),
      { numRuns: 8 },
    );
  });

  it("anything else is refused by name too, and never crashes what reads it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (file) => {
        expect(looksLikePfx(file)).to.be.a("boolean");
        parsePkcs7(file);
        for (const [read, code] of [
          [() => readPfx(file, "x"), "CERT_PFX_MALFORMED"],
          [() => parseRequest(file), "CERT_REQUEST_MALFORMED"],
        ] as const)
          expect(read).to.throw().with.property("code", code);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        try {
          parseSubject(text);
        } catch (failure) {
          expect(failure).to.have.property("code", "CERT_SUBJECT_MALFORMED");
        }
      }),
    );
  });

  it("BMP strings are UTF-16", () => {
    expect(Buffer.from(bmpString("Aü")).toString("hex")).to.equal("1e04004100fc");
  });
});
