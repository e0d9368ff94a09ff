import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { openCertificateStore, unsealSecret } from "../../../src/certificates/index.ts";
import { declaredTopology, startTestLab, type TestLab, usePlace } from "../../helpers/lab.ts";
import { type RecordingProxy, recordTypes, startRecordingProxy } from "../../helpers/recording-proxy.ts";

const words = { subject: "Quarterly figures 4711", text: "Dear partner,\r\nthese figures are not for everyone." };
const ports = [
  { server: "HUB1", port: 25 },
  { server: "HUB2", port: 25 },
  { server: "EDGE1", port: 25 },
  { server: "EDGE1", port: 50636 },
];

/** What one side said on one connection, in one piece. */
const saidBy = (side: "client" | "server", connection: RecordingProxy["connections"][number]): Buffer =>
  Buffer.concat(connection.flatMap(({ from, octets }) => (from === side ? octets : [])));

/** What passes on a connection once the server has said that it is ready for TLS; all of it where TLS begins at once. */
function sealedPart(connection: RecordingProxy["connections"][number], port: number) {
  if (port !== 25) return connection;
  const goAhead = connection.findIndex(
    ({ from, octets }) => from === "server" && /^220 2\.0\.0 /.test(octets.toString("latin1")),
  );
  return goAhead < 0 ? [] : connection.slice(goAhead + 1);
}

describe("recorders before every port of an organization with an Edge server", () => {
  const place = usePlace();
  const recorders = new Map<string, RecordingProxy>();
  let lab: TestLab;
  let secrets: string[];

  before(async () => {
    lab = await startTestLab(place, {
      topology: declaredTopology(
        {
          organization: "proexchange",
          domains: ["proexchange.local"],
          clock: "2008-05-12T10:00:00Z",
          sites: { SiteA: null, SiteB: null },
          siteLinks: [{ name: "A-B", sites: ["SiteA", "SiteB"] }],
          servers: {
            HUB1: { site: "SiteA", roles: ["HubTransport", "Mailbox"] },
            HUB2: { site: "SiteB", roles: ["HubTransport", "Mailbox"] },
            EDGE1: { roles: ["EdgeTransport"] },
          },
          mailboxes: { anna: { server: "HUB2" }, bob: { server: "HUB1" } },
        },
        { hosts: { "mail.fabrikam.example": { domains: ["fabrikam.example"] } } },
      ),
    });
    for (const { server, port } of ports) {
      const target = lab.located(server, port);
      if (!target) throw new Error(`${server} does not listen on ${port}`);
      const recorder = await startRecordingProxy({ address: "127.0.0.1", port: 0 }, target);
      place.atEnd(() => recorder.close());
      lab.intercept(server, recorder.endpoint, port);
      recorders.set(`${server}:${port}`, recorder);
    }
    await lab.shell("EDGE1", String.raw`New-EdgeSubscription -FileName "C:\Edge.xml" -Force`);
    await lab.carryFile(String.raw`C:\Edge.xml`, "EDGE1", "HUB1");
    await lab.shell("HUB1", String.raw`New-EdgeSubscription -FileName "C:\Edge.xml" -Site SiteA`);
    await lab.shell("HUB1", "Start-EdgeSynchronization");
    secrets = await accounts();
    await lab.sendAndSettle({ from: "anna", to: ["bob", "carol@fabrikam.example"], ...words });
    const by = { kind: "host", host: "mail.fabrikam.example" } as const;
    await lab.outsideSend({ from: "carol@fabrikam.example", to: ["anna@proexchange.local"], ...words, by });
    await lab.settled();
    // The second synchronization logs on with the account that the first one has brought.
    await lab.shell("HUB1", "New-RemoteDomain Fabrikam -DomainName fabrikam.example; Start-EdgeSynchronization");
  });

  /** The passwords of the replication accounts, as whoever has the Hub's keys can read them. */
  async function accounts(): Promise<string[]> {
    const store = await openCertificateStore(join(place.path, "data/servers/HUB1/certificates"));
    const held = (await lab.directoryObjects("HUB1")).filter(({ key }) =>
      key.startsWith("ad:object:edgeSyncCredential/HUB1/"),
    );
    const opened = held.map(({ attributes }) => {
      const [sealedTo, sealed] = [attributes["sealedTo"], attributes["sealedPassword"]].map((json = '""') =>
        String(JSON.parse(json)),
      );
      return unsealSecret(sealed ?? "", store.privateKey(sealedTo ?? "")) ?? "";
    });
    const file = await readFile(join(place.path, "data/servers/EDGE1/files/Edge.xml"), "utf8");
    return [...opened, /<ESRAPassword>(.+)<\/ESRAPassword>/.exec(file)?.[1] ?? ""];
  }

  it("have something to record: mail over each hop, and both kinds of replication account", async () => {
    for (const [port, recorder] of recorders) expect(recorder.connections, port).to.not.be.empty;
    expect(await lab.delivered("bob")).to.have.lengthOf(1);
    expect(await lab.delivered("carol@fabrikam.example")).to.have.lengthOf(1);
    expect(await lab.delivered("anna")).to.have.lengthOf(1);
    expect(lab.facts.directoryChanges().map(({ full }) => full))
      .to.include(true)
      .and.to.include(false);
    expect(new Set(secrets).size).to.be.at.least(2);
    for (const secret of secrets) expect(secret.length).to.be.at.least(16);
  });

  for (const { server, port } of ports) {
    it(`find nothing but TLS records on ${server}'s port ${port}, behind STARTTLS or from the first octet`, () => {
      const ofServers = (recorders.get(`${server}:${port}`)?.connections ?? [])
        .map((connection) => ({ connection, sealed: sealedPart(connection, port) }))
        .filter(({ sealed }) => sealed.length > 0);
      expect(ofServers).to.not.be.empty;
      for (const { sealed } of ofServers)
        for (const side of ["client", "server"] as const) {
          const types = recordTypes(saidBy(side, sealed));
          expect(types.length, side).to.be.above(1);
          expect(types, side).to.satisfy((all: number[]) => all.every((type) => type >= 0x14 && type <= 0x17));
        }
    });

    it(`find no word of a message and no credential on ${server}'s port ${port}`, () => {
      const heard = recorders.get(`${server}:${port}`)?.heard() ?? "";
      const plain = ["Quarterly", "4711", "Dear partner", "not for everyone", "MAIL FROM", "RCPT TO", "carol@", "bob@"];
      const coded = [words.text, words.subject, ...secrets].map((text) => Buffer.from(text).toString("base64"));
      for (const secret of [...plain, ...secrets, "Authorization", "X-EXPS EXCHANGEAUTH ", "passwordVerifier"])
        expect(heard.toLowerCase()).to.not.include(secret.toLowerCase());
      for (const text of coded) expect(heard).to.not.include(text.slice(0, 16));
    });
  }

  it("would find them: a host that does without TLS is read word for word", async () => {
    await lab.setFault({ on: "mail.fabrikam.example", sends: "in-the-clear" });
    const by = { kind: "host", host: "mail.fabrikam.example" } as const;
    await lab.outsideSend({ from: "carol@fabrikam.example", to: ["anna@proexchange.local"], ...words, by });
    expect(recorders.get("EDGE1:25")?.heard()).to.include(words.subject).and.to.include("not for everyone");
  });
});
