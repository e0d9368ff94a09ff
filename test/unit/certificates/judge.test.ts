import { expect } from "chai";
import { judgePeer, type StoredCertificate, type TrustRule } from "../../../src/certificates/index.ts";
import { makeCertificate } from "./make.ts";

const at = new Date("2008-06-01T00:00:00Z");

describe("judgePeer", () => {
  let peer: StoredCertificate;
  let other: StoredCertificate;
  before(async () => {
    peer = (await makeCertificate()).certificate;
    other = (await makeCertificate()).certificate;
  });
  const directTrust = (published: StoredCertificate | null): TrustRule => ({
    kind: "direct-trust",
    server: "ex1.contoso.com",
    published,
  });

  it("trusts the certificate that the directory publishes, and tells that it is self-signed", () => {
    const { outcome, steps } = judgePeer(peer, directTrust(peer), { at, expectedName: "ex1.contoso.com" });
    expect(outcome.kind).to.equal("trusted");
    expect(outcome.findings).to.deep.equal(["selfSigned"]);
    expect(steps.at(-1)).to.include({ source: "bb430753#direct-trust" });
  });

  it("refuses another certificate of the same names, and names both thumbprints", () => {
    const { outcome } = judgePeer(other, directTrust(peer), { at });
    expect(outcome.kind).to.equal("untrusted");
    expect(outcome.findings).to.include("notPublished");
    expect(outcome.reason).to.equal(
      `ex1.contoso.com presented certificate ${other.thumbprint} (CN=EX1), but the directory publishes ${peer.thumbprint} for it`,
    );
  });

  it("compares the certificate itself, not the thumbprint that stands beside it", () => {
    const forged = { thumbprint: peer.thumbprint, der: other.der };
    const { outcome } = judgePeer(peer, { kind: "direct-trust", server: "ex1.contoso.com", published: forged }, { at });
    expect(outcome.kind).to.equal("untrusted");
  });

  it("refuses any certificate of a server for which none is published", () => {
    const { outcome } = judgePeer(peer, directTrust(null), { at });
    expect(outcome).to.deep.include({ kind: "untrusted", findings: ["notPublished", "selfSigned"] });
    expect(outcome.reason).to.match(/publishes none for it$/);
  });

  it("refuses a server that presents none", () => {
    const { outcome } = judgePeer(undefined, directTrust(peer), { at });
    expect(outcome).to.deep.equal({
      kind: "untrusted",
      reason: "ex1.contoso.com presented no certificate",
      status: "NoCertificate",
      findings: ["missing"],
    });
  });

  it("trusts a published certificate that has expired, and raises 12019", () => {
    const { outcome, steps } = judgePeer(peer, directTrust(peer), { at: new Date("2009-06-01") });
    expect(outcome).to.deep.include({ kind: "trusted", findings: ["selfSigned", "expired"] });
    expect(steps.flatMap(({ event }) => event ?? [])).to.deep.equal([{ id: 12019, parameters: ["CN=EX1"] }]);
  });

  it("tells each flaw apart, though none of them decides under direct trust", async () => {
    const issuer = await makeCertificate({ commonName: "CA", names: [], authority: true });
    const { certificate } = await makeCertificate({ from: "2008-07-01" }, issuer);
    const { outcome } = judgePeer(certificate, directTrust(certificate), { at, expectedName: "mail.fabrikam.com" });
    expect(outcome).to.deep.include({ kind: "trusted", findings: ["unknownIssuer", "notYetValid", "wrongName"] });
  });

  it("raises no event for an expired certificate that it refuses", () => {
    const { steps } = judgePeer(other, directTrust(peer), { at: new Date("2009-06-01") });
    expect(steps.flatMap(({ event }) => event ?? [])).to.deep.equal([]);
  });

  it("lets everything pass where nothing is asked for, and still tells what it saw", () => {
    expect(judgePeer(peer, { kind: "none" }, { at, expectedName: "x" }).outcome).to.deep.equal({
      kind: "trusted",
      reason: "no identity is asked for",
      status: "ValidSelfSigned",
      findings: ["selfSigned", "wrongName"],
    });
    expect(judgePeer(undefined, { kind: "none" }, { at }).outcome).to.deep.include({
      kind: "trusted",
      findings: ["missing"],
    });
  });
});
