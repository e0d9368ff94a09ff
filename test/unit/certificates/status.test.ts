import { expect } from "chai";
import { certificateStatus, orderForSelection, servicesLetters } from "../../../src/certificates/index.ts";
import { makeAuthority, makeCertificate } from "./make.ts";

const june = new Date("2008-06-01T00:00:00Z");

describe("certificateStatus", () => {
  it("calls a self-signed certificate valid within its dates, and only then", async () => {
    const { certificate } = await makeCertificate();
    expect(certificateStatus(certificate, june)).to.equal("Valid");
    expect(certificateStatus(certificate, certificate.notBefore)).to.equal("Valid");
    expect(certificateStatus(certificate, certificate.notAfter)).to.equal("Valid");
    expect(certificateStatus(certificate, new Date("2007-12-31"))).to.equal("DateInvalid");
    expect(certificateStatus(certificate, new Date("2009-01-02"))).to.equal("DateInvalid");
  });

  it("calls a PKI certificate untrusted until its root is trusted", async () => {
    const root = await makeCertificate({ commonName: "CA", names: [], authority: true });
    const { certificate } = await makeCertificate({}, root);
    expect(certificateStatus(certificate, june)).to.equal("Untrusted");
    expect(certificateStatus(certificate, june, { roots: [root.certificate] })).to.equal("Valid");
  });

  it("judges a PKI certificate by the chain that is stored with it", async () => {
    const root = await makeAuthority("Root");
    const issuing = await makeAuthority("Issuing", root, { to: "2008-07-01" });
    const { certificate } = await makeCertificate({}, issuing);
    const withChain = { ...certificate, chain: [issuing.certificate] };
    expect(certificateStatus(certificate, june, { roots: [root.certificate] })).to.equal("Untrusted");
    expect(certificateStatus(withChain, june, { roots: [root.certificate] })).to.equal("Valid");
    expect(certificateStatus(withChain, june, { roots: [] })).to.equal("Untrusted");
    expect(certificateStatus(withChain, new Date("2008-08-01"), { roots: [root.certificate] })).to.equal("DateInvalid");
  });

  it("calls what was issued against the rules invalid, though its root is trusted", async () => {
    const root = await makeAuthority("Root");
    const server = await makeCertificate({}, root);
    const { certificate } = await makeCertificate({}, server);
    const withChain = { ...certificate, chain: [server.certificate] };
    expect(certificateStatus(withChain, june, { roots: [root.certificate] })).to.equal("Invalid");
  });

  it("calls a certificate invalid that is not for servers", async () => {
    const { certificate } = await makeCertificate({ usage: "clientAuth" });
    expect(certificateStatus(certificate, june)).to.equal("Invalid");
  });
});

describe("servicesLetters", () => {
  it("prints a letter or a dot for each service, in Exchange's order", () => {
    expect(servicesLetters(["SMTP", "IIS", "POP", "IMAP"])).to.equal("IP.WS");
    expect(servicesLetters(["SMTP"])).to.equal("....S");
    expect(servicesLetters(["UM"])).to.equal("..U..");
    expect(servicesLetters([])).to.equal(".....");
  });
});

describe("orderForSelection", () => {
  it("puts the newest first, and lets thumbprints decide between equals", async () => {
    const made = await Promise.all(["2008-01-01", "2008-02-01", "2008-02-01"].map((from) => makeCertificate({ from })));
    const [oldest, ...equals] = made.map(({ certificate }) => certificate);
    const sorted = equals.toSorted((a, b) => a.thumbprint.localeCompare(b.thumbprint));
    expect(orderForSelection([oldest!, ...equals])).to.deep.equal([...sorted, oldest]);
    expect(orderForSelection([...equals.toReversed(), oldest!])).to.deep.equal([...sorted, oldest]);
  });
});
