import { expect } from "chai";
import {
  decodeSubject,
  encodeSubject,
  formatSubject,
  justCommonName,
  parseSubject,
} from "../../../src/certificates/der/subject.ts";

describe("parseSubject", () => {
  for (const [written, printed] of [
    ["c=US,o=Contoso,cn=mail.contoso.com", "C=US, O=Contoso, CN=mail.contoso.com"],
    ["CN=EX1", "CN=EX1"],
    ['  cn = EX1 ; O = "Contoso, Ltd"', 'CN=EX1, O="Contoso, Ltd"'],
    ['cn=EX1, O="The ""Best"""', 'CN=EX1, O="The ""Best"""'],
    [
      "DC=com, DC=contoso, OU=Mail, S=Ohio, L=Springfield, CN=a",
      "DC=com, DC=contoso, OU=Mail, S=Ohio, L=Springfield, CN=a",
    ],
    ["st=Ohio,cn=a", "S=Ohio, CN=a"],
    ["E=admin@contoso.com,CN=Müller", "E=admin@contoso.com, CN=Müller"],
    ["OID.2.5.4.97=x, 2.5.4.99=y, cn=a", "OID.2.5.4.97=x, OID.2.5.4.99=y, CN=a"],
  ] as const)
    it(`prints ${written} as Windows would`, () => {
      const subject = parseSubject(written);
      expect(formatSubject(subject)).to.equal(printed);
      expect(decodeSubject(encodeSubject(subject))).to.deep.equal(subject);
      expect(parseSubject(printed)).to.deep.equal(subject);
    });

  it("has the last part written first in the certificate, as X500DistinguishedName does", () => {
    expect(parseSubject("c=US,cn=a").map(({ value }) => value)).to.deep.equal(["a", "US"]);
  });

  for (const [written, why] of [
    ["", /it has no CN/],
    ["o=Contoso", /it has no CN/],
    ["cn=", /1 to 64 characters/],
    [`cn=${"x".repeat(65)}`, /1 to 64 characters/],
    ["cn=a,", /cannot be taken apart/],
    ["cn=a b c=d", /cannot be taken apart/],
    ["mail.contoso.com", /cannot be taken apart/],
    ["cn=a+o=b", /cannot be taken apart/],
    ['cn="a', /cannot be taken apart/],
    ["xx=1,cn=a", /"xx" is none of CN, OU/],
    ["c=USA,cn=a", /1 to 2 characters/],
    ["c=1x,cn=a", /no country of two letters/],
    ["dc=münchen,cn=a", /other than ASCII/],
  ] as const)
    it(`refuses "${written}"`, () => {
      expect(() => parseSubject(written))
        .to.throw(why)
        .with.property("code", "CERT_SUBJECT_MALFORMED");
    });

  it("needs no more than a common name", () => {
    expect(formatSubject(justCommonName("EX1"))).to.equal("CN=EX1");
  });
});
