import { cp, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { LabError } from "../../src/base/index.ts";
import type { CertificateView } from "../../src/lab/index.ts";
import { declaredTopology, startTestLab, type TestLab, topologyOf, usePlace } from "../helpers/lab.ts";
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
    await second.close();
  });

  it("has ended its faults: a server has its own certificate back, and the directory names it", async () => {
    const dataFolder = join(place.path, "faults");
    const held = async (lab: TestLab) =>
      (await lab.server("Ex2007EE").exchangeCertificates()).map((one) => [one.thumbprint, one.internalTransport]);
    const first = await startTestLab(place, { keepLogs: true, dataFolder });
    const own = await held(first);
    await first.shell("Ex2007EE", "Set-LabFault Ex2007EE duplicate-subject");
    await first.shell("Ex2007EE", "Set-LabFault Ex2007EE newer-but-invalid");
    expect(await held(first))
      .to.have.length(2)
      .and.not.to.deep.equal(own);
    await first.settled();
    const asItDied = join(place.path, "died");
    await cp(dataFolder, asItDied, { recursive: true });
    await first.close();

    for (const left of [dataFolder, asItDied]) {
      const second = await startTestLab(place, { keepLogs: true, dataFolder: left });
      expect(await held(second), left).to.deep.equal(own);
      expect(await second.faults()).to.deep.equal([]);
      expect(await second.shell("Ex2007EE", "Get-ExchangeCertificate | Measure-Object")).to.match(/Count +: 1/);
      await second.sendAndSettle();
      await second.close();
    }
  });
});

describe("what a fault has replaced, in a lab that is started again", () => {
  const place = usePlace();

  it("is an Edge server's own certificate again, for the Hubs too", async () => {
    const topology = await topologyOf("08-mail-through-the-edge");
    const [dataFolder, asItDied] = [join(place.path, "data"), join(place.path, "died")];
    const published = async (lab: TestLab): Promise<unknown[]> =>
      (await lab.directoryObjects("Ex2007EE"))
        .filter(({ key }) => key.endsWith("server/EDGE1"))
        .map(({ attributes }) => attributes["internalTransportCertificateThumbprint"]);
    const first = await startTestLab(place, { topology, keepLogs: true, dataFolder });
    const own = await published(first);
    await first.shell("EDGE1", "Set-LabFault EDGE1 expired");
    expect(await published(first))
      .to.have.length(1)
      .and.not.to.deep.equal(own);
    await first.settled();
    await cp(dataFolder, asItDied, { recursive: true });
    await first.close();
    const second = await startTestLab(place, { topology, keepLogs: true, dataFolder: asItDied });
    expect(await published(second)).to.deep.equal(own);
    await second.close();
  });

  it("does not come back when it has been put back, and removed since", async () => {
    const dataFolder = join(place.path, "put-back");
    const thumbprints = async (lab: TestLab): Promise<string[]> =>
      (await lab.server("Ex2007EE").exchangeCertificates()).map(({ thumbprint }) => thumbprint);
    const first = await startTestLab(place, { keepLogs: true, dataFolder });
    const [own = ""] = await thumbprints(first);
    for (const line of [
      "Set-LabFault Ex2007EE expired",
      "Clear-LabFault Ex2007EE",
      "New-ExchangeCertificate -Force",
      `Remove-ExchangeCertificate ${own} -Confirm:$false`,
    ])
      await first.shell("Ex2007EE", line);
    const left = await thumbprints(first);
    await first.close();
    const second = await startTestLab(place, { keepLogs: true, dataFolder });
    expect(await thumbprints(second))
      .to.deep.equal(left)
      .and.not.to.include(own);
    await second.close();
  });
});

