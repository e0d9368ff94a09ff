import { expect } from "chai";
import {
  selectInternalTransportCertificate,
  selectOutboundAnonymousTlsCertificate,
  type StoredCertificate,
} from "../../../src/certificates/index.ts";
import { makeCertificate } from "./make.ts";

const connector = { authMechanism: ["Tls", "ExchangeServer"] as const };
const june = new Date("2008-06-01T00:00:00Z");
const events = ({ steps }: { steps: readonly { event?: unknown }[] }): unknown[] =>
  steps.flatMap(({ event }) => event ?? []);

describe("selectInternalTransportCertificate", () => {
  let published: StoredCertificate;
  let newer: StoredCertificate;
  before(async () => {
    // No name, no service and no date matters: the directory says which it is.
    published = { ...(await makeCertificate({ commonName: "X", names: [] })).certificate, services: [] };
    newer = (await makeCertificate({ from: "2008-05-01" })).certificate;
  });

  it("presents the one that the directory publishes, whatever else is in the store", () => {
    const decision = selectInternalTransportCertificate(connector, published.thumbprint, [newer, published], june);
    expect(decision.outcome).to.equal(published);
    expect(events(decision)).to.deep.equal([]);
    expect(decision.steps.map(({ source }) => source)).to.deep.equal(["bb430790#4"]);
  });

  it("presents none when AuthMechanism lacks ExchangeServer", () => {
    const decision = selectInternalTransportCertificate(
      { authMechanism: ["Tls"] },
      published.thumbprint,
      [published],
      june,
    );
    expect(decision.outcome).to.equal(undefined);
    expect(decision.steps.map(({ source }) => source)).to.deep.equal(["bb430790#2"]);
  });

  it("raises 12012 when the directory publishes none", () => {
    const decision = selectInternalTransportCertificate(connector, null, [published], june);
    expect(decision.outcome).to.equal(undefined);
    expect(events(decision)).to.deep.equal([{ id: 12012, parameters: [] }]);
  });

  it("raises 12013 when the published one is not in the store, or its key is missing", () => {
    const expected = [{ id: 12013, parameters: [published.thumbprint] }];
    for (const store of [[newer], [{ ...published, hasPrivateKey: false }]]) {
      const decision = selectInternalTransportCertificate(connector, published.thumbprint, store, june);
      expect(decision.outcome).to.equal(undefined);
      expect(events(decision)).to.deep.equal(expected);
    }
  });

  it("presents an expired one all the same, and raises 12015", () => {
    const decision = selectInternalTransportCertificate(
      connector,
      published.thumbprint,
      [published],
      new Date("2009-02-01"),
    );
    expect(decision.outcome).to.equal(published);
    expect(events(decision)).to.deep.equal([{ id: 12015, parameters: [published.thumbprint] }]);
  });

  it("raises 12017 with the hours that remain when it expires soon", () => {
    const decision = selectInternalTransportCertificate(
      connector,
      published.thumbprint,
      [published],
      new Date("2008-12-31T12:00:00Z"),
    );
    expect(decision.outcome).to.equal(published);
    expect(events(decision)).to.deep.equal([{ id: 12017, parameters: [published.thumbprint, "12"] }]);
  });
});

describe("selectOutboundAnonymousTlsCertificate", () => {
  it("presents none between Hubs, and says why", async () => {
    const { certificate } = await makeCertificate();
    const decision = selectOutboundAnonymousTlsCertificate(
      { role: "hub", deliveryType: "SmtpRelayToRemoteAdSite" },
      certificate.thumbprint,
      [certificate],
      june,
    );
    expect(decision.outcome).to.equal(undefined);
    expect(decision.steps.map(({ text }) => text).join()).to.match(/no Edge server.*X-EXPS/);
  });

  it("presents the published one on the way to an Edge server", async () => {
    const { certificate } = await makeCertificate();
    const decision = selectOutboundAnonymousTlsCertificate(
      { role: "hub", deliveryType: "SmtpRelayWithinAdSiteToEdge" },
      certificate.thumbprint,
      [certificate],
      june,
    );
    expect(decision.outcome).to.equal(certificate);
    expect(decision.steps.map(({ source }) => source)).to.deep.equal(["bb430773#2"]);
  });
});
