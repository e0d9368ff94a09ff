import { expect } from "chai";
import { organizationHeaders, sentCertificateRows, withoutHeaders } from "../../../src/smtp/index.ts";

const left = (content: string, prefixes: readonly string[] = organizationHeaders): string =>
  withoutHeaders(Buffer.from(content, "latin1"), prefixes).toString("latin1");

describe("withoutHeaders", () => {
  for (const [what, content, expected] of [
    ["a field", "To: b\r\nX-MS-Exchange-Organization-SCL: 9\r\nSubject: a\r\n\r\nHi", "To: b\r\nSubject: a\r\n\r\nHi"],
    ["a field of the forest", "X-MS-Exchange-Forest-RulesExecuted: x\r\nTo: b\r\n\r\n", "To: b\r\n\r\n"],
    ["a field in any case", "x-MS-exchange-ORGANIZATION-a: 1\r\nTo: b\r\n\r\n", "To: b\r\n\r\n"],
    ["its folded lines", "X-MS-Exchange-Organization-A: 1\r\n 2\r\n\t3\r\nTo: b\r\n c\r\n\r\n", "To: b\r\n c\r\n\r\n"],
    ["a blank before its colon", "X-MS-Exchange-Organization-A : 1\r\nTo: b\r\n\r\n", "To: b\r\n\r\n"],
    ["the first of all fields", "X-MS-Exchange-Organization-A: 1\r\n\r\nHi", "\r\nHi"],
    ["several", "X-MS-Exchange-Organization-A: 1\r\nTo: b\r\nX-MS-Exchange-Forest-A: 1\r\n\r\n", "To: b\r\n\r\n"],
    ["the last of a header without a body", "To: b\r\nX-MS-Exchange-Organization-A: 1", "To: b\r\n"],
    [
      "one behind a bare LF",
      "Subject: a\nX-MS-Exchange-Organization-A: 1\r\nTo: b\r\n\r\n",
      "Subject: a\r\nTo: b\r\n\r\n",
    ],
    [
      "one behind a bare CR",
      "Subject: a\rX-MS-Exchange-Organization-A: 1\r\nTo: b\r\n\r\n",
      "Subject: a\r\nTo: b\r\n\r\n",
    ],
    ["one before a bare LF", "X-MS-Exchange-Organization-A: 1\nTo: b\r\n\r\n", "To: b\r\n\r\n"],
    ["one between bare ones", "A: 1\nX-MS-Exchange-Organization-A: 1\nTo: b\r\n\r\n", "A: 1\nTo: b\r\n\r\n"],
    ["all of a header without a CRLF", "X-MS-Exchange-Forest-A: 1\nTo: b\n\nHi", "To: b\n\nHi"],
  ] as const)
    it(`leaves out ${what}`, () => {
      expect(left(content)).to.equal(expected);
    });

  it("never lets the body become header, where a bare line end comes before the last field", () => {
    const body = "X-MS-Exchange-Organization-SCL: -1\r\n\r\nHi";
    const before = `Subject: a\nX-MS-Exchange-Organization-A: 1\r\n\r\n${body}`;
    expect(left(before)).to.equal(`Subject: a\r\n\r\n${body}`);
  });

  for (const [what, content] of [
    ["the body", "To: b\r\n\r\nX-MS-Exchange-Organization-SCL: -1\r\n\r\n"],
    ["a body without a header", "\r\nX-MS-Exchange-Organization-SCL: -1\r\n\r\n"],
    ["a name within a line", "Subject: X-MS-Exchange-Organization-SCL: -1\r\n\r\n"],
    ["a folded line", "Subject: a\r\n X-MS-Exchange-Organization-SCL: -1\r\n\r\n"],
    ["names that are only alike", "X-MS-Exchange-CrossTenant-Id: 1\r\nX-MS-Exchange-Organization: 1\r\n\r\n"],
    ["octets beyond ASCII", "Subject: \xe4\0\xff\r\n\r\n\xfe\0"],
  ] as const)
    it(`leaves ${what} alone`, () => {
      const given = Buffer.from(content, "latin1");
      expect(withoutHeaders(given, organizationHeaders)).to.deep.equal(given);
    });

  it("copies nothing where there is nothing to leave out", () => {
    const given = Buffer.from("To: b\r\n\r\nHi");
    expect(withoutHeaders(given, organizationHeaders)).to.equal(given);
    expect(withoutHeaders(given, [])).to.equal(given);
  });

  it("takes any prefixes", () => {
    expect(left("Received: a\r\nRESENT-To: b\r\nTo: c\r\n\r\n", ["received:", "Resent-"])).to.equal("To: c\r\n\r\n");
  });
});

describe("the rows of a certificate", () => {
  it("are those of published logs, in their order", () => {
    const certificate = {
      subject: "CN=Ex2007SE",
      issuer: "CN=Root",
      serialNumber: "5E1B",
      thumbprint: "0A1B",
      alternateNames: ["Ex2007SE", "Ex2007SE.proexchange.local"],
    };
    expect(sentCertificateRows(certificate)).to.deep.equal([
      ["", "Sending certificate"],
      ["CN=Ex2007SE", "Certificate subject"],
      ["CN=Root", "Certificate issuer name"],
      ["5E1B", "Certificate serial number"],
      ["0A1B", "Certificate thumbprint"],
      ["Ex2007SE;Ex2007SE.proexchange.local", "Certificate alternate names"],
    ]);
  });
});
