import { expect } from "chai";
import { declaredTopology, startTestLab, type TestLab, usePlace } from "../helpers/lab.ts";

const dayMs = 86_400_000;
const servers = ["HUB1", "HUB2", "Edge1"];

// How long it may take is npm run bench's affair.
describe("a year of two Hubs and a subscribed Edge server", function () {
  this.timeout(400_000);
  const place = usePlace();
  let lab: TestLab;
  before(async () => {
    lab = await startTestLab(place, {
      topology: declaredTopology({
        id: "year",
        organization: "proexchange",
        domains: ["proexchange.local"],
        clock: "2008-05-12T10:00:00Z",
        sites: { SiteA: null },
        servers: {
          HUB1: { site: "SiteA", roles: ["HubTransport", "Mailbox"] },
          HUB2: { site: "SiteA", roles: ["HubTransport", "Mailbox"] },
          Edge1: { roles: ["EdgeTransport"], subscription: "SiteA" },
        },
        mailboxes: { anna: { server: "HUB1" }, bob: { server: "HUB2" } },
      }),
    });
    await lab.advance(340 * dayMs);
    for (const server of servers) await lab.shell(server, "New-ExchangeCertificate -Services SMTP -Force");
    await lab.shell("Edge1", "New-EdgeSubscription -FileName again.xml -Force");
    await lab.carryFile("again.xml", "Edge1", "HUB1");
    await lab.shell("HUB1", "New-EdgeSubscription -FileName again.xml -Site SiteA");
    await lab.shell("HUB1", "Start-EdgeSynchronization");
    await lab.advance(25 * dayMs);
  });

  it("passes to the day", () => {
    expect(lab.clockNow().toISOString().slice(0, 10)).to.equal("2009-05-12");
  });

  it("synchronizes the Edge server to the end, by each schedule", async () => {
    const status = await lab.server("HUB1").testEdgeSynchronization({
      compare: true,
      excludeRecipients: false,
      maxReportSize: 10,
    });
    expect(status.map(({ syncStatus }) => syncStatus)).to.deep.equal(["Normal"]);
    const late = lab.clockNow().getTime() - (status[0]?.lastSynchronizedUtc?.getTime() ?? 0);
    expect(late).to.be.within(0, 4 * 3_600_000);
  });

  it("renews every account of EdgeSync as it ages", async () => {
    const held = (await lab.directoryObjects("Edge1")).filter(({ key }) => key.includes("replicationAccount/"));
    const expirations = held.map(({ attributes }) => Date.parse(JSON.parse(attributes["expirationTime"] ?? '""')));
    for (const hub of ["HUB1", "HUB2"])
      expect(
        held.some(({ key }) => key.includes(`.${hub}.`)),
        hub,
      ).to.equal(true);
    expect(Math.max(...expirations)).to.be.above(lab.clockNow().getTime());
    expect(lab.facts.events().filter(({ id }) => [1004, 1006, 1024, 10104].includes(id))).to.deep.equal([]);
  });

  it("warns of each certificate once a day, until it is renewed", () => {
    for (const server of servers) {
      const raised = lab.facts.events().filter((event) => event.server === server);
      const days = raised.filter(({ id }) => id === 12017).map(({ at }) => at.toISOString().slice(0, 10));
      expect(days, server).to.deep.equal(
        ["04-12", "04-13", "04-14", "04-15", "04-16", "04-17"].map((day) => `2009-${day}`),
      );
      expect(raised.filter(({ id }) => id === 12015 || id === 12016)).to.deep.equal([]);
    }
  });

  it("brings mail at the end as at the beginning", async () => {
    await lab.sendAndSettle();
    expect(await lab.inbox("bob")).to.have.length(1);
  });
});
