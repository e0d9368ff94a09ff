import type { SecureContext } from "node:tls";
import { createSecureContext } from "node:tls";
import { expect } from "chai";
import { connectHttps, type HttpsConnection } from "../../../src/base/index.ts";
import { defaultTlsSettings, presentations, unsealSecret } from "../../../src/certificates/index.ts";
import { objectChange, objectWrite, serverId } from "../../../src/directory/index.ts";
import { edgeSyncPort } from "../../../src/dns/index.ts";
import { parseSubscriptionFile } from "../../../src/edgesync/subscription/subscription-file.ts";
import { makeCertificate } from "../certificates/make.ts";
import { day, eventsOf, hour, minute, Pair, type TestEdge, type TestHub } from "./pair.ts";

/** What an Edge server lets in, said to it by hand: nothing here is a Hub's own code. */
describe("the Edge server's door", () => {
  let pair: Pair;
  let hub: TestHub;
  let edge: TestEdge;
  const open: HttpsConnection[] = [];

  beforeEach(async () => {
    pair = await Pair.open();
    hub = await pair.hub("HUB1");
    edge = await pair.edge();
  });
  afterEach(async () => {
    for (const connection of open.splice(0)) connection.close();
    await pair.close();
  });

  /** Subscribed and synchronized once, so that ADAM knows the Hub; its service is then out of the way. */
  const synchronized = async (): Promise<void> => {
    await pair.subscribe(edge, hub);
    await hub.side.synchronize({});
    await hub.side.close();
  };
  const ownContext = (): SecureContext => {
    const [certificate] = hub.store.list();
    if (!certificate) throw new Error("HUB1 has a certificate");
    return presentations(defaultTlsSettings).present(certificate, hub.store);
  };
  const connect = async (secureContext = ownContext()): Promise<HttpsConnection> => {
    const place = pair.names.locate(edge.fqdn, edgeSyncPort);
    if (!place) throw new Error("The Edge server has an address");
    const connection = await connectHttps({ ...place, name: edge.fqdn, secureContext });
    open.push(connection);
    return connection;
  };
  const post = async (
    connection: HttpsConnection,
    path: string,
    body: unknown,
  ): Promise<{ status: number; answer: Record<string, unknown> }> => {
    const reply = await connection.post(path, typeof body === "string" ? body : JSON.stringify(body));
    return { status: reply.status, answer: JSON.parse(reply.body) as Record<string, unknown> };
  };
  const password = (userName = "ESRA.EDGE1.HUB1.0"): string => {
    const credential = pair.organization
      .objects("edgeSyncCredential")
      .find((one) => one.holder === "HUB1" && one.userName === userName);
    return credential ? (unsealSecret(credential.sealedPassword, hub.store.privateKey(credential.sealedTo)) ?? "") : "";
  };
  const logOn = async (changes: object = {}, secureContext = ownContext()) => {
    const connection = await connect(secureContext);
    const request = { hub: hub.fqdn, userName: "ESRA.EDGE1.HUB1.0", password: password(), ...changes };
    return { connection, ...(await post(connection, "/log-on", request)) };
  };
  const refused = (what: "log-on" | "certificate") => ({ status: 401, answer: { kind: "refused", what } });
  const lastDecision = (about: string): string | undefined =>
    edge.reported
      .flatMap((one) => (one.kind === "decision" && one.about === about ? [one] : []))
      .at(-1)
      ?.steps.map(({ text }) => text)
      .join("; ");
  const unchanged = async (work: () => Promise<unknown>): Promise<void> => {
    const before = await pair.usnOf(edge.adam);
    await work();
    expect(await pair.usnOf(edge.adam)).to.equal(before);
  };
  const paths = [
    "/state",
    "/lock",
    "/apply",
    "/sweep",
    "/release",
    "/touch",
    "/objects",
    "/recipient",
    "/try-account",
    "/",
    "/other",
  ];

  it("reads no more of what a stranger says than a log-on has", async () => {
    for (const path of paths) expect((await post(await connect(), path, "x".repeat(5000))).status, path).to.equal(413);
  });

  it("answers nobody who is not logged on, whatever is asked", async () => {
    await synchronized();
    await unchanged(async () => {
      const connection = await connect();
      for (const path of paths) {
        expect(await post(connection, path, { manual: true }), path).to.deep.equal(refused("log-on"));
        expect(await post(connection, path, "no JSON"), path).to.deep.equal(refused("log-on"));
      }
    });
  });

  it("lets in the Hub with its certificate, account and password, for that connection", async () => {
    await synchronized();
    const { status, connection } = await logOn();
    expect(status).to.equal(200);
    expect((await post(connection, "/state", {})).answer).to.have.property("positions");
    expect((await post(connection, "/other", {})).status).to.equal(404);
    expect(await post(await connect(), "/state", {})).to.deep.equal(refused("log-on"));
  });

  describe("refuses a log-on, without a word why and with the reason in its journal,", () => {
    const wrong = async (changes: object, reason: RegExp): Promise<void> => {
      const { connection, ...reply } = await logOn(changes);
      expect(reply).to.deep.equal(refused("log-on"));
      expect(lastDecision("replication-logon")).to.match(reason);
      await unchanged(async () =>
        expect(await post(connection, "/lock", { manual: true })).to.deep.equal(refused("log-on")),
      );
    };

    it("with a wrong password", async () => {
      await synchronized();
      await wrong({ password: "x" }, /the password is wrong/);
    });

    it("by an account that does not exist", async () => {
      await synchronized();
      await wrong({ userName: "ESRA.EDGE1.HUB1.7" }, /there is no such account/);
    });

    it("by another Hub's account", async () => {
      const hub2 = await pair.hub("HUB2");
      await synchronized();
      await hub2.side.close();
      const credential = pair.organization
        .objects("edgeSyncCredential")
        .find((one) => one.holder === "HUB2" && one.sourceServerFqdn !== null);
      const secret = unsealSecret(credential?.sealedPassword ?? "", hub2.store.privateKey(credential?.sealedTo ?? ""));
      await wrong({ userName: credential?.userName, password: secret }, /it is the account of HUB2.proexchange.local/);
    });

    it("by an account whose time is over", async () => {
      await synchronized();
      const before = password();
      await pair.advance(30 * day);
      await wrong({ password: before }, /it expired at 2008-06-11T10:00:00.000Z/);
    });

    it("by an account whose time has not come", async () => {
      await synchronized();
      await edge.adam.write([
        objectChange("replicationAccount", "replicationAccount/ESRA.EDGE1.HUB1.0", {
          effectiveTime: "2008-05-12T10:00:01.000Z",
        }),
      ]);
      await wrong({}, /it is not effective before 2008-05-12T10:00:01.000Z/);
    });

    it("by the bootstrap account after its 24 hours", async () => {
      const { text } = await edge.side.exportSubscription();
      const { file } = parseSubscriptionFile(text);
      const claim = { userName: file.esraUsername, password: file.esraPassword };
      expect((await logOn(claim)).status).to.equal(200);
      await pair.advance(day);
      await wrong(claim, /ESRA.EDGE1 does not let HUB1.proexchange.local in: it expired at 2008-05-13T10:00:00.000Z/);
    });

    it("by the bootstrap account of the file before", async () => {
      const first = parseSubscriptionFile((await edge.side.exportSubscription()).text).file;
      await edge.side.exportSubscription();
      await wrong({ userName: first.esraUsername, password: first.esraPassword }, /the password is wrong/);
    });
  });

  describe("refuses a Hub by direct trust, with event 10104,", () => {
    const swapped = async (secureContext: SecureContext, reason: RegExp): Promise<void> => {
      await unchanged(async () => {
        const { connection, ...reply } = await logOn({}, secureContext);
        expect(reply).to.deep.equal(refused("certificate"));
        expect(eventsOf(edge).at(-1)).to.deep.equal([10104, hub.fqdn]);
        expect(lastDecision("hub-certificate")).to.match(reason);
        expect(await post(connection, "/lock", { manual: true })).to.deep.equal(refused("log-on"));
      });
    };

    it("whose certificate is another one of the same name", async () => {
      await synchronized();
      const other = await makeCertificate({ commonName: "HUB1", names: ["HUB1", hub.fqdn] });
      const context = createSecureContext({ cert: other.pem, key: other.keyPair.privateKeyPem });
      await swapped(context, /but the directory publishes/);
    });

    it("that presents none", async () => {
      await synchronized();
      await swapped(createSecureContext(), /presented no certificate/);
    });

    it("that ADAM does not hold any more", async () => {
      await synchronized();
      await edge.adam.write([{ id: serverId("HUB1"), remove: true }]);
      await pair.settle();
      await swapped(ownContext(), /publishes none for it/);
    });

    it("but raises none for a stranger with an account that there is not: he is no server that was swapped", async () => {
      await synchronized();
      const { connection: _, ...reply } = await logOn({ hub: "nobody.example", userName: "x" });
      expect(reply).to.deep.equal(refused("log-on"));
      expect(eventsOf(edge)).to.deep.equal([]);
    });

    it("and tells nobody why who does not know the password", async () => {
      await synchronized();
      const { connection: _, ...reply } = await logOn({ password: "x" }, createSecureContext());
      expect(reply).to.deep.equal(refused("log-on"));
      expect(eventsOf(edge)).to.deep.equal([[10104, hub.fqdn]]);
    });
  });

  it("lets a Hub that ADAM does not hold yet in by the bootstrap account alone", async () => {
    const { file } = parseSubscriptionFile((await edge.side.exportSubscription()).text);
    const claim = { userName: file.esraUsername, password: file.esraPassword };
    expect((await logOn(claim)).status).to.equal(200);
    expect((await logOn(claim, createSecureContext())).status).to.equal(200);
  });

  describe("shows a Hub out that was let in", () => {
    const after = async (change: () => Promise<unknown>, what: "log-on" | "certificate"): Promise<void> => {
      await synchronized();
      const { connection } = await logOn();
      expect((await post(connection, "/state", {})).status).to.equal(200);
      await change();
      expect(await post(connection, "/lock", { manual: true })).to.deep.equal(refused(what));
      expect(await post(connection, "/state", {}), "for good").to.deep.equal(refused("log-on"));
    };

    it("when its account is gone", () =>
      after(() => edge.adam.write([{ id: "replicationAccount/ESRA.EDGE1.HUB1.0", remove: true }]), "log-on"));

    it("when its account's time is over", () => after(() => pair.advance(30 * day), "log-on"));

    it("when ADAM holds another certificate for it", () =>
      after(
        () => edge.adam.write([objectChange("server", serverId("HUB1"), { internalTransportCertificate: "AAAA" })]),
        "certificate",
      ));

    it("when the Edge server itself has another certificate", async () => {
      await synchronized();
      const { connection } = await logOn();
      await pair.renew(edge, edge.adam);
      expect(connection.alive).to.equal(false);
      const [old] = edge.store.list();
      const { peerCertificate } = await connect();
      expect(peerCertificate && Buffer.compare(peerCertificate, old?.der ?? Buffer.alloc(0))).not.to.equal(0);
    });
  });

  describe("takes from a Hub that is logged on", () => {
    const subscription = "2008-05-12T10:00:00.000Z";
    const domain = (name: string) => ({
      id: `acceptedDomain/${name}`,
      kind: "acceptedDomain",
      set: { name, domainName: name, domainType: "Authoritative", default: false },
    });
    let connection: HttpsConnection;
    let cookie: { invocationId: string; usn: number };
    const batch = (changes: readonly unknown[], more: object = {}) => ({
      scope: "Configuration",
      subscription,
      reach: { kind: "delta", from: cookie, to: { ...cookie, usn: cookie.usn + 1 } },
      changes,
      last: true,
      ...more,
    });
    beforeEach(async () => {
      await synchronized();
      const position = edge.organization.edgeSyncPosition("Configuration");
      if (!position?.cookie) throw new Error("Configuration has been synchronized");
      cookie = position.cookie;
      ({ connection } = await logOn());
    });
    const apply = async (changes: readonly unknown[], more: object = {}) =>
      (await post(connection, "/apply", batch(changes, more))).answer;
    const lock = async () => (await post(connection, "/lock", { manual: false })).answer;

    it("a batch with its position in one step, once", async () => {
      await lock();
      const before = await pair.usnOf(edge.adam);
      const write = edge.adam.write.bind(edge.adam);
      let steps = 0;
      edge.adam.write = async (writes) => {
        steps++;
        return await write(writes);
      };
      expect(await apply([domain("a.example"), domain("b.example")])).to.include({
        kind: "applied",
        added: 2,
        updated: 0,
        deleted: 0,
      });
      expect(await pair.usnOf(edge.adam)).to.equal(before + 3);
      expect(steps).to.equal(1);
      expect(edge.organization.edgeSyncPosition("Configuration")).to.deep.include({
        cookie: { ...cookie, usn: cookie.usn + 1 },
        by: hub.fqdn,
      });
      await unchanged(async () => expect(await apply([domain("a.example")])).to.include({ kind: "repeated" }));
    });

    it("nothing without the lock", async () => {
      await post(connection, "/release", { due: null });
      await unchanged(async () => {
        expect(await apply([domain("a.example")])).to.deep.equal({ kind: "unleased", lease: null });
        const sweep = { scope: "Configuration", subscription, generation: 1, from: 0 };
        expect((await post(connection, "/sweep", sweep)).answer).to.deep.equal({ kind: "unleased", lease: null });
      });
    });

    it("nothing after its lock has expired, or with an option", async () => {
      await lock();
      await pair.advance(5 * minute);
      await unchanged(async () => expect(await apply([domain("a.example")])).to.include({ kind: "unleased" }));
      await post(connection, "/release", { due: "2008-05-12T10:10:00.000Z" });
      await unchanged(async () => expect(await apply([domain("a.example")])).to.include({ kind: "unleased" }));
    });

    it("nothing while another Hub holds the lock", async () => {
      const lease = {
        holder: "hub2.example",
        type: "Lock",
        expires: "2008-05-12T10:05:00.000Z",
        due: "2008-05-12T10:05:00.000Z",
      } as const;
      await edge.adam.write([objectWrite("edgeSyncLease", lease)]);
      await unchanged(async () => {
        expect(await apply([domain("a.example")])).to.deep.equal({ kind: "unleased", lease });
        expect((await post(connection, "/lock", { manual: true })).answer).to.deep.equal({ kind: "held", lease });
        await post(connection, "/release", { due: null });
      });
      expect(lastDecision("lease")).to.equal("hub2.example holds the lock until 2008-05-12T10:05:00.000Z");
    });

    it("a batch that renews the lock, when it is a minute old, in the same step", async () => {
      await lock();
      await pair.advance(2 * minute);
      await apply([domain("a.example")]);
      expect(edge.organization.objects("edgeSyncLease")[0]).to.include({
        type: "Lock",
        expires: "2008-05-12T10:07:00.000Z",
      });
    });

    it("no batch that leaves something out", async () => {
      await lock();
      const reach = { kind: "delta", from: { ...cookie, usn: cookie.usn + 1 }, to: { ...cookie, usn: cookie.usn + 2 } };
      await unchanged(async () => expect(await apply([domain("a.example")], { reach })).to.include({ kind: "gap" }));
    });

    it("no batch of more than 500 changes", async () => {
      await lock();
      const changes = Array.from({ length: 501 }, (_, index) => domain(`d${index}.example`));
      await unchanged(async () => {
        expect(await post(connection, "/apply", batch(changes))).to.deep.equal({
          status: 400,
          answer: { why: "changes must be a list of at most 500" },
        });
      });
      expect(await apply(changes.slice(1))).to.include({ kind: "applied", added: 500 });
    });

    it("nothing of a batch with one change that it cannot take", async () => {
      await lock();
      const alien = { ...domain("x.example"), set: { name: "x.example" } };
      await unchanged(async () => {
        expect(await apply([domain("a.example"), alien])).to.deep.include({ kind: "unreadable", index: 1 });
        const ownCertificate = { id: "server/EDGE1", kind: "server", set: { internalTransportCertificate: "AAAA" } };
        expect(await apply([ownCertificate], { scope: "Topology" })).to.include({ kind: "unreadable", index: 0 });
      });
    });

    it("no request in another form", async () => {
      const answers = [
        await post(connection, "/apply", "{"),
        await post(connection, "/apply", { ...batch([]), more: 1 }),
        await post(connection, "/apply", { ...batch([]), scope: "Mailboxes" }),
        await post(connection, "/apply", { ...batch([]), reach: { kind: "delta", from: cookie } }),
        await post(connection, "/apply", { ...batch([]), reach: { kind: "full", generation: 0 } }),
        await post(connection, "/sweep", { scope: "Configuration" }),
        await post(connection, "/lock", {}),
        await post(connection, "/touch", { due: "soon", scopes: [] }),
        await post(connection, "/objects", { kinds: ["replicationAccount"], after: 0 }),
        await post(connection, "/recipient", { hash: "anna@proexchange.local" }),
        await post(connection, "/state", []),
      ];
      expect(answers.map(({ status }) => status)).to.deep.equal(answers.map(() => 400));
      expect((await post(connection, "/log-on", "x".repeat(5000))).status).to.equal(413);
    });

    it("a touch, where nobody else has the lease and it stands where the Hub thinks", async () => {
      const to = { ...cookie, usn: cookie.usn + 5 };
      const touch = {
        due: "2008-05-12T11:00:00.000Z",
        scopes: [{ scope: "Configuration", subscription, from: cookie, to }],
      };
      expect((await post(connection, "/touch", touch)).answer).to.include({ kind: "touched" });
      await pair.settle();
      expect(edge.organization.edgeSyncPosition("Configuration")?.cookie).to.deep.equal(to);
      await unchanged(async () =>
        expect((await post(connection, "/touch", touch)).answer).to.include({ kind: "not-touched" }),
      );
      await edge.adam.write([
        objectWrite("edgeSyncLease", {
          holder: "hub2.example",
          type: "Option",
          expires: "2008-05-12T11:00:00.000Z",
          due: "2008-05-12T11:00:00.000Z",
        }),
      ]);
      const again = { ...touch, scopes: [{ scope: "Configuration", subscription, from: to, to }] };
      await unchanged(async () =>
        expect((await post(connection, "/touch", again)).answer).to.include({ kind: "not-touched" }),
      );
    });
  });

  it("makes no account of a credential that it cannot open, and raises 1006", async () => {
    await synchronized();
    await pair.renew(edge, edge.adam, { keepOld: false });
    const { connection } = await logOn();
    await post(connection, "/lock", { manual: false });
    const position = edge.organization.edgeSyncPosition("Topology");
    const from = position?.cookie;
    const [sample] = edge.organization
      .objects("edgeSyncCredential")
      .filter(({ sourceServerFqdn }) => sourceServerFqdn !== null);
    const { edgeSyncGeneration: _, ...attributes } = { ...sample } as Record<string, unknown>;
    const set = { ...attributes, userName: "ESRA.EDGE1.HUB1.1" };
    const change = { id: "edgeSyncCredential/EDGE1/ESRA.EDGE1.HUB1.1", kind: "edgeSyncCredential", set };
    const reach = { kind: "delta", from, to: { ...from, usn: (from?.usn ?? 0) + 1 } };
    const answer = await post(connection, "/apply", {
      scope: "Topology",
      subscription: position?.subscription,
      reach,
      changes: [change],
      last: true,
    });
    expect(answer.answer).to.include({ kind: "applied", added: 1 });
    expect(eventsOf(edge)).to.deep.equal([[1006, "ESRA.EDGE1.HUB1.1", sample?.sealedTo]]);
    expect(edge.organization.objects("replicationAccount").map(({ userName }) => userName)).not.to.include(
      "ESRA.EDGE1.HUB1.1",
    );
    await pair.advance(hour);
  });
});
