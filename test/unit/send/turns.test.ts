import { expect } from "chai";
import type { NextHopSolution, OpenChannel } from "../../../src/transport/mail-item.ts";
import { openSend } from "../../../src/transport/send/index.ts";
import { type FakeServer, startFakeServer } from "./fake-server.ts";
import { newSender, putConnector, putServer, type Sender, siteB } from "./sender.ts";

/** Opens `times` channels one after another and names the servers they reached. */
async function reached(open: OpenChannel, sender: Sender, times: number, to = siteB): Promise<string[]> {
  for (let n = 0; n < times; n++) {
    const opened = await open(to);
    if (!("deliver" in opened)) throw new Error(JSON.stringify(opened));
    await opened.close();
  }
  return sender.records.filter(({ failure }) => failure === undefined).map(({ peerName }) => peerName);
}

describe("openSend", () => {
  const names = ["HubA", "HubB", "HubC"];
  let servers: FakeServer[];
  let down: FakeServer;

  before(async () => {
    servers = await Promise.all(names.map((name) => startFakeServer({ banner: `220 ${name} ready` })));
    down = await startFakeServer();
    await down.close();
  });
  after(() => Promise.all(servers.map((server) => server.close())));

  const place = (sender: Sender, name: string, server: FakeServer | undefined, site = "SiteB") =>
    putServer(sender, name, server, { site });
  const placeAll = (sender: Sender, site = "SiteB"): void =>
    names.forEach((name, n) => void place(sender, name, servers[n], site));

  it("turns round the Hubs of a site", async () => {
    const sender = newSender();
    placeAll(sender);
    expect(await reached(openSend(sender), sender, 7)).to.deep.equal([...names, ...names, "HubA"]);
  });

  it("keeps a list for each next hop", async () => {
    const sender = newSender();
    placeAll(sender);
    putServer(sender, "HubD", servers[2], { site: "SiteC" });
    putServer(sender, "HubE", servers[1], { site: "SiteC" });
    const open = openSend(sender);
    const siteC: NextHopSolution = { ...siteB, nextHopDomain: "SiteC" };
    await reached(open, sender, 1);
    await reached(open, sender, 1, siteC);
    expect(await reached(open, sender, 1)).to.deep.equal(["HubA", "HubC", "HubB"]);
  });

  it("spreads what begins at the same time", async () => {
    const sender = newSender();
    placeAll(sender);
    const open = openSend(sender);
    await Promise.all(names.map(() => reached(open, sender, 1)));
    expect(sender.records.map(({ peerName }) => peerName).sort()).to.deep.equal(names);
  });

  it("tries a dead server in its turn and goes on to the next, whose load doubles", async () => {
    const sender = newSender();
    placeAll(sender);
    place(sender, "HubA", down);
    expect(await reached(openSend(sender), sender, 6)).to.deep.equal(["HubB", "HubB", "HubC", "HubB", "HubB", "HubC"]);
    expect(sender.records.filter(({ failure }) => failure !== undefined)).to.have.length(2);
  });

  it("starts again with the same server after all have failed, and quotes that one", async () => {
    const sender = newSender({ authenticate: () => ({ blob: "x", checkAnswer: () => false }) });
    const hubs = [place(sender, "HubA", servers[0]), place(sender, "HubB", down)];
    const open = openSend(sender);
    const expected =
      '451 4.4.0 Primary target IP address responded with: "454 4.7.0 Temporary authentication failure." ' +
      "Attempted failover to alternate host, but that did not succeed. " +
      "Either there are no alternate hosts, or delivery failed to all alternate hosts.";
    expect(await open(siteB)).to.deep.equal({ lastError: expected });
    expect(await open(siteB)).to.deep.equal({ lastError: expected });
    for (const hub of hubs) sender.organization.remove("server", hub);
    expect(await open(siteB)).to.deep.equal({ lastError: "451 4.4.0 DNS query failed" });
  });

  it("asks who the Hubs are each time", async () => {
    const sender = newSender();
    const hub = place(sender, "HubA", servers[0]);
    const open = openSend(sender);
    await reached(open, sender, 1);
    sender.organization.remove("server", hub);
    place(sender, "HubC", servers[2]);
    expect(await reached(open, sender, 1)).to.deep.equal(["HubA", "HubC"]);
  });

  describe("to the mail exchangers of a domain", () => {
    const solution: NextHopSolution = {
      deliveryType: "DnsConnectorDelivery",
      nextHopDomain: "fabrikam.example",
      connector: "Internet",
    };
    const exchangers = (sender: Sender, list: readonly [FakeServer | undefined, number][]): void => {
      putConnector(sender, { name: "Internet" });
      const hosts = list.map(([server, preference], n) => ({
        host: `mx${n + 1}.fabrikam.example`,
        server,
        preference,
      }));
      for (const { host, server } of hosts) if (server) sender.names.setHost(host, 25, server.endpoint);
      sender.names.setMailExchangers("fabrikam.example", hosts);
    };

    it("turns round those of equal preference", async () => {
      const sender = newSender();
      exchangers(sender, [
        [servers[0], 10],
        [servers[1], 10],
        [servers[2], 20],
      ]);
      expect(await reached(openSend(sender), sender, 4, solution)).to.deep.equal(["HubA", "HubB", "HubA", "HubB"]);
    });

    it("goes on to the less preferred only when all before them have failed", async () => {
      const sender = newSender();
      exchangers(sender, [
        [down, 10],
        [servers[2], 20],
        [servers[1], 15],
      ]);
      expect(await reached(openSend(sender), sender, 2, solution)).to.deep.equal(["HubB", "HubB"]);
    });

    it("leaves out a host that nobody knows", async () => {
      const sender = newSender();
      exchangers(sender, [
        [undefined, 10],
        [servers[1], 20],
      ]);
      expect(await reached(openSend(sender), sender, 1, solution)).to.deep.equal(["HubB"]);
      expect(sender.records).to.have.length(1);
    });
  });

  it("turns round the smart hosts of a connector", async () => {
    const sender = newSender();
    const smartHosts = servers.map(({ endpoint }, n) => {
      sender.names.setHost(`relay${n}.example`, 26, endpoint);
      return `relay${n}.example`;
    });
    putConnector(sender, { name: "Relay", dnsRoutingEnabled: false, smartHosts, port: 26 });
    const solution: NextHopSolution = {
      deliveryType: "SmartHostConnectorDelivery",
      nextHopDomain: smartHosts.join(","),
      connector: "Relay",
    };
    expect(await reached(openSend(sender), sender, 4, solution)).to.deep.equal([...names, "HubA"]);
  });
});
