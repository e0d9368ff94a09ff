import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Database, heldClock, type LabClock, openDatabase } from "../../src/base/index.ts";
import { type AcceptedDomain, defaultTransportSettings, type TransportSettings } from "../../src/directory/index.ts";
import { reply } from "../../src/smtp/index.ts";
import type {
  Delivery,
  Envelope,
  EnvelopeRecipient,
  MessageRecord,
  OpenChannel,
  RecipientOutcome,
} from "../../src/transport/mail-item.ts";
import { type Pipeline, type PipelineModules, startPipeline } from "../../src/transport/pipeline.ts";
import { openQueueStore, type QueueStore } from "../../src/transport/queue/index.ts";
import { mailboxObject } from "../helpers/objects.ts";
import { connector, edge, type FakeOrganization, hub, site, viewOf } from "./categorize/organization.ts";

const internet = connector("EdgeSync - Here to Internet", ["*;100"], ["EDGE1"]);
const inbound = connector("EdgeSync - Inbound to Here", ["--"], ["EDGE1"], {
  dnsRoutingEnabled: false,
  smartHosts: ["--"],
});
const contoso: AcceptedDomain = {
  name: "contoso",
  domainName: "contoso.com",
  domainType: "Authoritative",
  default: true,
};
/** What EDGE1's ADAM holds. */
const adam: FakeOrganization = {
  servers: [edge("EDGE1", "Here"), hub("EX1", "Here")],
  domains: { "contoso.com": "Authoritative" },
  connectors: [internet, inbound],
};
const anna = mailboxObject({ name: "anna", server: "EX1", addresses: ["anna@contoso.com"] });
const ok = reply(250, "2.1.5", "Recipient OK");
const noSuchDomain = reply(554, "5.4.4", "SMTPSEND.DNS.NonExistentDomain; nonexistent domain");

