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
    expect(decision.steps.map(({ source, candidate }) => [source, candidate?.fate])).to.deep.equal([
      ["bb430790#4", "unfit"],
      ["bb430790#4", "chosen"],
    ]);
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

  const subscribed = { smartHostAuthMechanism: "ExchangeServer", smartHosts: ["--"] } as const;

  it("presents the published one from an Edge server to the Hubs of its site", async () => {
    const { certificate } = await makeCertificate();
    const sender = { role: "edge", connector: subscribed } as const;
    const decision = selectOutboundAnonymousTlsCertificate(sender, certificate.thumbprint, [certificate], june);
    expect(decision.outcome).to.equal(certificate);
    expect(decision.steps.map(({ source }) => source)).to.deep.equal(["bb430773#2"]);
  });

  it("presents none from an Edge server through any other connector, and says why", async () => {
    const { certificate } = await makeCertificate();
    const others = [
      [{ ...subscribed, smartHostAuthMechanism: "None" }, /SmartHostAuthMechanism is None/],
      [{ ...subscribed, smartHostAuthMechanism: "ExternalAuthoritative" }, /is ExternalAuthoritative/],
      [{ ...subscribed, smartHosts: ["mail.fabrikam.com"] }, /smart hosts are mail\.fabrikam\.com, not --/],
      [{ ...subscribed, smartHosts: ["--", "mail.fabrikam.com"] }, /smart hosts are --, mail\.fabrikam\.com, not --/],
      [{ ...subscribed, smartHosts: [] }, /smart hosts are none, not --/],
    ] as const;
    for (const [other, why] of others) {
      const sender = { role: "edge", connector: other } as const;
      const { outcome, steps } = selectOutboundAnonymousTlsCertificate(
        sender,
        certificate.thumbprint,
        [certificate],
        june,
      );
      expect(outcome).to.equal(undefined);
      expect(steps.map(({ source }) => source)).to.deep.equal(["bb430773#conditions"]);
      expect(steps[0]?.text).to.match(why);
      expect(steps.flatMap(({ event }) => event ?? [])).to.deep.equal([]);
    }
  });

  it("raises the events of the other direction: nothing published, not in the store, expired", async () => {
    const { certificate } = await makeCertificate();
    const sender = { role: "edge", connector: subscribed } as const;
    const eventsOf = (...[published, store, at]: [string | null, StoredCertificate[], Date]): unknown[] =>
      events(selectOutboundAnonymousTlsCertificate(sender, published, store, at));
    const { thumbprint } = certificate;
    expect(eventsOf(null, [certificate], june)).to.deep.equal([{ id: 12012, parameters: [] }]);
    expect(eventsOf(thumbprint, [], june)).to.deep.equal([{ id: 12013, parameters: [thumbprint] }]);
    expect(eventsOf(thumbprint, [certificate], new Date("2009-02-01"))).to.deep.equal([
      { id: 12015, parameters: [thumbprint] },
    ]);
  });
});
