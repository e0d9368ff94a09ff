import { join } from "node:path";
import { expect } from "chai";
import { startTestLab, topologyOf, usePlace } from "../helpers/lab.ts";
import { needTool } from "../helpers/tools.ts";

describe("a lab that is started again with another file", () => {
  const place = usePlace();

  it("goes on from the time at which it ended, whatever the file names; a new one begins there", async () => {
    const topology = { ...(await topologyOf()), clock: new Date("2008-05-12T10:00:00Z") };
    const dataFolder = join(place.path, "time");
    const first = await startTestLab(place, { keepLogs: true, dataFolder, topology });
    await first.advance(3_600_000);
    const endedAt = first.clockNow();
    expect(endedAt.getTime()).to.be.at.least(Date.parse("2008-05-12T11:00:00Z"));
    await first.close();
    const second = await startTestLab(place, { keepLogs: true, dataFolder, topology });
    expect(second.clockNow()).to.be.at.least(endedAt);
    expect(second.clockNow()).to.be.below(new Date("2008-05-12T11:05:00Z"));
    await second.close();
  });

  it("keeps what an administrator has set, and forgets what the file no longer declares", async () => {
    const topology = await topologyOf();
    const first = await startTestLab(place, { keepLogs: true });
    await first.shell("Ex2007EE", `Set-ReceiveConnector "Ex2007EE\\Default Ex2007EE" -Banner "220 hello"`);
    const thumbprint = (await first.server("Ex2007EE").exchangeCertificates())[0]?.thumbprint;
    await first.close();

    const second = await startTestLab(place, {
      keepLogs: true,
      topology: {
        servers: topology.servers.filter(({ name }) => name === "Ex2007EE"),
        mailboxes: topology.mailboxes.filter(({ server }) => server === "Ex2007EE"),
      },
    });
    const [connector] = await second.server("Ex2007EE").receiveConnectors("Ex2007EE\\Default Ex2007EE");
    expect(connector?.banner).to.equal("220 hello");
    expect((await second.server("Ex2007EE").exchangeCertificates())[0]?.thumbprint).to.equal(thumbprint);
    expect((await second.server("Ex2007EE").adSites()).flatMap(({ servers }) => servers)).to.deep.equal(["Ex2007EE"]);
    expect(await second.shell("Ex2007EE", "Get-ReceiveConnector")).not.to.include("Ex2007SE");
  });
});

describe("a lab with a subscribed Edge server that is started again", () => {
  const place = usePlace();

  for (const directory of ["embedded", "redis"])
    it(`goes on where it was, directory ${directory}: nobody subscribes or synchronizes anything`, async function () {
      if (directory === "redis") await needTool(this, "redis-server");
      const topology = await topologyOf("08-mail-through-the-edge");
      const options = { topology, directory, keepLogs: true, dataFolder: join(place.path, directory) };
      const first = await startTestLab(place, options);
      const before = await first.directoryObjects("EDGE1");
      await first.close();

      // As a lab file that has the steps of the ceremony in it, and not their result.
      const servers = topology.servers.map((server) => ({ ...server, subscription: undefined }));
      const second = await startTestLab(place, { ...options, topology: { ...topology, servers } });
      expect(await second.directoryObjects("EDGE1")).to.deep.include.members(before.filter(isReplicated));
      expect(second.facts.directoryChanges()).to.deep.equal([]);
      expect(await second.shell("Ex2007EE", "Get-EdgeSubscription")).to.include("EDGE1");
      await second.sendAndSettle({ to: ["carol@fabrikam.example"] });
      expect(await second.delivered("carol@fabrikam.example")).to.have.lengthOf(1);
      const by = { kind: "host", host: "mail.fabrikam.example" } as const;
      const message = { from: "carol@fabrikam.example", to: ["bob@proexchange.local"], subject: "Hi", text: "Hi", by };
      expect((await second.outsideSend(message)).accepted).to.deep.equal(["bob@proexchange.local"]);
      await second.settled();
      expect(await second.delivered("bob")).to.have.lengthOf(1);
      await second.shell("Ex2007EE", "New-RemoteDomain New -DomainName new.example");
      const shown = await second.shell("Ex2007EE", "Start-EdgeSynchronization");
      expect(shown, shown).to.match(/Success +Configuration +EDGE1 +1 /);
      await second.close();
    });
});

/** What EdgeSync has brought; what the server says of itself may change with each start. */
const isReplicated = ({ attributes }: { attributes: Readonly<Record<string, string>> }): boolean =>
  "edgeSyncGeneration" in attributes;
