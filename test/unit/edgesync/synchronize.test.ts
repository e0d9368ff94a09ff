import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import {
  type DirectoryWrite,
  defaultTransportConfig,
  objectChange,
  objectWrite,
  recipientGuid,
  recipientId,
  serverId,
} from "../../../src/directory/index.ts";
import { mailboxObject, serverObject } from "../../helpers/objects.ts";
import { day, eventsOf, hour, Pair, replicasOf, type TestEdge, type TestHub } from "./pair.ts";

const codeOf = (failing: Promise<unknown>): Promise<string> =>
  failing.then(
    () => "nothing failed",
    (failure: unknown) => (failure instanceof LabError ? failure.code : String(failure)),
  );
const mailboxes = (from: number, to: number, more: object = {}): DirectoryWrite[] =>
  Array.from({ length: to - from }, (_, index) =>
    objectWrite("mailbox", mailboxObject({ name: `user${from + index}`, ...more })),
  );
const domain = (name: string): DirectoryWrite =>
  objectWrite("acceptedDomain", { name, domainName: name, domainType: "Authoritative", default: false });

describe("Start-EdgeSynchronization", () => {
  let pair: Pair;
  let hub1: TestHub;
  let hub2: TestHub;
  let edge: TestEdge;

  beforeEach(async () => {
    pair = await Pair.open();
    hub1 = await pair.hub("HUB1");
    hub2 = await pair.hub("HUB2");
    edge = await pair.edge();
    await pair.subscribe(edge, hub1);
  });
  afterEach(() => pair.close());

  const synchronize = async (hub = hub1, request: Parameters<TestHub["side"]["synchronize"]>[0] = {}) => {
    const [recipients, configuration] = await hub.side.synchronize(request);
    if (!recipients || !configuration) throw new Error("There are two results for each Edge server");
    return { recipients, configuration };
  };
  const counts = ({
    added,
    updated,
    deleted,
    scanned,
    targetScanned,
  }: Awaited<ReturnType<typeof synchronize>>["recipients"]) => ({
    added,
    updated,
    deleted,
    scanned,
    targetScanned,
  });

  it("sends everything once, and then only what changed", async () => {
    await pair.write(...mailboxes(0, 3));
    expect(counts((await synchronize()).recipients)).to.deep.equal({
      added: 3,
      updated: 0,
      deleted: 0,
      scanned: 3,
      targetScanned: 0,
    });
    expect(counts((await synchronize()).recipients)).to.deep.equal({
      added: 0,
      updated: 0,
      deleted: 0,
      scanned: 0,
      targetScanned: 0,
    });

    await pair.write(
      ...mailboxes(3, 5),
      objectChange("mailbox", "mailbox/user0", { addresses: ["other@proexchange.local"] }),
      objectChange("mailbox", "mailbox/user1", { displayName: "nothing that an Edge server knows" }),
      { id: "mailbox/user2", remove: true },
    );
    expect(counts((await synchronize()).recipients)).to.deep.equal({
      added: 2,
      updated: 1,
      deleted: 1,
      scanned: 5,
      targetScanned: 0,
    });
    expect(edge.organization.hasRecipient("other@proexchange.local")).to.equal(true);
    expect(edge.organization.hasRecipient("user0@proexchange.local")).to.equal(false);
    expect(edge.organization.hasRecipient("user2@proexchange.local")).to.equal(false);
  });

  it("takes out what is no longer for the Edge server", async () => {
    await pair.write(...mailboxes(0, 2));
    await synchronize();
    await pair.write(
      objectChange("mailbox", "mailbox/user0", { requireSenderAuthentication: true }),
      objectChange("server", serverId("HUB2"), { site: "SiteB" }),
      objectChange("sendConnector", "sendConnector/EdgeSync - SiteA to Internet", { sourceTransportServers: ["HUB1"] }),
    );
    const { recipients, configuration } = await synchronize();
    expect([recipients.deleted, configuration.deleted]).to.deep.equal([1, 2]);
    const held = [...(await replicasOf(edge)).keys()];
    expect(held).not.to.include.members(["server/HUB2"]);
    expect(held).not.to.include("sendConnector/EdgeSync - SiteA to Internet");
    expect(held).not.to.include(recipientId(recipientGuid("user0")));
  });

  it("brings every kind of configuration", async () => {
    await pair.write(
      domain("fabrikam.example"),
      objectWrite("remoteDomain", {
        name: "r",
        domainName: "r.example",
        allowedOofType: "None",
        autoReplyEnabled: false,
        autoForwardEnabled: false,
        deliveryReportEnabled: true,
        ndrEnabled: true,
      }),
      objectWrite("messageClassification", { name: "c", displayName: "C", senderDescription: "" }),
      objectWrite("transportConfig", { ...defaultTransportConfig, tlsSendDomainSecureList: ["woodgrove.example"] }),
      objectWrite("siteLink", { name: "l", sites: ["SiteA", "SiteB"], adCost: 1, exchangeCost: null }),
    );
    await synchronize();
    const { ad, organization } = { ad: pair.organization, organization: edge.organization };
    for (const kind of ["acceptedDomain", "remoteDomain", "messageClassification", "sendConnector"] as const) {
      const names = (view: typeof ad) => view.objects(kind).map(({ name }) => name);
      expect(names(organization), kind).to.deep.equal(names(ad));
    }
    expect(organization.transportConfig().tlsSendDomainSecureList).to.deep.equal(["woodgrove.example"]);
    expect(organization.siteLinks()).to.deep.equal([]);
    expect(organization.mailboxes()).to.deep.equal([]);
  });

  it("sends everything again where it is forced to, and removes what should not be there", async () => {
    await pair.write(...mailboxes(0, 3));
    await synchronize();
    await edge.adam.write([
      objectWrite("recipient", {
        guid: "01234567-0123-5123-8123-0123456789ab",
        proxyAddressHashes: [],
        safeSendersHash: null,
        safeRecipientsHash: null,
      }),
      domain("evil.example"),
      { id: recipientId(recipientGuid("user1")), remove: true },
      objectWrite("server", serverObject({ name: "EVIL" })),
      objectWrite("receiveConnector", { server: "EDGE1", name: "own" } as never),
    ]);
    const { recipients, configuration } = await synchronize(hub2, { forceFullSync: true });
    expect(counts(recipients)).to.deep.equal({ added: 1, updated: 0, deleted: 1, scanned: 3, targetScanned: 3 });
    expect(configuration).to.include({ result: "Success", added: 0, updated: 0, deleted: 2 });
    expect(edge.organization.receiveConnectors("EDGE1")).to.have.lengthOf(1);
    expect(edge.organization.server("EDGE1")?.internalTransportCertificate).not.to.equal(null);
    expect(edge.organization.edgeSyncPosition("Recipients")?.generation).to.equal(2);
  });

  it("sends more than one batch, of 500 at most, each in one step with its position", async () => {
    await pair.write(...mailboxes(0, 1201));
    const before = await pair.usnOf(edge.adam);
    const { recipients } = await synchronize();
    expect(recipients).to.include({ added: 1201, scanned: 1201 });
    const position = edge.organization.edgeSyncPosition("Recipients");
    expect(position).to.deep.include({ generation: 1, full: null });
    expect(await pair.usnOf(edge.adam)).to.be.below(before + 1201 + 60);

    await pair.write(...mailboxes(0, 1100, { displayName: "x", addresses: ["shared@proexchange.local"] }));
    expect((await synchronize()).recipients).to.include({ updated: 1100, scanned: 1100 });
  });

  it("names in its results what was not reached: nobody listens", async () => {
    await edge.side.close();
    const { recipients, configuration } = await synchronize();
    for (const one of [recipients, configuration]) {
      expect(one).to.include({ result: "CouldNotConnect", added: 0 });
      expect(one.failureDetails).to.match(/Cannot connect to EDGE1.perimeter.example/);
    }
    expect(eventsOf(hub1)[0]?.slice(0, 2)).to.deep.equal([1024, edge.fqdn]);
    edge.side = await pair.startEdge(edge);
  });

  it("names that nothing of that name is to be found", async () => {
    pair.names.removeHost(edge.fqdn);
    expect((await synchronize()).recipients.failureDetails).to.equal(
      "nothing of that name is to be found at port 50636",
    );
  });

  describe("refuses to send anything to an Edge server whose certificate was swapped", () => {
    const mismatch = async (hub: TestHub): Promise<void> => {
      const before = await pair.usnOf(edge.adam);
      const decisions = edge.reported.length;
      const { recipients, configuration } = await synchronize(hub);
      for (const one of [recipients, configuration]) {
        expect(one.result).to.equal("CouldNotConnect");
        expect(one.failureDetails).to.match(
          /EDGE1.perimeter.example presented certificate .* but the directory publishes/,
        );
      }
      expect(eventsOf(hub).at(-1)).to.deep.equal([10104, edge.fqdn]);
      expect(await pair.usnOf(edge.adam)).to.equal(before);
      expect(edge.reported, "not a word was said to it").to.have.lengthOf(decisions);
    };

    it("before the first synchronization", async () => {
      await pair.renew(edge, edge.adam);
      await mismatch(hub1);
    });

    it("while there was a link to it", async () => {
      await synchronize();
      await synchronize();
      await pair.renew(edge, edge.adam);
      await mismatch(hub1);
      await mismatch(hub2);
      const events = eventsOf(hub1).length;
      await pair.advance(hour);
      expect(eventsOf(hub1).slice(events), "each look says so again, ever more seldom").to.deep.equal(
        Array.from({ length: eventsOf(hub1).length - events }, () => [10104, edge.fqdn]),
      );
    });

    it("when Active Directory comes to publish another one", async () => {
      await synchronize();
      await synchronize();
      const [hubCertificate] = hub2.store.list();
      await pair.write(
        objectChange("server", serverId("EDGE1"), {
          internalTransportCertificate: Buffer.from(hubCertificate?.der ?? []).toString("base64"),
          internalTransportCertificateThumbprint: "0".repeat(40),
        }),
      );
      await mismatch(hub1);
    });
  });

  it("fails where a Hub and the Edge server have one certificate: events 10104 and 1024", async () => {
    await synchronize();
    const { internalTransportCertificate = null, internalTransportCertificateThumbprint = null } =
      pair.organization.server("EDGE1") ?? {};
    await pair.write(
      objectChange("server", serverId("HUB2"), {
        internalTransportCertificate,
        internalTransportCertificateThumbprint,
      }),
    );
    const { recipients } = await synchronize();
    expect(recipients.failureDetails).to.match(/HUB2.proexchange.local has the same certificate/);
    expect(eventsOf(hub1).map(([id]) => id)).to.deep.equal([10104, 1024]);
  });

  it("is for Hubs of the site that the Edge server is subscribed to", async () => {
    const hub3 = await pair.hub("HUB3", "SiteB");
    const failure: unknown = await hub3.side.synchronize({}).catch((error: unknown) => error);
    expect(failure).to.include({ code: "EDGE_SYNC_NO_EDGE_IN_SITE" });
    expect(failure)
      .to.have.property("message")
      .that.matches(/from Active Directory site SiteB: none is subscribed to it; subscribed are EDGE1 to SiteA/);
    expect(await codeOf(hub3.side.test({ compare: false, excludeRecipients: false, maxReportSize: 1 }))).to.equal(
      "EDGE_SYNC_NO_EDGE_IN_SITE",
    );
    expect(await codeOf(hub1.side.synchronize({ targetServer: "EDGE9" }))).to.equal("EDGE_SYNC_NO_EDGE_IN_SITE");
    expect(await codeOf(hub1.side.synchronize({ targetServer: "edge1" }))).to.equal("nothing failed");
    expect(await codeOf(hub1.side.synchronize({ targetServer: edge.fqdn.toUpperCase() }))).to.equal("nothing failed");
  });

  it("is for Hubs that were there when the Edge server was subscribed", async () => {
    const hub3 = await pair.hub("HUB3");
    await synchronize();
    await pair.advance(5 * hour);
    expect(eventsOf(hub3), "it keeps quiet by itself").to.deep.equal([]);
    expect(edge.organization.server("HUB3"), "but is known as a Hub").not.to.equal(undefined);
    const { recipients } = await synchronize(hub3);
    expect(recipients.result).to.equal("CouldNotConnect");
    expect(recipients.failureDetails).to.match(
      /HUB3 holds no credential for EDGE1: it came to the site after the subscription/,
    );
    expect(eventsOf(hub3)[0]?.[0]).to.equal(1024);
  });

  it("says so where one is in progress, and keeps out of its way", async () => {
    const runs = await Promise.allSettled([hub1.side.synchronize({}), hub1.side.synchronize({})]);
    expect(runs.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected"]);
    expect(runs[1]).to.have.nested.property("reason.code", "EDGE_SYNC_IN_PROGRESS");
    expect(await codeOf(hub1.side.synchronize({}))).to.equal("nothing failed");
  });

  it("on two Hubs at once lets one of them, and tells the other who has the lock", async () => {
    await synchronize();
    await pair.write(...mailboxes(0, 2000));
    const runs = await Promise.all([hub1.side.synchronize({}), hub2.side.synchronize({})]);
    const results = runs.map(([recipients]) => recipients?.result);
    expect(results).to.have.members(["Success", "CouldNotLease"]);
    const refused = runs.flat().find(({ result }) => result === "CouldNotLease");
    expect(refused?.failureDetails).to.match(
      /^HUB[12].proexchange.local holds the lock on EDGE1 until 2008-05-12T10:05:00.000Z$/,
    );
    expect((await synchronize(hub2)).recipients).to.include({ result: "Success", added: 0 });
  });

  describe("where the Edge server cannot take an object", () => {
    const tooLong = (): DirectoryWrite =>
      objectWrite("messageClassification", { name: "long", displayName: "x".repeat(300), senderDescription: "" });

    it("sends the others, says which one, and does not move the cookie", async () => {
      await synchronize();
      const before = edge.organization.edgeSyncPosition("Configuration")?.cookie;
      await pair.write(domain("a.example"), tooLong(), domain("b.example"));
      for (const added of [2, 0]) {
        const { configuration } = await synchronize();
        expect(configuration).to.include({ result: "Incomplete", added });
        expect(configuration.failureDetails).to.equal(
          "messageClassification/long: changes[1].set.displayName must be text of at most 256 characters",
        );
        expect(edge.organization.edgeSyncPosition("Configuration")?.cookie).to.deep.equal(before);
      }
      expect(edge.organization.acceptedDomain("b.example")).not.to.equal(undefined);
    });

    it("goes on behind it where the cookie is moved by force", async () => {
      await synchronize();
      await pair.write(domain("a.example"), tooLong(), domain("b.example"));
      const { configuration } = await synchronize(hub1, { forceUpdateCookie: true });
      expect(configuration).to.include({ result: "Incomplete", added: 2 });
      expect((await synchronize()).configuration).to.include({ result: "Success", failureDetails: "" });
    });

    it("does not end a full synchronization before it has gone", async () => {
      await pair.write(tooLong());
      expect((await synchronize()).configuration.result).to.equal("Incomplete");
      expect(edge.organization.edgeSyncPosition("Configuration")).to.include({ cookie: null });
      expect(edge.organization.acceptedDomain("proexchange.local")).not.to.equal(undefined);
      await pair.write({ id: "messageClassification/long", remove: true });
      expect((await synchronize(hub2)).configuration.result).to.equal("Success");
      expect(edge.organization.edgeSyncPosition("Configuration")).to.include({ generation: 1, full: null });
    });

    it("ends it by force", async () => {
      await pair.write(tooLong());
      expect((await synchronize(hub1, { forceUpdateCookie: true })).configuration.result).to.equal("Incomplete");
      expect((await synchronize()).configuration.result).to.equal("Success");
    });
  });

  it("goes on with everything where removals are too old to be remembered", async () => {
    await pair.write(...mailboxes(0, 3));
    await synchronize();
    hub1.side.abandon();
    hub2.side.abandon();
    await pair.write({ id: "mailbox/user1", remove: true });
    await pair.advance(20 * day);
    await pair.write(domain("later.example"));
    await pair.advance(61 * day);
    await pair.write(domain("latest.example"));
    // Accounts have expired meanwhile: the subscription is made anew, and under it everything is sent.
    hub1.side = await pair.startHub(hub1);
    await pair.subscribe(edge, hub1);
    const { recipients } = await synchronize();
    expect(counts(recipients)).to.deep.include({ added: 0, deleted: 1, scanned: 2 });
  });

  it("says Aborted, and does no harm, while Active Directory is away", async () => {
    await synchronize();
    hub1.side.abandon();
    let away = false;
    const gone = (): never => {
      throw new LabError("DIRECTORY_UNREACHABLE", "Cannot reach the directory, for a test: it is away", {
        remedy: "wait",
      });
    };
    hub1.side = await pair.startHub(hub1, {
      ...pair.ad,
      changesSince: async (cookie) => (away ? gone() : await pair.ad.changesSince(cookie)),
      objectsAfter: async (...about) => (away ? gone() : await pair.ad.objectsAfter(...about)),
      write: async (writes) => (away ? gone() : await pair.ad.write(writes)),
    });
    away = true;
    const { recipients } = await synchronize();
    expect(recipients).to.include({
      result: "Aborted",
      failureDetails: "Cannot reach the directory, for a test: it is away",
    });
    await pair.advance(hour);
    away = false;
    expect((await synchronize()).recipients.result).to.equal("Success");
  });
});