describe("startPipeline", () => {
  let folder: string;
  let database: Database;
  let clock: LabClock;
  let store: QueueStore;
  let pipeline: Pipeline;
  let taken: { delivery: Delivery; content: string }[];
  let records: MessageRecord[];
  let change: () => void;
  let settings: TransportSettings;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hubedge-pipeline-"));
    database = openDatabase(folder);
    clock = heldClock(new Date("2008-05-12T10:00:00Z"));
    taken = [];
    records = [];
    settings = defaultTransportSettings;
  });
  afterEach(async () => {
    await pipeline.close();
    clock.stop();
    await database.close();
    await rm(folder, { recursive: true });
  });

  /** A next hop that answers every recipient so. */
  const answering =
    (answer: (recipient: EnvelopeRecipient) => RecipientOutcome): OpenChannel =>
    () =>
      Promise.resolve({
        usable: true,
        deliver(delivery, content) {
          taken.push({ delivery, content: content.toString() });
          return Promise.resolve({ kind: "answered", recipients: delivery.recipients.map(answer) });
        },
        close: () => Promise.resolve(),
      });
  const takingAll = answering(() => ({ kind: "delivered", reply: ok }));

  function begin(
    server: PipelineModules["server"],
    organization: FakeOrganization,
    acceptedDomains: readonly AcceptedDomain[],
    open: Pick<PipelineModules, "openRelay" | "openMailbox">,
  ): void {
    store = openQueueStore(database, server.name);
    pipeline = startPipeline({
      server,
      clock,
      journal: { report: (record) => void (record.kind === "message" && records.push(record)) },
      organization: {
        ...viewOf(organization),
        acceptedDomains: () => acceptedDomains,
        onChange(listener) {
          change = listener;
          return () => {};
        },
      },
      settings: () => settings,
      store,
      ...open,
    });
  }
  const beginEdge = (openRelay: OpenChannel, organization = adam, acceptedDomains = [contoso]): void =>
    begin({ name: "EDGE1", fqdn: "edge1.contoso.local", role: "edge", site: "Here" }, organization, acceptedDomains, {
      openRelay,
    });
  const beginHub = (organization: FakeOrganization, openRelay: OpenChannel): void =>
    begin({ name: "EX1", fqdn: "ex1.contoso.local", role: "hub", site: "Here" }, organization, [contoso], {
      openRelay,
      openMailbox: takingAll,
    });

  async function submit(from: Envelope["from"], recipients: EnvelopeRecipient[], text = "Hi."): Promise<void> {
    await pipeline.submit({
      envelope: { from, recipients, body: "7BIT" },
      content: Buffer.from(`Subject: Hello\r\n\r\n${text}\r\n`),
      internetMessageId: "<hello@x>",
      source: "SMTP",
    });
    await clock.quiet();
  }
  const hops = (): string[] =>
    taken.map(({ delivery: { solution, recipients } }) =>
      [
        solution.deliveryType,
        solution.nextHopDomain,
        solution.connector,
        ...recipients.map(({ address }) => address),
      ].join(" "),
    );

  it("leads mail through an Edge server without sites or mailboxes: inward to its Hubs, outward to the Internet", async () => {
    beginEdge(takingAll);
    await submit("eve@fabrikam.com", [{ address: "anna@contoso.com" }, { address: "zoe@woodgrove.com" }]);
    expect(hops()).to.deep.equal([
      "SmartHostConnectorDelivery -- EdgeSync - Inbound to Here anna@contoso.com",
      "DnsConnectorDelivery woodgrove.com EdgeSync - Here to Internet zoe@woodgrove.com",
    ]);
    expect(store.pending()).to.deep.equal([]);
    expect(records.map(({ stage, detail }) => `${stage}: ${detail}`)).to.deep.equal([
      "received: SMTP",
      "categorized: SmartHostConnectorDelivery -- by EdgeSync - Inbound to Here",
      "categorized: DnsConnectorDelivery woodgrove.com by EdgeSync - Here to Internet",
      "sent: --",
      "sent: woodgrove.com",
    ]);
  });

  it("returns mail for a domain that does not exist to its sender, by the same routes", async () => {
    beginEdge((solution, cut) =>
      solution.nextHopDomain === "nowhere.example"
        ? Promise.resolve({ failed: noSuchDomain })
        : takingAll(solution, cut),
    );
    await submit("anna@contoso.com", [{ address: "eve@nowhere.example" }]);
    expect(hops()).to.deep.equal(["SmartHostConnectorDelivery -- EdgeSync - Inbound to Here anna@contoso.com"]);
    const [{ delivery, content }] = taken as [(typeof taken)[number]];
    expect(delivery.item.envelope.from).to.equal("");
    expect(content)
      .to.include("From: <postmaster@contoso.com>")
      .and.include("Generating server: edge1.contoso.local")
      .and.include("#554 5.4.4 SMTPSEND.DNS.NonExistentDomain; nonexistent domain ##")
      .and.include("Status: 5.4.4");
    expect(store.pending()).to.deep.equal([]);
  });

  it("reports from postmaster at the server's own name where no domain is the default one", async () => {
    beginEdge(
      (solution, cut) =>
        solution.nextHopDomain === "nowhere.example"
          ? Promise.resolve({ failed: noSuchDomain })
          : takingAll(solution, cut),
      { ...adam, domains: {} },
      [],
    );
    await submit("eve@fabrikam.com", [{ address: "x@nowhere.example" }]);
    expect(taken[0]?.content).to.include("From: <postmaster@edge1.contoso.local>");
  });

  it("says that mail was relayed, to whoever asked, of recipients whose host will not report itself", async () => {
    beginEdge(
      answering(({ address }) => ({
        kind: "delivered",
        reply: ok,
        ...(address.startsWith("silent") ? { relayedTo: "mx.fabrikam.com" } : {}),
      })),
    );
    const notify = ["SUCCESS"];
    await submit("anna@contoso.com", [
      { address: "silent@fabrikam.com", notify },
      { address: "silent-unasked@fabrikam.com" },
      { address: "reports@fabrikam.com", notify },
    ]);
    expect(hops()[1]).to.match(/^SmartHostConnectorDelivery -- .* anna@contoso\.com$/);
    const report = taken[1]?.content ?? "";
    expect(report).to.include("Subject: Relayed: Hello").and.include("Remote-MTA: dns;mx.fabrikam.com");
    expect([...report.matchAll(/^Final-Recipient: rfc822;(.*)\r$/gm)].map(([, address]) => address)).to.deep.equal([
      "silent@fabrikam.com",
    ]);
    expect(taken).to.have.lengthOf(2);
  });

  it("says nothing of success where every host reports itself", async () => {
    beginEdge(takingAll);
    await submit("anna@contoso.com", [{ address: "eve@fabrikam.com", notify: ["SUCCESS"] }]);
    expect(taken).to.have.lengthOf(1);
  });

  it("returns what is too large for every connector, with the size that the message has on disk", async () => {
    const small = connector("Small", ["*"], ["EX1"], { maxMessageSizeBytes: 1000 });
    beginHub({ ...adam, sites: [site("Here")], mailboxes: [anna], connectors: [small] }, takingAll);
    await submit("anna@contoso.com", [{ address: "eve@fabrikam.com" }], "x".repeat(1000));
    expect(hops()).to.deep.equal(["MapiDelivery ex1.contoso.local  anna@contoso.com"]);
    expect(taken[0]?.content).to.include("#552 5.3.4 Message size exceeds fixed maximum message size ##");
    await submit("anna@contoso.com", [{ address: "eve@fabrikam.com" }]);
    expect(hops()[1]).to.equal("DnsConnectorDelivery fabrikam.com Small eve@fabrikam.com");
  });

  it("sends what was Unreachable once a connector serves it", async () => {
    const connectors = [connector("Partner", ["woodgrove.com"], ["EX1"])];
    beginHub({ ...adam, sites: [site("Here")], connectors }, takingAll);
    await submit("anna@contoso.com", [{ address: "eve@fabrikam.com" }]);
    expect(pipeline.queues.views().map(({ deliveryType }) => deliveryType)).to.deep.equal(["Unreachable"]);
    connectors.push(connector("Internet", ["*"], ["EX1"]));
    change();
    await clock.quiet();
    expect(hops()).to.deep.equal(["DnsConnectorDelivery fabrikam.com Internet eve@fabrikam.com"]);
    expect(store.pending()).to.deep.equal([]);
  });

  describe("mail that waits", () => {
    const start = Date.parse("2008-05-12T10:00:00Z");
    const after = async (hours: number): Promise<void> => {
      await clock.advance(new Date(start + hours * 3_600_000));
    };
    /** Mail for the outside finds nobody; the organization's own gets through. */
    const cutOff: OpenChannel = (solution, cut) =>
      solution.nextHopDomain === "--"
        ? takingAll(solution, cut)
        : Promise.resolve({ lastError: "421 4.2.1 Unable to connect" });
    const subjects = (): (string | undefined)[] => taken.map(({ content }) => /^Subject: (.*)\r$/m.exec(content)?.[1]);
    const restart = async (openRelay: OpenChannel): Promise<void> => {
      await pipeline.close();
      beginEdge(openRelay);
      await clock.quiet();
    };

    it("is told of once after four hours, and returned after two days, one report for all recipients", async () => {
      beginEdge(cutOff);
      await submit("anna@contoso.com", [{ address: "eve@fabrikam.com" }, { address: "zoe@woodgrove.com" }]);
      await after(4.1);
      expect(subjects()).to.deep.equal(["Delivery delayed: Hello"]);
      expect(
        [...(taken[0]?.content ?? "").matchAll(/^(?:Final-Recipient|Action|Will).*(?=\r$)/gm)].join("; "),
      ).to.equal(
        "Final-Recipient: rfc822;eve@fabrikam.com; Action: delayed; Will-Retry-Until: Wed, 14 May 2008 10:00:00 +0000; " +
          "Final-Recipient: rfc822;zoe@woodgrove.com; Action: delayed; Will-Retry-Until: Wed, 14 May 2008 10:00:00 +0000",
      );
      await after(47.9);
      expect(taken).to.have.lengthOf(1);
      await after(48);
      expect(subjects()).to.deep.equal(["Delivery delayed: Hello", "Undeliverable: Hello"]);
      expect(taken[1]?.content)
        .to.include("#550 4.4.7 QUEUE.Expired; message expired ##")
        .and.include("has been trying to deliver this message without success");
      expect([...(taken[1]?.content ?? "").matchAll(/^Action: failed\r$/gm)]).to.have.lengthOf(2);
      expect(records.filter(({ stage }) => stage === "failed").map(({ detail }) => detail)).to.deep.equal([
        "550 4.4.7 QUEUE.Expired; message expired",
        "550 4.4.7 QUEUE.Expired; message expired",
      ]);
      expect(store.pending()).to.deep.equal([]);
      expect(pipeline.queues.views().filter(({ messageCount }) => messageCount > 0)).to.deep.equal([]);
    });

    it("expires in the Unreachable queue too", async () => {
      beginHub({ ...adam, sites: [site("Here")], connectors: [], mailboxes: [anna] }, takingAll);
      await submit("anna@contoso.com", [{ address: "eve@fabrikam.com" }]);
      await after(48);
      expect(subjects()).to.deep.equal(["Delivery delayed: Hello", "Undeliverable: Hello"]);
      expect(pipeline.queues.views()).to.deep.equal([]);
      expect(store.pending()).to.deep.equal([]);
    });

    it("has its age from when it was taken, also after a restart", async () => {
      beginEdge(cutOff);
      await submit("anna@contoso.com", [{ address: "eve@fabrikam.com" }, { address: "zoe@woodgrove.com" }]);
      await after(30);
      await restart(cutOff);
      await after(47.9);
      expect(taken).to.have.lengthOf(1);
      await after(48);
      expect(subjects()).to.deep.equal(["Delivery delayed: Hello", "Undeliverable: Hello"]);
    });

    it("is returned at the start if it expired while the server was down, and is not tried any more", async () => {
      beginEdge(cutOff);
      await submit("anna@contoso.com", [{ address: "eve@fabrikam.com" }, { address: "zoe@woodgrove.com" }]);
      await pipeline.close();
      await after(72);
      beginEdge(takingAll);
      await clock.quiet();
      expect(subjects()).to.deep.equal(["Undeliverable: Hello"]);
      expect([...(taken[0]?.content ?? "").matchAll(/^Action: failed\r$/gm)]).to.have.lengthOf(2);
    });

    it("is tried first after a restart, and told of only if that did not help", async () => {
      beginEdge(cutOff);
      await submit("anna@contoso.com", [{ address: "eve@fabrikam.com" }]);
      await pipeline.close();
      await after(5);
      beginEdge(takingAll);
      await after(6);
      expect(subjects()).to.deep.equal(["Hello"]);
    });

    it("is told of again neither after a restart nor when a setting changes", async () => {
      beginEdge(cutOff);
      await submit("anna@contoso.com", [{ address: "eve@fabrikam.com" }]);
      await after(5);
      await restart(cutOff);
      await after(6);
      settings = { ...settings, delayNotificationTimeoutMs: 3_600_000 };
      change();
      await after(7);
      expect(subjects()).to.deep.equal(["Delivery delayed: Hello"]);
    });

    it("follows timeouts that change while it waits", async () => {
      beginEdge(cutOff);
      await submit("anna@contoso.com", [{ address: "eve@fabrikam.com" }]);
      await after(1);
      settings = { ...settings, delayNotificationTimeoutMs: 7_200_000, messageExpirationTimeoutMs: 10_800_000 };
      change();
      await after(2);
      expect(subjects()).to.deep.equal(["Delivery delayed: Hello"]);
      await after(3);
      expect(subjects()).to.deep.equal(["Delivery delayed: Hello", "Undeliverable: Hello"]);
    });

    for (const [setting, told] of [
      ["internalDelayDsnEnabled", "eve@fabrikam.com"],
      ["externalDelayDsnEnabled", "anna@contoso.com"],
    ] as const)
      it(`is told of by ${setting} to its own kind of sender only`, async () => {
        settings = { ...settings, [setting]: false };
        // Reports for eve go the way that is cut off; they are seen in the queue's store.
        beginEdge(cutOff);
        for (const from of ["anna@contoso.com", "eve@fabrikam.com"] as const)
          await submit(from, [{ address: "zoe@woodgrove.com" }]);
        await after(5);
        const waiting = store.pending().map(({ envelope }) => envelope);
        const reported = [...waiting, ...taken.map(({ delivery }) => delivery.item.envelope)]
          .filter(({ from }) => from === "")
          .flatMap(({ recipients }) => recipients.map(({ address }) => address));
        expect(reported).to.deep.equal([told]);
      });

    it("is a report itself: nobody is told of anything, and it is dropped when it expires", async () => {
      beginEdge(cutOff);
      await submit("", [{ address: "eve@fabrikam.com" }]);
      await after(49);
      expect(taken).to.deep.equal([]);
      expect(store.pending()).to.deep.equal([]);
    });

    it("is not told of where NOTIFY leaves DELAY out", async () => {
      beginEdge(cutOff);
      await submit("anna@contoso.com", [{ address: "eve@fabrikam.com", notify: ["FAILURE"] }]);
      await after(5);
      expect(taken).to.deep.equal([]);
    });

    it("is routed anew after twelve hours without a delivery", async () => {
      const connectors = [connector("Internet", ["*"], ["EDGE1"])];
      beginEdge((solution, cut) => (solution.connector === "Internet" ? cutOff(solution) : takingAll(solution, cut)), {
        ...adam,
        connectors,
      });
      await submit("anna@contoso.com", [{ address: "eve@fabrikam.com" }]);
      connectors.splice(0, 1, connector("Other", ["*"], ["EDGE1"]));
      change();
      await after(11.9);
      expect(subjects().filter((subject) => subject === "Hello")).to.deep.equal([]);
      await after(12.5);
      expect(hops().at(-1)).to.equal("DnsConnectorDelivery fabrikam.com Other eve@fabrikam.com");
    });
  });
});
