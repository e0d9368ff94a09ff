import { expect } from "chai";
import { declaredTopology, startTestLab, type TestLab, usePlace } from "../helpers/lab.ts";

const outside = { kind: "host", host: "mail.fabrikam.example" } as const;

describe("mail across a perimeter with two Edge servers and two Hubs", () => {
  const place = usePlace();
  let lab: TestLab;

  before(async () => {
    lab = await startTestLab(place, {
      topology: declaredTopology(
        {
          id: "perimeter",
          organization: "proexchange",
          domains: ["proexchange.local"],
          clock: "2008-05-12T10:00:00Z",
          sites: { SiteA: null, SiteB: null },
          siteLinks: [{ name: "A-B", sites: ["SiteA", "SiteB"] }],
          servers: {
            HUB1: { site: "SiteA", roles: ["HubTransport", "Mailbox"] },
            HUB2: { site: "SiteA", roles: ["HubTransport"] },
            HUB3: { site: "SiteB", roles: ["HubTransport", "Mailbox"] },
            EDGE1: { roles: ["EdgeTransport"], subscription: "SiteA" },
            EDGE2: { roles: ["EdgeTransport"], subscription: "SiteA" },
          },
          mailboxes: { anna: { server: "HUB3" }, bob: { server: "HUB1" } },
        },
        { hosts: { "mail.fabrikam.example": { domains: ["fabrikam.example"] } } },
      ),
    });
  });

  /** The receiving servers of the sessions that a step has led to, from one of `from`. */
  async function receiversDuring(from: readonly string[], step: () => Promise<unknown>): Promise<string[]> {
    const seen = lab.facts.sessions().length;
    await step();
    await lab.settled();
    return lab.facts
      .sessions()
      .slice(seen)
      .filter(({ side, server, messages }) => side === "send" && from.includes(server) && messages.length > 0)
      .map(({ peerName }) => peerName.split(".")[0] ?? "");
  }
  const out = () => lab.sendAndSettle({ from: "bob", to: ["carol@fabrikam.example"] });
  const inwards = () =>
    lab.outsideSend({
      from: "carol@fabrikam.example",
      to: ["bob@proexchange.local"],
      subject: "Hi",
      text: "",
      by: outside,
    });
  const deliveredOutside = async () => (await lab.delivered("carol@fabrikam.example")).length;

  it("has every Edge server among the sources of one Internet connector, and an inbound connector for each", async () => {
    const connectors = await lab.server("HUB1").configuration("sendConnector");
    const internet = connectors.find(({ name }) => name === "EdgeSync - SiteA to Internet");
    expect(internet?.sourceTransportServers).to.deep.equal(["EDGE1", "EDGE2"]);
    const inbound = connectors.filter(({ addressSpaces }) => addressSpaces.some(({ domain }) => domain === "--"));
    expect(inbound.flatMap(({ sourceTransportServers }) => sourceTransportServers).sort()).to.deep.equal([
      "EDGE1",
      "EDGE2",
    ]);
  });

  it("turns round the Edge servers on its way out", async () => {
    const turns: string[] = [];
    for (let turn = 0; turn < 4; turn++) turns.push(...(await receiversDuring(["HUB1", "HUB2"], out)));
    const edges = turns.filter((name) => name.startsWith("EDGE"));
    expect(edges.slice(0, 2).sort()).to.deep.equal(["EDGE1", "EDGE2"]);
    expect(edges.slice(2)).to.deep.equal(edges.slice(0, 2));
  });

  it("turns round the Hubs of the subscribed site on its way in", async () => {
    const turns: string[] = [];
    for (let turn = 0; turn < 8; turn++) turns.push(...(await receiversDuring(["EDGE1", "EDGE2"], inwards)));
    expect(new Set(turns)).to.deep.equal(new Set(["HUB1", "HUB2"]));
    expect(await lab.delivered("bob")).to.have.lengthOf(8);
  });

  it("comes from another site by way of the site that the Edge servers are subscribed to", async () => {
    const before = await deliveredOutside();
    await lab.sendAndSettle({ from: "anna", to: ["carol@fabrikam.example"] });
    expect(await deliveredOutside()).to.equal(before + 1);
    expect(
      (await receiversDuring(["HUB3"], () => lab.sendAndSettle({ from: "anna", to: ["carol@fabrikam.example"] })))[0],
    ).to.be.oneOf(["HUB1", "HUB2"]);
  });

  it("goes over the other Edge server when one is down, in both directions", async () => {
    await lab.stopServer("EDGE1");
    const before = await deliveredOutside();
    for (let turn = 0; turn < 3; turn++) expect(await receiversDuring(["HUB1", "HUB2"], out)).to.include("EDGE2");
    expect(await deliveredOutside()).to.equal(before + 3);
    const bobs = (await lab.delivered("bob")).length;
    for (let turn = 0; turn < 3; turn++) await inwards();
    await lab.settled();
    expect(await lab.delivered("bob")).to.have.lengthOf(bobs + 3);
    await lab.startServer("EDGE1");
  });

  it("goes over the other Hub when one is down", async () => {
    await lab.stopServer("HUB2");
    const bobs = (await lab.delivered("bob")).length;
    for (let turn = 0; turn < 4; turn++)
      expect(await receiversDuring(["EDGE1", "EDGE2"], inwards)).to.deep.equal(["HUB1"]);
    expect(await lab.delivered("bob")).to.have.lengthOf(bobs + 4);
    await lab.startServer("HUB2");
  });
});