describe("the authorities of a lab that is started again", () => {
  const place = usePlace();
  const topology = declaredTopology(
    {
      organization: "proexchange",
      domains: ["proexchange.example"],
      clock: "2008-05-12T10:00:00Z",
      keys: "p256",
      sites: { SiteA: {} },
      servers: { EX1: { site: "SiteA", roles: ["HubTransport", "Mailbox"] } },
      mailboxes: { anna: { server: "EX1" } },
    },
    {
      authorities: { "Proexchange Root": {}, "Proexchange Issuing": { issuedBy: "Proexchange Root" } },
      hosts: { "mail.woodgrove.example": { domains: ["woodgrove.example"], sends: "verified" } },
    },
  );
  const ask = async (lab: TestLab, name: string): Promise<string> => {
    for (const line of [
      `New-ExchangeCertificate -GenerateRequest -DomainName ${name} -Path C:\\${name}.req`,
      `Submit-LabRequest C:\\${name}.req C:\\${name}.p7b -Authority 'Proexchange Issuing'`,
      `Import-ExchangeCertificate C:\\${name}.p7b`,
    ])
      await lab.shell("EX1", line);
    return (await held(lab, name))?.thumbprint ?? "";
  };
  const held = async (lab: TestLab, name: string): Promise<CertificateView | undefined> =>
    (await lab.server("EX1").exchangeCertificates()).find(
      (one) => !one.isSelfSigned && one.certificateDomains.includes(name),
    );
  const fromOutside = (lab: TestLab) => {
    const by = { kind: "host", host: "mail.woodgrove.example" } as const;
    return lab.outsideSend({
      by,
      from: "dave@woodgrove.example",
      to: ["anna@proexchange.example"],
      subject: "",
      text: "",
    });
  };

  it("are those that they were, with what they have revoked, and are trusted by those who have installed them", async () => {
    const first = await startTestLab(place, { keepLogs: true, topology });
    const thumbprint = await ask(first, "EX1.proexchange.example");
    const revoked = await ask(first, "revoked.proexchange.example");
    for (const line of [
      "Install-LabRoot -Authority 'Proexchange Root'",
      "Install-LabRoot -Authority 'Proexchange Root' -On mail.woodgrove.example",
      `Enable-ExchangeCertificate ${thumbprint} -Services SMTP -Force`,
      "Set-ReceiveConnector 'EX1\\Default EX1' -PermissionGroups AnonymousUsers,ExchangeServers",
      `Revoke-LabCertificate ${revoked}`,
    ])
      await first.shell("EX1", line);
    expect((await fromOutside(first)).refused).to.deep.equal([]);
    const before = await first.authorities();
    await first.close();

    const second = await startTestLab(place, { keepLogs: true, topology });
    const after = await second.authorities();
    expect(after.map(({ thumbprint }) => thumbprint)).to.deep.equal(before.map(({ thumbprint }) => thumbprint));
    expect(after.map((one) => one.revoked)).to.deep.equal(before.map((one) => one.revoked));
    for (const [index, { list }] of after.entries()) expect(list.number).to.be.above(before[index]?.list.number ?? 0);
    expect((await held(second, "EX1.proexchange.example"))?.status).to.equal("Valid");
    expect((await held(second, "revoked.proexchange.example"))?.status).to.equal("Revoked");
    expect((await fromOutside(second)).refused).to.deep.equal([]);
    expect((await stat(join(dirname(after[0]?.files.certificate ?? ""), "key.pem"))).mode & 0o777).to.equal(0o600);
    await second.close();
  });

  it("are founded anew where the file has another one above them", async () => {
    const first = await startTestLab(place, { keepLogs: true, topology });
    const before = await first.authorities();
    await first.close();
    const authorities = topology.world.authorities.map(({ name }) => ({ name, issuedBy: null }));
    const second = await startTestLab(place, {
      keepLogs: true,
      topology: { ...topology, world: { ...topology.world, authorities } },
    });
    const after = await second.authorities();
    expect(after[0]?.thumbprint).to.equal(before[0]?.thumbprint);
    expect(after[1]?.thumbprint).not.to.equal(before[1]?.thumbprint);
    await second.close();
  });

  it("are refused, and nothing is begun, where what they have kept is damaged", async () => {
    const folder = join(place.path, "data/world/authorities/Proexchange Root");
    await writeFile(join(folder, "register.json"), "{");
    const thrown: unknown = await startTestLab(place, { keepLogs: true, topology }).catch(
      (failure: unknown) => failure,
    );
    expect(thrown).to.be.instanceOf(LabError);
    expect((thrown as LabError).code).to.equal("LAB_AUTHORITY_UNREADABLE");
    expect((thrown as LabError).remedy).to.include(folder);
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
