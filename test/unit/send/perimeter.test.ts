import { expect } from "chai";
import type { NextHopSolution } from "../../../src/transport/mail-item.ts";
import { type MadeCertificate, makeCertificate } from "../certificates/make.ts";
import { defaultOffers, type FakeServer, type FakeServerOptions, fakeServers } from "./fake-server.ts";
import {
  lastErrorOf,
  newDelivery,
  newSender,
  openChannel,
  publishing,
  putConnector,
  putServer,
  type Sender,
  storeOf,
} from "./sender.ts";

const content = Buffer.from("X-MS-Exchange-Organization-SCL: -1\r\nSubject: Hello\r\n\r\nHi\r\n");
/** What an Edge server offers, and a Hub to an Edge server: no X-EXPS. */
const offersEncrypted = defaultOffers.encrypted.filter((offer) => !offer.startsWith("X-EXPS"));

describe("a session across the perimeter", () => {
  const { start, stop } = fakeServers();
  after(stop);

  let hubs: MadeCertificate;
  let edges: MadeCertificate;
  before(async () => {
    hubs = await makeCertificate({ commonName: "Ex2007SE", names: ["Ex2007SE", "Ex2007SE.proexchange.local"] });
    edges = await makeCertificate({ commonName: "Edge1", names: ["Edge1", "edge1.perimeter.example"] });
  });

  /** A server of the organization, as it behaves across the perimeter. */
  const startPeer = (presents: MadeCertificate, options: FakeServerOptions = {}): Promise<FakeServer> =>
    start({ presents: [presents], asksForCertificate: true, offersEncrypted, ...options });

  /** A sender that publishes `own`, and has it. */
  function publish(sender: Sender, own: MadeCertificate): void {
    const itself = sender.organization.server(sender.name);
    if (itself) sender.organization.put("server", { ...itself, ...publishing(own.certificate) });
  }

  /** A Hub in SiteA that knows Edge1, and the queue to it. */
  function hubWithEdge(peer: FakeServer, changes: Parameters<typeof newSender>[0] = {}): Sender {
    const sender = newSender({ store: storeOf(hubs), ...changes });
    publish(sender, hubs);
    putServer(sender, "Edge1", peer, { fqdn: "edge1.perimeter.example", roles: ["EdgeTransport"] });
    putConnector(sender, { name: "EdgeSync - SiteA to Internet", sourceTransportServers: ["Edge1"] });
    return sender;
  }
  const toEdge: NextHopSolution = {
    deliveryType: "SmtpRelayWithinAdSiteToEdge",
    nextHopDomain: "EdgeSync - SiteA to Internet",
    connector: "EdgeSync - SiteA to Internet",
  };

  /** An Edge server that knows one Hub, and the queue to the organization. */
  function edgeWithHub(peer: FakeServer, changes: Parameters<typeof newSender>[0] = {}): Sender {
    const about = { name: "Edge1", fqdn: "edge1.perimeter.example", role: "edge" } as const;
    const sender = newSender({ ...about, store: storeOf(edges), ...changes });
    publish(sender, edges);
    putServer(sender, "Ex2007SE", peer);
    putConnector(sender, {
      name: "EdgeSync - Inbound to SiteA",
      dnsRoutingEnabled: false,
      smartHosts: ["--"],
      smartHostAuthMechanism: "ExchangeServer",
    });
    return sender;
  }
  const toHubs: NextHopSolution = {
    deliveryType: "SmartHostConnectorDelivery",
    nextHopDomain: "--",
    connector: "EdgeSync - Inbound to SiteA",
  };

  const ehlo = (name: string, offers: readonly string[]): string[] => [
    `>,EHLO ${name},`,
    "<,250-fake.example Hello [127.0.0.1],",
    ...offers.map((offer, n) => `<,250${n === offers.length - 1 ? " " : "-"}${offer},`),
  ];
  const certificateRows = ({ certificate }: MadeCertificate): string[] => [
    "*,,Sending certificate",
    `*,${certificate.subject},Certificate subject`,
    `*,${certificate.issuer},Certificate issuer name`,
    `*,${certificate.serialNumber},Certificate serial number`,
    `*,${certificate.thumbprint},Certificate thumbprint`,
    `*,${certificate.alternateNames.join(";")},Certificate alternate names`,
  ];

  it("leaves the rows of both certificates and no X-EXPS, from a Hub to an Edge server", async () => {
    const peer = await startPeer(edges);
    const sender = hubWithEdge(peer);
    const channel = await openChannel(sender, toEdge);
    await channel.deliver(newDelivery(["bob@fabrikam.example"]), content);
    await channel.close();

    const rows = sender.shown();
    expect(rows.slice(0, rows.indexOf("*,1407,sending message"))).to.deep.equal([
      "*,,attempting to connect",
      "+,,",
      "<,220 fake.example Microsoft ESMTP MAIL Service ready at Mon, 12 May 2008 10:00:00 +0000,",
      ...ehlo("Ex2007SE.proexchange.local", defaultOffers.inTheClear),
      ">,STARTTLS,",
      "<,220 2.0.0 SMTP server ready,",
      ...certificateRows(hubs),
      "*,,Received certificate",
      `*,${peer.thumbprint},Certificate thumbprint`,
      ...ehlo("Ex2007SE.proexchange.local", offersEncrypted),
    ]);
    expect(new Set(sender.rows.map(({ connectorId }) => connectorId))).to.deep.equal(
      new Set(["Intra-Organization SMTP Send Connector"]),
    );
    expect(peer.sessions[0]?.clientCertificate).to.equal(hubs.certificate.thumbprint);
    expect(sender.records[0]).to.deep.include({
      authentication: { by: "direct-trust", identity: "edge1.perimeter.example" },
      failure: undefined,
    });
    expect(sender.records[0]?.tls).to.deep.include({ verb: "STARTTLS", presented: hubs.certificate.thumbprint });
    expect(sender.records[0]?.tls?.received?.thumbprint).to.equal(edges.certificate.thumbprint);
    expect(sender.decisions.map(({ about }) => about)).to.deep.equal(["anonymous-tls-certificate", "peer-certificate"]);
    expect(sender.raised()).to.deep.equal([]);
  });

  it("is the inbound connector's, from an Edge server to a Hub", async () => {
    const peer = await startPeer(hubs);
    const sender = edgeWithHub(peer);
    const channel = await openChannel(sender, toHubs);
    await channel.deliver(newDelivery(["bob@proexchange.local"]), content);
    await channel.close();

    expect(sender.shown()).to.include.members([">,EHLO edge1.perimeter.example,", ...certificateRows(edges)]);
    expect(new Set(sender.rows.map(({ connectorId }) => connectorId))).to.deep.equal(
      new Set(["EdgeSync - Inbound to SiteA"]),
    );
    expect(peer.sessions[0]?.clientCertificate).to.equal(edges.certificate.thumbprint);
    expect(sender.records[0]?.authentication).to.deep.equal({
      by: "direct-trust",
      identity: "Ex2007SE.proexchange.local",
    });
  });

  it("logs as the inbound connector says", async () => {
    const sender = edgeWithHub(await startPeer(hubs));
    const connector = sender.organization.objects("sendConnector")[0];
    if (connector) putConnector(sender, { ...connector, protocolLoggingLevel: "None" });
    await (await openChannel(sender, toHubs)).close();
    expect(sender.rows).to.deep.equal([]);
  });

  it("keeps the headers of the organization", async () => {
    const peer = await startPeer(edges);
    const channel = await openChannel(hubWithEdge(peer), toEdge);
    await channel.deliver(newDelivery(["bob@fabrikam.example"]), content);
    await channel.close();
    expect(peer.sessions[0]?.contents).to.deep.equal([content.toString()]);
  });

  it("uses X-ANONYMOUSTLS where the lab asks for it", async () => {
    const peer = await startPeer(edges);
    await (await openChannel(hubWithEdge(peer, { intraOrgTls: "x-anonymoustls" }), toEdge)).close();
    expect(peer.sessions[0]?.lines).to.include("X-ANONYMOUSTLS").and.not.include("STARTTLS");
  });

  for (const [from, prepare, makePeer, solution] of [
    ["a Hub", hubWithEdge, () => startPeer(hubs), toEdge],
    ["an Edge server", edgeWithHub, () => startPeer(edges), toHubs],
  ] as const)
    it(`ends before the second EHLO where the peer of ${from} presents another certificate than is published`, async () => {
      const peer = await makePeer();
      const sender = prepare(peer);
      const [name, published] = from === "a Hub" ? (["Edge1", edges] as const) : (["Ex2007SE", hubs] as const);
      const known = sender.organization.server(name);
      if (known) sender.organization.put("server", { ...known, ...publishing(published.certificate) });

      const lastError = await lastErrorOf(sender, solution);
      expect(lastError).to.match(/responded with: "454 4\.7\.5 Certificate validation failure, Reason:.* presented/);
      await peer.sessions[0]?.ended;
      expect(peer.sessions[0]?.encrypted).to.equal("");
      expect(peer.sessions[0]?.lines).to.deep.equal([`EHLO ${sender.fqdn}`, "STARTTLS"]);
      expect(sender.records[0]).to.deep.include({ authentication: { by: "none", identity: "" } });
    });

  it("trusts nobody of whom nothing is published, and a lab that judges no Hub judges here all the same", async () => {
    const peer = await startPeer(edges);
    const sender = hubWithEdge(peer, { hubTrust: "exchange" });
    const nothing = { internalTransportCertificate: null, internalTransportCertificateThumbprint: null };
    const edge = sender.organization.server("Edge1");
    if (edge) sender.organization.put("server", { ...edge, ...nothing });
    expect(await lastErrorOf(sender, toEdge)).to.contain("the directory publishes none for it");
    expect(peer.sessions[0]?.encrypted).to.equal("");
  });

  it("tells that the peer's published certificate has expired, and goes on", async () => {
    const old = await makeCertificate({ commonName: "Edge1", from: "2006-01-01", to: "2007-01-01" });
    const sender = hubWithEdge(await startPeer(old));
    await (await openChannel(sender, toEdge)).close();
    expect(sender.raised()).to.deep.equal([[12019, "CN=Edge1"]]);
    expect(sender.records[0]?.authentication.by).to.equal("direct-trust");
  });

  it("tells that its own published certificate has expired, and presents it", async () => {
    const old = await makeCertificate({ commonName: "Ex2007SE", from: "2006-01-01", to: "2007-01-01" });
    const peer = await startPeer(edges);
    const sender = hubWithEdge(peer, { store: storeOf(old) });
    publish(sender, old);
    await (await openChannel(sender, toEdge)).close();
    expect(sender.raised()).to.deep.equal([[12015, old.certificate.thumbprint]]);
    expect(peer.sessions[0]?.clientCertificate).to.equal(old.certificate.thumbprint);
  });

  describe("without a certificate of its own", () => {
    it("goes no further than EHLO where the directory publishes none", async () => {
      const peer = await startPeer(edges);
      const sender = hubWithEdge(peer);
      putServer(sender, sender.name, undefined);
      expect(await lastErrorOf(sender, toEdge)).to.contain(
        '"451 5.7.3 Cannot achieve Exchange Server authentication."',
      );
      expect(peer.sessions[0]?.inTheClear).to.equal("EHLO Ex2007SE.proexchange.local\r\nQUIT\r\n");
      expect(sender.raised()).to.deep.equal([[12012]]);
    });

    it("goes no further than EHLO where its store lacks the one that is published", async () => {
      const peer = await startPeer(hubs);
      const sender = edgeWithHub(peer, { store: storeOf(hubs) });
      expect(await lastErrorOf(sender, toHubs)).to.contain(
        '"451 5.7.3 Cannot achieve Exchange Server authentication."',
      );
      expect(peer.sessions[0]?.inTheClear).to.equal("EHLO edge1.perimeter.example\r\nQUIT\r\n");
      expect(sender.raised()).to.deep.equal([[12013, edges.certificate.thumbprint]]);
    });
  });

  describe("never is in the clear", () => {
    it("where the peer offers no TLS: it hears EHLO and QUIT", async () => {
      const peer = await startPeer(edges, { offersInTheClear: ["PIPELINING"] });
      const sender = hubWithEdge(peer);
      expect(await lastErrorOf(sender, toEdge)).to.contain('"451 5.7.3 STARTTLS is required to send mail."');
      expect(peer.sessions[0]?.inTheClear).to.equal("EHLO Ex2007SE.proexchange.local\r\nQUIT\r\n");
      expect(sender.raised()).to.deep.equal([
        [2015, "Intra-Organization SMTP Send Connector", "edge1.perimeter.example", "edge1.perimeter.example"],
      ]);
    });

    it("where the peer refuses it", async () => {
      const peer = await startPeer(hubs, { answer: (line) => (line === "STARTTLS" ? "454 4.7.0 No" : undefined) });
      expect(await lastErrorOf(edgeWithHub(peer), toHubs)).to.contain('"454 4.7.0 No."');
      expect(peer.sessions[0]?.lines.at(-1)).to.equal("QUIT");
    });
  });

  it("waits, and nothing bounces, where the peer does not trust this server", async () => {
    const refusal = "454 4.7.0 Temporary authentication failure";
    const peer = await startPeer(edges, { answer: (line) => (line.startsWith("MAIL") ? refusal : undefined) });
    const channel = await openChannel(hubWithEdge(peer), toEdge);
    expect(await channel.deliver(newDelivery(["bob@fabrikam.example"]), content)).to.deep.equal({
      kind: "connectionFailed",
      lastError: refusal,
    });
  });

  describe("with a smart host that is called by name and is to be an Exchange server", () => {
    const relay: NextHopSolution = {
      deliveryType: "SmartHostConnectorDelivery",
      nextHopDomain: "edge1.perimeter.example",
      connector: "Relay",
    };
    const demand = (sender: Sender, smartHost: string): void =>
      void putConnector(sender, {
        name: "Relay",
        dnsRoutingEnabled: false,
        smartHosts: [smartHost],
        smartHostAuthMechanism: "ExchangeServer",
      });

    it("is direct trust all the same, on the connector's own name", async () => {
      const peer = await startPeer(edges);
      const sender = hubWithEdge(peer);
      demand(sender, "edge1.perimeter.example");
      await (await openChannel(sender, relay)).close();
      expect(sender.records[0]).to.deep.include({
        connectorId: "Relay",
        authentication: { by: "direct-trust", identity: "edge1.perimeter.example" },
      });
      expect(peer.sessions[0]?.clientCertificate).to.equal(hubs.certificate.thumbprint);
    });

    it("does not begin where the directory knows no such server", async () => {
      const peer = await startPeer(edges);
      const sender = hubWithEdge(peer);
      sender.names.setHost("relay.example", 25, peer.endpoint);
      demand(sender, "relay.example");
      expect(await lastErrorOf(sender, relay)).to.contain('"451 5.7.3 Cannot achieve Exchange Server authentication."');
      expect(peer.sessions).to.deep.equal([]);
    });
  });

  for (const [what, enabled] of [
    ["gone", undefined],
    ["disabled", false],
  ] as const)
    it(`does not begin where the connector is ${what}`, async () => {
      const peer = await startPeer(edges);
      const sender = hubWithEdge(peer);
      const connector = putConnector(sender, { name: "EdgeSync - SiteA to Internet", enabled: enabled ?? true });
      if (enabled === undefined) sender.organization.remove("sendConnector", connector);
      expect(await lastErrorOf(sender, toEdge)).to.equal(
        `451 4.4.0 Send connector EdgeSync - SiteA to Internet is ${what}`,
      );
      expect(peer.sessions).to.deep.equal([]);
    });
});
