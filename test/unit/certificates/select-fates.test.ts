import { expect } from "chai";
import { fatesOf, selectStartTlsCertificate, type StoredCertificate } from "../../../src/certificates/index.ts";
import { makeCertificate } from "./make.ts";

const june = new Date("2008-06-01T00:00:00Z");
const connector = (...authMechanism: ("Tls" | "ExchangeServer")[]) => ({
  name: "Default EX1",
  fqdn: null,
  authMechanism,
});

describe("fatesOf", () => {
  let winner: StoredCertificate;
  let older: StoredCertificate;
  let web: StoredCertificate;
  before(async () => {
    const made = await Promise.all([
      makeCertificate({ from: "2008-03-01" }),
      makeCertificate({ from: "2008-02-01" }),
      makeCertificate({ names: ["www.contoso.com"], commonName: "www.contoso.com" }),
    ]);
    [winner, older, web] = made.map(({ certificate }) => certificate) as [typeof winner, typeof older, typeof web];
  });

  it("tells of each certificate which step settled it, also of those after the one that is presented", () => {
    const store = [web, older, winner];
    const selection = selectStartTlsCertificate(connector("Tls"), "ex1.contoso.com", store, june);
    expect(fatesOf(selection, store)).to.deep.equal([
      { candidate: winner, fate: "chosen", reason: "the first self-signed one is presented", source: "bb430748#8" },
      {
        candidate: older,
        fate: "lost",
        reason: `older than ${winner.thumbprint}, which became valid later`,
        source: "bb430748#6",
      },
      { candidate: web, fate: "unfit", reason: "its names are www.contoso.com", source: "bb430748#4" },
    ]);
  });

  it("says that a certificate was not considered where the selection ended before, and at which step", () => {
    const selection = selectStartTlsCertificate(connector("ExchangeServer"), "ex1.contoso.com", [winner], june);
    expect(fatesOf(selection, [winner])).to.deep.equal([
      {
        candidate: winner,
        fate: "notConsidered",
        reason: "the selection ended before it came to any",
        source: "bb430748#2",
      },
    ]);
  });

  it("says of two that became valid together that the lower thumbprint goes first", () => {
    const twin = { ...winner, thumbprint: winner.thumbprint < "8" ? "F".repeat(40) : "0".repeat(40) };
    const [first, second] = winner.thumbprint < "8" ? [winner, twin] : [twin, winner];
    const selection = selectStartTlsCertificate(connector("Tls"), "ex1.contoso.com", [second, first], june);
    expect(fatesOf(selection, [twin, winner]).map(({ fate, reason }) => [fate, reason])).to.deep.equal([
      ["chosen", "the first self-signed one is presented"],
      ["lost", `became valid when ${first.thumbprint} did, whose thumbprint is lower`],
    ]);
  });
});
