import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import { unsealSecret } from "../../../src/certificates/index.ts";
import {
  type AcceptedDomain,
  defaultRemoteDomain,
  defaultSendConnector,
  objectChange,
  objectWrite,
  serverId,
} from "../../../src/directory/index.ts";
import {
  formatSubscriptionFile,
  parseSubscriptionFile,
  type SubscriptionFile,
} from "../../../src/edgesync/subscription/subscription-file.ts";
import { mailboxObject, serverObject } from "../../helpers/objects.ts";
import { makeCertificate } from "../certificates/make.ts";
import { day, eventsOf, hour, minute, Pair, replicasOf, start, type TestEdge, type TestHub } from "./pair.ts";

const codeOf = (failing: Promise<unknown>): Promise<string> =>
  failing.then(
    () => "nothing failed",
    (failure: unknown) => (failure instanceof LabError ? failure.code : String(failure)),
  );

describe("an Edge Subscription", () => {
  let pair: Pair;
  let hub1: TestHub;
  let hub2: TestHub;
  let edge: TestEdge;

  beforeEach(async () => {
    pair = await Pair.open();
    hub1 = await pair.hub("HUB1");
    hub2 = await pair.hub("HUB2");
    edge = await pair.edge();
  });
  afterEach(() => pair.close());

  const accounts = () => edge.organization.objects("replicationAccount").map(({ userName }) => userName);
  const exported = async () => (await edge.side.exportSubscription()).text;

  describe("begins on the Edge server", () => {
    it("with a file, an account for 24 hours, and without what was configured there", async () => {
      await edge.adam.write([
        objectWrite("remoteDomain", defaultRemoteDomain),
        objectWrite("messageClassification", { name: "x", displayName: "X", senderDescription: "" }),
        objectWrite("sendConnector", { ...defaultSendConnector, name: "own" }),
        objectWrite("transportConfig", {
          tlsSendDomainSecureList: ["x.example"],
          tlsReceiveDomainSecureList: [],
          internalSmtpServers: [],
        }),
      ]);
      await pair.settle();
      expect(edge.side.isSubscribed()).to.equal(false);
      const { text, expiresAt } = await edge.side.exportSubscription();
      expect(expiresAt.getTime() - start.getTime()).to.equal(day);
      const { file } = parseSubscriptionFile(text);
      expect(file).to.include({
        edgeServerName: "EDGE1",
        edgeServerFqdn: edge.fqdn,
        esraUsername: "ESRA.EDGE1",
        durationMinutes: 1440,
        adamSslPort: 50_636,
      });
      expect(file.esraPassword).to.have.lengthOf(127);
      expect(edge.side.isSubscribed()).to.equal(true);
      expect(accounts()).to.deep.equal(["ESRA.EDGE1"]);
      expect(JSON.stringify(edge.organization.objects("replicationAccount"))).not.to.include(file.esraPassword);
      expect([...(await replicasOf(edge)).keys()]).to.deep.equal([]);
      expect(edge.organization.transportConfig().tlsSendDomainSecureList).to.deep.equal([]);
      expect(edge.organization.server("EDGE1")?.internalTransportCertificate).not.to.equal(null);
    });

    it("anew without losing what was replicated, and the file before is worth nothing any more", async () => {
      await pair.subscribe(edge, hub1);
      await hub1.side.synchronize({});
      const before = await replicasOf(edge);
      expect(before.size).to.be.above(3);
      const first = await exported();
      const second = await exported();
      expect(await replicasOf(edge)).to.deep.equal(before);
      expect(
        parseSubscriptionFile(second).file.effectiveDate > parseSubscriptionFile(first).file.effectiveDate,
      ).to.equal(true);
      await pair.import(hub1, second);
      expect(await codeOf(pair.import(hub1, first))).to.equal("EDGE_FILE_USED");
    });

    it("not without the private key of its certificate", async () => {
      const { certificate } = await makeCertificate({ names: ["EDGE1", edge.fqdn] });
      await edge.adam.write([
        objectChange("server", serverId("EDGE1"), { internalTransportCertificateThumbprint: certificate.thumbprint }),
      ]);
      expect(await codeOf(edge.side.exportSubscription())).to.equal("EDGE_CERTIFICATE_MISSING");
      expect(edge.side.isSubscribed()).to.equal(false);
      expect(accounts()).to.deep.equal([]);
    });
  });

  describe("is taken in on a Hub", () => {
    it("as a server with its certificate, credentials that only their holders open, and two Send connectors", async () => {
      const text = await exported();
      const { file } = parseSubscriptionFile(text);
      const before = await pair.usnOf(pair.ad);
      const changes: number[] = [];
      await hub1.side.importSubscription(text, {
        site: "SiteA",
        createInternetSendConnector: true,
        createInboundSendConnector: true,
      });
      changes.push(await pair.usnOf(pair.ad));
      await pair.settle();
      const server = pair.organization.server("EDGE1");
      expect(server).to.deep.include({
        fqdn: edge.fqdn,
        site: "SiteA",
        roles: ["EdgeTransport"],
        machineKey: null,
        transport: null,
      });
      expect(server?.internalTransportCertificate).to.equal(file.edgeCertificateBlob);
      expect(server?.edge).to.deep.equal({
        adamSslPort: 50_636,
        subscriptionEffectiveDate: start.toISOString(),
        productId: file.productId,
        serialNumber: file.serialNumber,
      });
      expect(changes[0]).to.be.above(before);

      const credentials = pair.organization.objects("edgeSyncCredential");
      expect(credentials.map(({ holder, userName }) => `${holder} ${userName}`)).to.have.members([
        "EDGE1 ESRA.EDGE1",
        "HUB1 ESRA.EDGE1",
        "HUB2 ESRA.EDGE1",
        "HUB1 ESRA.EDGE1.HUB1.0",
        "EDGE1 ESRA.EDGE1.HUB1.0",
        "HUB2 ESRA.EDGE1.HUB2.0",
        "EDGE1 ESRA.EDGE1.HUB2.0",
      ]);
      const stores = new Map([edge, hub1, hub2].map(({ name, store }) => [name, store]));
      for (const { holder, sealedTo, sealedPassword, userName, sourceServerFqdn } of credentials) {
        const opened = [...stores].filter(([, store]) =>
          store
            .list()
            .some(({ thumbprint }) => unsealSecret(sealedPassword, store.privateKey(thumbprint)) !== undefined),
        );
        expect(opened.map(([name]) => name)).to.deep.equal([holder]);
        const password = unsealSecret(sealedPassword, (stores.get(holder) as typeof edge.store).privateKey(sealedTo));
        if (userName === "ESRA.EDGE1") expect(password).to.equal(file.esraPassword);
        else expect(password).to.have.lengthOf(127).and.not.to.equal(file.esraPassword);
        expect(sourceServerFqdn).to.equal(
          userName === "ESRA.EDGE1" ? null : `${userName.split(".")[2]}.proexchange.local`,
        );
      }

      expect(pair.organization.objects("sendConnector")).to.deep.equal([
        {
          ...defaultSendConnector,
          name: "EdgeSync - Inbound to SiteA",
          addressSpaces: [{ type: "SMTP", domain: "--", cost: 1 }],
          sourceTransportServers: ["EDGE1"],
          dnsRoutingEnabled: false,
          smartHosts: ["--"],
          smartHostAuthMechanism: "ExchangeServer",
        },
        {
          ...defaultSendConnector,
          name: "EdgeSync - SiteA to Internet",
          addressSpaces: [{ type: "SMTP", domain: "*", cost: 100 }],
          sourceTransportServers: ["EDGE1"],
          domainSecureEnabled: true,
        },
      ]);
    });

    it("in one step", async () => {
      const text = await exported();
      hub1.side.abandon();
      hub2.side.abandon();
      let writes = 0;
      const counting: typeof pair.ad = {
        ...pair.ad,
        write(given) {
          writes++;
          return pair.ad.write(given);
        },
      };
      const side = await pair.startHub({ ...hub1, name: "OTHER" }, counting);
      await side.importSubscription(text, {
        site: "SiteA",
        createInternetSendConnector: true,
        createInboundSendConnector: true,
      });
      expect(writes).to.equal(1);
      side.abandon();
    });

    it("without the connectors that are not wanted", async () => {
      const request = { site: "SiteA", createInternetSendConnector: false, createInboundSendConnector: false };
      await hub1.side.importSubscription(await exported(), request);
      await pair.settle();
      expect(pair.organization.objects("sendConnector")).to.deep.equal([]);
    });

    it("beside others of its site, with which it shares the connectors as they are", async () => {
      const edge2 = await pair.edge("EDGE2");
      await pair.subscribe(edge, hub1);
      const name = "EdgeSync - SiteA to Internet";
      await pair.write(
        objectChange("sendConnector", `sendConnector/${name}`, { comment: "mine", maxMessageSizeBytes: 1 }),
      );
      await pair.subscribe(edge2, hub1);
      const connectors = pair.organization.objects("sendConnector");
      expect(connectors.map(({ sourceTransportServers }) => sourceTransportServers)).to.deep.equal([
        ["EDGE1", "EDGE2"],
        ["EDGE1", "EDGE2"],
      ]);
      expect(connectors.find((one) => one.name === name)).to.include({ comment: "mine", maxMessageSizeBytes: 1 });
      const results = await hub2.side.synchronize({});
      expect(results.map(({ name: edgeName, type, result }) => `${edgeName} ${type} ${result}`)).to.deep.equal([
        "EDGE1 Recipients Success",
        "EDGE1 Configuration Success",
        "EDGE2 Recipients Success",
        "EDGE2 Configuration Success",
      ]);
      expect((await replicasOf(edge2)).has("edgeSyncCredential/EDGE2/ESRA.EDGE2.HUB2.0")).to.equal(true);
      expect((await replicasOf(edge2)).has("edgeSyncCredential/EDGE1/ESRA.EDGE1.HUB2.0")).to.equal(false);
      expect((await replicasOf(edge2)).has("server/EDGE1")).to.equal(false);
    });

    describe("and refused, with nothing changed,", () => {
      let file: SubscriptionFile;
      const signed = (changes: Partial<SubscriptionFile>): string => {
        const { thumbprint } = edge.store.list()[0] as { thumbprint: string };
        return formatSubscriptionFile({ ...file, ...changes }, edge.store.privateKey(thumbprint));
      };
      const refused = async (text: string, code: string, words: RegExp, site = "SiteA"): Promise<void> => {
        const before = await pair.usnOf(pair.ad);
        const failure: unknown = await pair.import(hub1, text, site).catch((error: unknown) => error);
        expect(failure).to.be.instanceOf(LabError);
        expect(failure).to.include({ code });
        expect(failure).to.have.property("message").that.matches(words);
        expect(await pair.usnOf(pair.ad)).to.equal(before);
      };
      beforeEach(async () => void ({ file } = parseSubscriptionFile(await exported())));

      it("where it is no subscription file", () => refused("<x/>", "EDGE_FILE_MALFORMED", /line 1/));

      it("where its certificate is none", () =>
        refused(signed({ edgeCertificateBlob: "AAAA" }), "EDGE_FILE_MALFORMED", /EdgeCertificateBlob/));

      it("where somebody altered it", async () => {
        const text = signed({});
        await refused(
          text.replace("<EdgeServerName>EDGE1", "<EdgeServerName>EDGE9"),
          "EDGE_FILE_ALTERED",
          /of EDGE9: it was changed/,
        );
        await refused(text.replace("PT1440M", "PT9999M"), "EDGE_FILE_ALTERED", /was changed/);
        const foreign = await makeCertificate({ names: [edge.fqdn] });
        const blob = Buffer.from(foreign.certificate.der).toString("base64");
        await refused(text.replace(file.edgeCertificateBlob, blob), "EDGE_FILE_ALTERED", /was changed/);
      });

      it("after its 24 hours", async () => {
        const text = signed({});
        await pair.advance(day);
        await refused(
          text,
          "EDGE_FILE_OUT_OF_DATE",
          /it expired at 2008-05-13T10:00:00.000Z, and now it is 2008-05-13T10/,
        );
      });

      it("before its time", () =>
        refused(
          signed({ effectiveDate: new Date(start.getTime() + hour) }),
          "EDGE_FILE_OUT_OF_DATE",
          /valid from 2008-05-12T11/,
        ));

      it("a second time, and after a newer one", async () => {
        const text = signed({});
        await pair.import(hub1, text);
        await refused(text, "EDGE_FILE_USED", /this file, made at 2008-05-12T10:00:00.000Z, was imported before/);
        await refused(
          signed({ effectiveDate: new Date(start.getTime() - 1) }),
          "EDGE_FILE_USED",
          /one made at .* was imported already/,
        );
      });

      it("with a certificate that does not name the server", () =>
        refused(
          signed({ edgeServerFqdn: "other.perimeter.example" }),
          "EDGE_FILE_FOREIGN",
          /does not name other.perimeter.example/,
        ));

      it("with another server's certificate", async () => {
        const { edgeCertificateBlob } = file;
        await pair.write(
          objectWrite("server", serverObject({ name: "HUB9", internalTransportCertificate: edgeCertificateBlob })),
        );
        await refused(signed({}), "EDGE_FILE_FOREIGN", /is that of HUB9/);
      });

      it("with another server's FQDN", async () => {
        await pair.write(objectWrite("server", serverObject({ name: "HUB9", fqdn: edge.fqdn.toUpperCase() })));
        await refused(signed({}), "EDGE_FILE_FOREIGN", /is HUB9/);
      });

      it("for a site that there is not, or that has no Hub", async () => {
        await refused(signed({}), "EDGE_SITE_UNKNOWN", /"SiteZ": the organization has SiteA, SiteB/, "SiteZ");
        await refused(signed({}), "EDGE_SITE_WITHOUT_HUB", /SiteB/, "SiteB");
      });

      it("from a host that cannot be found, or not at that port", async () => {
        await refused(signed({ adamSslPort: 50_637 }), "EDGE_HOST_UNKNOWN", /at port 50637/);
        pair.names.removeHost(edge.fqdn);
        await refused(signed({}), "EDGE_HOST_UNKNOWN", /nothing of that name/);
      });

      it("under the name of another kind of server", async () => {
        await refused(signed({ edgeServerName: "HUB2" }), "EDGE_NAME_TAKEN", /with the roles HubTransport/);
      });

      it("to a second site", async () => {
        await pair.hub("HUB3", "SiteB");
        await pair.import(hub1, signed({}));
        const later = signed({ effectiveDate: new Date(start.getTime() + 1) });
        await refused(later, "EDGE_SUBSCRIBED_ELSEWHERE", /it is subscribed to SiteA/, "SiteB");
      });
    });
  });

  describe("is synchronized", () => {
    it("first by the bootstrap account, then by each Hub's own, and then the bootstrap account is gone", async () => {
      await pair.subscribe(edge, hub1);
      await pair.write(objectWrite("mailbox", mailboxObject({ name: "anna" })));
      const [recipients, configuration] = await hub1.side.synchronize({});
      expect(recipients).to.deep.include({
        type: "Recipients",
        name: "EDGE1",
        result: "Success",
        failureDetails: "",
        added: 1,
        scanned: 1,
      });
      expect(configuration).to.deep.include({
        type: "Configuration",
        result: "Success",
        added: 8,
        updated: 1,
        deleted: 0,
      });
      expect(accounts()).to.deep.equal(["ESRA.EDGE1", "ESRA.EDGE1.HUB1.0", "ESRA.EDGE1.HUB2.0"]);
      expect(edge.organization.hasRecipient("ANNA@proexchange.local")).to.equal(true);
      expect(edge.organization.server("EDGE1")?.site).to.equal("SiteA");
      for (const hub of [hub1, hub2]) {
        const known = edge.organization.serverByFqdn(hub.fqdn);
        const [certificate] = hub.store.list();
        expect(known?.internalTransportCertificate).to.equal(Buffer.from(certificate?.der ?? []).toString("base64"));
      }
      await pair.advance(5 * minute);
      expect(accounts()).to.deep.equal(["ESRA.EDGE1.HUB1.0", "ESRA.EDGE1.HUB2.0"]);
      expect(eventsOf(hub1).concat(eventsOf(hub2), eventsOf(edge))).to.deep.equal([]);
      expect((await hub1.side.synchronize({})).map(({ result }) => result)).to.deep.equal(["Success", "Success"]);
    });

    it("at the first look at the topology, by whichever Hub comes first, without anybody's doing", async () => {
      await pair.subscribe(edge, hub1);
      await pair.advance(5 * minute);
      expect(edge.organization.objects("edgeSyncPosition").map(({ scope }) => scope)).to.deep.equal(["Topology"]);
      await pair.advance(4 * hour);
      expect(edge.organization.objects("edgeSyncPosition").map(({ scope }) => scope)).to.deep.equal([
        "Configuration",
        "Recipients",
        "Topology",
      ]);
    });

    it("without a word in Active Directory from the Edge server", async () => {
      await pair.subscribe(edge, hub1);
      const before = await pair.usnOf(pair.ad);
      await hub1.side.synchronize({});
      await hub1.side.synchronize({ forceFullSync: true });
      await hub2.side.test({ compare: true, excludeRecipients: false, maxReportSize: 10 });
      await edge.adam.write([
        objectWrite("acceptedDomain", {
          name: "evil",
          domainName: "evil.example",
          domainType: "Authoritative",
          default: true,
        }),
        objectChange("server", serverId("HUB1"), { internalTransportCertificate: "AAAA" }),
      ]);
      await pair.advance(5 * hour);
      await edge.side.exportSubscription();
      await edge.side.removeSubscription();
      await pair.advance(hour);
      expect(await pair.usnOf(pair.ad)).to.equal(before);
    });

    it("with the words that the documents give to each step, and no password among them", async () => {
      await pair.subscribe(edge, hub1);
      await hub1.side.synchronize({});
      const records = edge.reported.filter(({ kind }) => kind === "directoryChange");
      expect(records).to.deep.equal([
        {
          kind: "directoryChange",
          server: "EDGE1",
          at: start,
          scope: "Topology",
          by: hub1.fqdn,
          added: 5,
          updated: 1,
          deleted: 0,
          full: true,
          usn: (records[0] as { usn: number }).usn,
        },
        {
          kind: "directoryChange",
          server: "EDGE1",
          at: start,
          scope: "Configuration",
          by: hub1.fqdn,
          added: 3,
          updated: 0,
          deleted: 0,
          full: true,
          usn: (records[1] as { usn: number }).usn,
        },
      ]);
      const about = new Set(
        edge.reported.concat(hub1.reported).flatMap((one) => (one.kind === "decision" ? [one.about] : [])),
      );
      expect([...about].sort()).to.deep.equal(["edge-certificate", "hub-certificate", "lease", "replication-logon"]);
      const passwords = pair.organization
        .objects("edgeSyncCredential")
        .filter(({ holder }) => holder === "EDGE1")
        .map(({ sealedTo, sealedPassword }) => unsealSecret(sealedPassword, edge.store.privateKey(sealedTo)) as string);
      expect(passwords).to.have.lengthOf(3);
      const everything = JSON.stringify([hub1.reported, hub2.reported, edge.reported]);
      for (const password of passwords) expect(everything).not.to.include(password);
    });
  });

  describe("is made anew", () => {
    it("by another file, with other accounts, and everything is sent again and nothing lost", async () => {
      await pair.subscribe(edge, hub1);
      await hub1.side.synchronize({});
      await pair.advance(5 * minute);
      const before = await replicasOf(edge);
      const hub3 = await pair.hub("HUB3");
      await pair.subscribe(edge, hub2);
      // Accounts of the subscription before still let Hubs in, and must not end the new bootstrap account.
      const [, configuration] = await hub1.side.synchronize({});
      expect(configuration).to.include({ result: "Success" });
      await pair.advance(10 * minute);
      expect(accounts()).to.deep.equal(["ESRA.EDGE1.HUB1.0", "ESRA.EDGE1.HUB2.0", "ESRA.EDGE1.HUB3.0"]);
      const after = await replicasOf(edge);
      expect([...after.keys()]).to.include.members([...before.keys()]);
      expect(after.has("server/HUB3")).to.equal(true);
      expect((await hub3.side.synchronize({})).map(({ result }) => result)).to.deep.equal(["Success", "Success"]);
      expect(edge.organization.edgeSyncPosition("Topology")?.generation).to.equal(2);
    });

    it("also when a Hub logged on with its old account between the two files", async () => {
      await pair.subscribe(edge, hub1);
      await hub1.side.synchronize({});
      await pair.advance(5 * minute);
      const text = await exported();
      expect(accounts()).to.include("ESRA.EDGE1");
      edge.side.close().catch(() => undefined); // every link breaks, so that all log on again
      edge.side = await pair.startEdge(edge);
      await pair.advance(10 * minute);
      expect(accounts(), "the new bootstrap account has not served yet").to.include("ESRA.EDGE1");
      await pair.import(hub1, text);
      await pair.advance(10 * minute);
      expect((await hub1.side.synchronize({})).map(({ result }) => result)).to.deep.equal(["Success", "Success"]);
      expect(accounts()).not.to.include("ESRA.EDGE1");
    });
  });

  describe("ends", () => {
    it("on a Hub: the server, its credentials and its place in connectors go, and Hubs stop", async () => {
      const edge2 = await pair.edge("EDGE2");
      await pair.subscribe(edge, hub1);
      await pair.subscribe(edge2, hub1);
      await hub1.side.synchronize({});
      await hub2.side.removeSubscription("edge2");
      await pair.settle();
      expect(pair.organization.server("EDGE2")).to.equal(undefined);
      expect(
        pair.organization.objects("sendConnector").map(({ sourceTransportServers }) => sourceTransportServers),
      ).to.deep.equal([["EDGE1"], ["EDGE1"]]);
      expect(
        pair.organization
          .objects("edgeSyncCredential")
          .filter(({ targetServerFqdn }) => targetServerFqdn === edge2.fqdn),
      ).to.deep.equal([]);
      await hub1.side.removeSubscription("EDGE1");
      await pair.settle();
      expect(pair.organization.objects("sendConnector")).to.deep.equal([]);
      const before = await pair.usnOf(edge.adam);
      await pair.advance(5 * hour);
      expect(await pair.usnOf(edge.adam)).to.equal(before);
      expect(await codeOf(hub1.side.synchronize({}))).to.equal("EDGE_SYNC_NO_EDGE_IN_SITE");
      await pair.advance(32 * day);
      expect(accounts(), "they end with their time").to.deep.equal([]);
    });

    it("on the Edge server: all that was replicated goes, and it is its own master again", async () => {
      await pair.subscribe(edge, hub1);
      await pair.write(objectWrite("mailbox", mailboxObject({ name: "anna" })));
      await hub1.side.synchronize({});
      await edge.side.removeSubscription();
      expect(edge.side.isSubscribed()).to.equal(false);
      expect([...(await replicasOf(edge)).keys()]).to.deep.equal([]);
      const { changes } = await edge.adam.changesSince(undefined);
      expect(changes.flatMap((change) => (change.kind === "changed" ? [change.object.id] : []))).to.deep.equal([
        "organization/EDGE1",
        "server/EDGE1",
      ]);
      expect(edge.organization.server("EDGE1")).to.include({ site: null });
      expect(edge.organization.server("EDGE1")?.internalTransportCertificate).not.to.equal(null);
      // Its Hubs are not let in any more, until it is subscribed anew.
      const [recipients] = await hub1.side.synchronize({});
      expect(recipients).to.include({ result: "CouldNotConnect" });
      await pair.subscribe(edge, hub1);
      expect((await hub1.side.synchronize({})).map(({ result, added }) => [result, added])).to.deep.equal([
        ["Success", 1],
        ["Success", 8],
      ]);
    });

    it("nowhere where there is none", async () => {
      expect(await codeOf(hub1.side.removeSubscription("EDGE1"))).to.equal("EDGE_SUBSCRIPTION_UNKNOWN");
      expect(await codeOf(hub1.side.removeSubscription("HUB2"))).to.equal("EDGE_SUBSCRIPTION_UNKNOWN");
      expect(await codeOf(edge.side.removeSubscription())).to.equal("EDGE_SUBSCRIPTION_UNKNOWN");
    });

    it("and moves to another site, where nothing of the old one stays", async () => {
      const hub3 = await pair.hub("HUB3", "SiteB");
      await pair.subscribe(edge, hub1);
      await hub1.side.synchronize({});
      const text = await exported();
      await hub1.side.removeSubscription("EDGE1");
      await pair.import(hub3, text, "SiteB");
      expect((await hub3.side.synchronize({})).map(({ result }) => result)).to.deep.equal(["Success", "Success"]);
      const servers = [...(await replicasOf(edge)).keys()].filter((id) => id.startsWith("server/"));
      expect(servers).to.deep.equal(["server/HUB3"]);
      expect(edge.organization.server("EDGE1")?.site).to.equal("SiteB");
      expect(accounts()).to.not.include.members(["ESRA.EDGE1.HUB1.0"]);
      const domains: readonly AcceptedDomain[] = edge.organization.acceptedDomains();
      expect(domains.map(({ domainName }) => domainName)).to.deep.equal(["proexchange.local"]);
    });
  });
});
