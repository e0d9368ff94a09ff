import { createServer } from "node:net";
import { once } from "node:events";
import { expect } from "chai";
import { type HttpsServer, startHttpsServer } from "../../../src/base/index.ts";
import { defaultTlsSettings, presentations } from "../../../src/certificates/index.ts";
import { objectChange, objectWrite } from "../../../src/directory/index.ts";
import { edgeSyncPort } from "../../../src/dns/index.ts";
import { mailboxObject, serverObject } from "../../helpers/objects.ts";
import { eventsOf, hour, minute, Pair, type TestEdge, type TestHub } from "./pair.ts";

describe("a Hub's end of EdgeSync", () => {
  let pair: Pair;
  let hub: TestHub;
  let edge: TestEdge;

  beforeEach(async () => {
    pair = await Pair.open();
    hub = await pair.hub("HUB1");
    edge = await pair.edge();
    await pair.subscribe(edge, hub);
  });
  afterEach(() => pair.close());

  const test = async (more: Partial<Parameters<TestHub["side"]["test"]>[0]> = {}) => {
    const [status] = await hub.side.test({ compare: true, excludeRecipients: false, maxReportSize: 1000, ...more });
    if (!status) throw new Error("There is one Edge server");
    return status;
  };
  const results = async (): Promise<string[]> => (await hub.side.synchronize({})).map(({ result }) => result);

  describe("tests how the Edge server stands", () => {
    beforeEach(async () => {
      await pair.write(objectWrite("mailbox", mailboxObject({ name: "anna" })));
      await hub.side.synchronize({});
    });

    it("object by object", async () => {
      expect(await test()).to.deep.include({ syncStatus: "Normal", differences: [], recipientStatus: "Synchronized" });
      await pair.write(
        objectWrite("acceptedDomain", {
          name: "new",
          domainName: "new.example",
          domainType: "Authoritative",
          default: false,
        }),
        objectChange("mailbox", "mailbox/anna", { addresses: ["other@proexchange.local"] }),
      );
      await edge.adam.write([
        objectWrite("server", serverObject({ name: "EVIL" })),
        objectWrite("remoteDomain", { name: "evil" } as never),
      ]);
      const status = await test({ maxReportSize: 3 });
      expect(status).to.include({
        syncStatus: "Inconclusive",
        transportServerStatus: "NotSynchronized",
        acceptedDomainStatus: "NotSynchronized",
        remoteDomainStatus: "NotSynchronized",
        recipientStatus: "NotSynchronized",
        sendConnectorStatus: "Synchronized",
      });
      expect(status.differences).to.have.lengthOf(3);
    });

    it("without recipients, or by lease and cookies alone, where that is wanted", async () => {
      await edge.adam.write([objectWrite("remoteDomain", { name: "evil" } as never)]);
      expect(await test({ excludeRecipients: true })).to.include({
        recipientStatus: "Skipped",
        remoteDomainStatus: "NotSynchronized",
      });
      expect(await test({ compare: false })).to.include({ syncStatus: "Normal", remoteDomainStatus: "Skipped" });
    });

    it("for one recipient, by the hash of any of its addresses", async () => {
      const verify = async (address: string) => {
        const { syncStatus, recipientStatus, acceptedDomainStatus } = await test({ verifyRecipient: address });
        return [syncStatus, recipientStatus, acceptedDomainStatus];
      };
      expect(await verify("Anna@Proexchange.LOCAL")).to.deep.equal(["Normal", "Synchronized", "Skipped"]);
      expect(await verify("nobody@proexchange.local")).to.deep.equal(["Inconclusive", "Skipped", "Skipped"]);
      await pair.write(objectWrite("mailbox", mailboxObject({ name: "bob" })));
      expect(await verify("bob@proexchange.local")).to.deep.equal(["Inconclusive", "NotSynchronized", "Skipped"]);
      await pair.write(objectChange("mailbox", "mailbox/anna", { requireSenderAuthentication: true }));
      expect(await verify("anna@proexchange.local")).to.deep.equal(["Inconclusive", "NotSynchronized", "Skipped"]);
    });

    it("as Failed where it cannot be asked, and says why", async () => {
      await edge.side.close();
      const status = await test();
      expect(status).to.include({ syncStatus: "Failed", leaseType: "None", transportServerStatus: "Skipped" });
      expect(status.failureDetail).to.match(/EDGE1.perimeter.example/);
      edge.side = await pair.startEdge(edge);
      expect((await test()).syncStatus).to.equal("Normal");
    });

    it("as NotStarted before the first synchronization", async () => {
      const edge2 = await pair.edge("EDGE2");
      await pair.subscribe(edge2, hub);
      const [status] = await hub.side.test({
        targetServer: "EDGE2",
        compare: true,
        excludeRecipients: false,
        maxReportSize: 1,
      });
      expect(status).to.include({ name: "EDGE2", syncStatus: "NotStarted" });
    });
  });

  describe("does not trust an Edge server with its words' shape", () => {
    let fake: HttpsServer;
    let answers: Record<string, { status: number; body: string }>;
    beforeEach(async () => {
      const [certificate] = edge.store.list();
      if (!certificate) throw new Error("EDGE1 has a certificate");
      answers = { "/log-on": { status: 200, body: '{"kind":"welcome"}' } };
      fake = await startHttpsServer({
        address: "127.0.0.1",
        port: 0,
        secureContext: () => presentations(defaultTlsSettings).present(certificate, edge.store),
        longestBody: () => 1024 ** 2,
        handle: async ({ path }) => answers[path] ?? { status: 404, body: "{}" },
      });
      pair.names.setHost(edge.fqdn, edgeSyncPort, fake.endpoint);
    });
    afterEach(() => fake.close());

    const nonsense: readonly [what: string, path: string, status: number, body: string][] = [
      ["a log-on answered with nonsense", "/log-on", 200, "<html>"],
      ["a log-on answered with another status", "/log-on", 302, "{}"],
      ["no answer that it knows", "/lock", 404, "{}"],
      ["no JSON", "/lock", 200, "not JSON"],
      ["another kind of answer", "/lock", 200, '{"kind":"welcome"}'],
      ["an answer that lacks something", "/lock", 200, '{"kind":"granted"}'],
      ["an answer that says more", "/lock", 200, '{"kind":"granted","lease":null,"positions":[],"accounts":[],"x":1}'],
      ["a failure", "/lock", 503, '{"why":"the store is away"}'],
    ];
    for (const [what, path, status, body] of nonsense) {
      it(`hears ${what}, and says so`, async () => {
        answers[path] = { status, body };
        const [recipients] = await hub.side.synchronize({});
        expect(recipients?.result).to.be.oneOf(["CouldNotConnect", "Incomplete"]);
        expect(recipients?.failureDetails).to.match(/the Edge server('s answer| answered)/);
        expect(eventsOf(hub)[0]?.[0]).to.equal(1024);
      });
    }

    it("logs on once more, and not for ever, where it is told to", async () => {
      answers["/lock"] = { status: 401, body: '{"kind":"refused","what":"log-on"}' };
      expect(await results()).to.deep.equal(["CouldNotConnect", "CouldNotConnect"]);
    });
  });

  it("gives up on a host that takes connections and speaks no TLS", async () => {
    const mute = createServer((socket) => socket.on("error", () => {}).end("220 hello\r\n")).listen(0, "127.0.0.1");
    await once(mute, "listening");
    pair.names.setHost(edge.fqdn, edgeSyncPort, mute.address() as { address: string; port: number });
    expect(await results()).to.deep.equal(["CouldNotConnect", "CouldNotConnect"]);
    mute.close();
  });

  describe("ends", () => {
    it("at once when it is abandoned, in the middle of a run too, and the lock stays", async () => {
      await hub.side.synchronize({});
      await pair.write(
        ...Array.from({ length: 600 }, (_, index) => objectWrite("mailbox", mailboxObject({ name: `user${index}` }))),
      );
      const readAll = edge.adam.readAll.bind(edge.adam);
      let writes = 0;
      edge.adam.readAll = async (ids) => {
        if (ids.length > 100 && writes++ === 0) hub.side.abandon();
        return await readAll(ids);
      };
      expect(await results()).to.deep.equal(["Aborted", "Success"]);
      edge.adam.readAll = readAll;
      await pair.settle();
      expect(edge.organization.objects("edgeSyncLease")[0]).to.include({ holder: hub.fqdn, type: "Lock" });
      const before = await pair.usnOf(edge.adam);
      await pair.advance(5 * hour);
      expect(await pair.usnOf(edge.adam)).to.equal(before);
    });

    it("in good order when it is closed: after the step it is at, and the lease is free", async () => {
      await hub.side.synchronize({});
      await pair.write(
        ...Array.from({ length: 600 }, (_, index) => objectWrite("mailbox", mailboxObject({ name: `user${index}` }))),
      );
      const readAll = edge.adam.readAll.bind(edge.adam);
      let closing: Promise<void> | undefined;
      edge.adam.readAll = async (ids) => {
        if (ids.length > 100) closing ??= hub.side.close();
        return await readAll(ids);
      };
      expect(await results()).to.deep.equal(["Aborted", "Success"]);
      await closing;
      await pair.settle();
      expect(edge.organization.objects("edgeSyncLease")).to.deep.equal([]);
      expect(edge.organization.objects("recipient")).to.have.lengthOf(500);
      edge.adam.readAll = readAll;
      hub.side = await pair.startHub(hub);
      const [recipients] = await hub.side.synchronize({});
      expect(recipients).to.include({ result: "Success", added: 100, scanned: 100 });
    });

    it("on the Edge server's side when what is being written is written, and nothing after it", async () => {
      await hub.side.synchronize({});
      await pair.write(objectWrite("mailbox", mailboxObject({ name: "anna" })));
      const write = edge.adam.write.bind(edge.adam);
      let closing: Promise<void> | undefined;
      let after = 0;
      edge.adam.write = async (writes) => {
        if (writes.some(({ id }) => id.startsWith("recipient/"))) closing ??= edge.side.close();
        else if (closing) after++;
        return await write(writes);
      };
      expect(await results()).to.include("Incomplete");
      await closing;
      expect(after).to.equal(0);
      edge.adam.write = write;
      edge.side = await pair.startEdge(edge);
      await pair.advance(5 * minute);
      expect((await hub.side.synchronize({}))[0]).to.include({ result: "Success", added: 0 });
      expect(edge.organization.hasRecipient("anna@proexchange.local")).to.equal(true);
    });
  });
});
