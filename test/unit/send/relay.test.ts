import { expect } from "chai";
import type { ExchangeServer } from "../../../src/directory/index.ts";
import type { NextHopSolution, OpenChannel } from "../../../src/transport/mail-item.ts";
import { relayTo } from "../../../src/transport/send/index.ts";
import { type FakeServer, startFakeServer } from "./fake-server.ts";
import { hub, newSender, siteA } from "./sender.ts";

describe("relayTo", () => {
  const names = ["HubA", "HubB", "HubC"];
  let servers: FakeServer[];
  let hubs: ExchangeServer[];
  let down: FakeServer;

  before(async () => {
    servers = await Promise.all(names.map((name) => startFakeServer({ banner: `220 ${name} ready` })));
    hubs = names.map((name, n) => hub(name, servers[n]));
    down = await startFakeServer();
    await down.close();
  });
  after(() => Promise.all(servers.map((server) => server.close())));

  /** Opens `times` channels one after another and names the servers they reached. */
  async function reached(
    open: OpenChannel,
    sender: ReturnType<typeof newSender>,
    times: number,
    to = siteA,
  ): Promise<string[]> {
    for (let n = 0; n < times; n++) {
      const opened = await open(to);
      if ("lastError" in opened) throw new Error(opened.lastError);
      await opened.close();
    }
    return sender.records.filter(({ failure }) => failure === undefined).map(({ peerName }) => peerName);
  }

  it("turns round the Hubs of a site", async () => {
    const sender = newSender();
    expect(
      await reached(
        relayTo(sender, () => hubs),
        sender,
        7,
      ),
    ).to.deep.equal([...names, ...names, "HubA"]);
  });

  it("keeps a list for each next hop", async () => {
    const sender = newSender();
    const open = relayTo(sender, () => hubs);
    const siteB: NextHopSolution = { ...siteA, nextHopDomain: "SiteB" };
    await reached(open, sender, 1);
    await reached(open, sender, 1, siteB);
    expect(await reached(open, sender, 1)).to.deep.equal(["HubA", "HubA", "HubB"]);
  });

  it("spreads what begins at the same time", async () => {
    const sender = newSender();
    const open = relayTo(sender, () => hubs);
    await Promise.all(names.map(() => reached(open, sender, 1)));
    expect(sender.records.map(({ peerName }) => peerName).sort()).to.deep.equal(names);
  });

  it("tries a dead server in its turn and goes on to the next, whose load doubles", async () => {
    const sender = newSender();
    const open = relayTo(sender, () => [hub("HubA", down), ...hubs.slice(1)]);
    expect(await reached(open, sender, 6)).to.deep.equal(["HubB", "HubB", "HubC", "HubB", "HubB", "HubC"]);
    expect(sender.records.filter(({ failure }) => failure !== undefined)).to.have.length(2);
  });

  it("starts again with the same server after all have failed, and quotes that one", async () => {
    const sender = newSender();
    let list = [hub("HubA", servers[0]), hub("HubB", down)];
    (servers[0] as FakeServer).options.banner = "220 HubA ready";
    const open = relayTo({ ...sender, authenticate: () => ({ blob: "x", checkAnswer: () => false }) }, () => list);
    const expected =
      '451 4.4.0 Primary target IP address responded with: "454 4.7.0 Temporary authentication failure." ' +
      "Attempted failover to alternate host, but that did not succeed. " +
      "Either there are no alternate hosts, or delivery failed to all alternate hosts.";
    expect(await open(siteA)).to.deep.equal({ lastError: expected });
    expect(await open(siteA)).to.deep.equal({ lastError: expected });
    list = [];
    expect(await open(siteA)).to.deep.equal({ lastError: "451 4.4.0 DNS query failed" });
  });

  it("asks who the Hubs are each time", async () => {
    const sender = newSender();
    let list = hubs.slice(0, 1);
    const open = relayTo(sender, () => list);
    await reached(open, sender, 1);
    list = hubs.slice(2);
    expect(await reached(open, sender, 1)).to.deep.equal(["HubA", "HubC"]);
  });
});
