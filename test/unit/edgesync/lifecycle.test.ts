import { expect } from "chai";
import { objectWrite } from "../../../src/directory/index.ts";
import { day, eventsOf, hour, minute, Pair, start, type TestEdge, type TestHub } from "./pair.ts";

const domain = (name: string) =>
  objectWrite("acceptedDomain", { name, domainName: name, domainType: "Authoritative", default: false });

describe("EdgeSync in the course of time", () => {
  let pair: Pair;
  let hub1: TestHub;
  let hub2: TestHub;
  let edge: TestEdge;

  const begin = async (hubs: 1 | 2, certificatesUntil?: Date): Promise<void> => {
    pair = await Pair.open(certificatesUntil ? { certificatesUntil } : {});
    hub1 = await pair.hub("HUB1");
    if (hubs === 2) hub2 = await pair.hub("HUB2");
    edge = await pair.edge();
    await pair.subscribe(edge, hub1);
    await hub1.side.synchronize({});
  };
  afterEach(() => pair.close());

  const results = async (hub: TestHub): Promise<string[]> =>
    (await hub.side.synchronize({})).map(({ result }) => result);
  const accounts = () => edge.organization.objects("replicationAccount").map(({ userName }) => userName);
  const lease = () => edge.organization.objects("edgeSyncLease")[0];
  const publishedAtEdge = (hub: TestHub) =>
    edge.organization.serverByFqdn(hub.fqdn)?.internalTransportCertificateThumbprint;

  describe("by its schedule", () => {
    it("looks at the topology every five minutes, the configuration every hour, recipients every four", async () => {
      await begin(1);
      const { ad } = pair;
      await ad.write([domain("new.example")]);
      const hub3 = await pair.hub("HUB3");
      await pair.write(
        objectWrite("mailbox", {
          name: "anna",
          displayName: "",
          server: "HUB1",
          addresses: ["anna@proexchange.local"],
          passwordVerifier: "",
          requireSenderAuthentication: false,
          safeSenders: [],
          safeRecipients: [],
        }),
      );
      const has = () => [
        edge.organization.server(hub3.name) !== undefined,
        edge.organization.acceptedDomain("new.example") !== undefined,
        edge.organization.hasRecipient("anna@proexchange.local"),
      ];
      const seen: [number, boolean[]][] = [[0, has()]];
      for (const minutes of [4, 5, 59, 60, 239, 240]) {
        await pair.clock.advance(new Date(start.getTime() + minutes * minute));
        await pair.settle();
        seen.push([minutes, has()]);
      }
      expect(seen).to.deep.equal([
        [0, [false, false, false]],
        [4, [false, false, false]],
        [5, [true, false, false]],
        [59, [true, false, false]],
        [60, [true, true, false]],
        [239, [true, true, false]],
        [240, [true, true, true]],
      ]);
    });

    it("counts from a synchronization that was started by hand", async () => {
      await begin(1);
      await pair.advance(50 * minute);
      await hub1.side.synchronize({});
      await pair.write(domain("new.example"));
      await pair.advance(59 * minute);
      expect(edge.organization.acceptedDomain("new.example")).to.equal(undefined);
      await pair.advance(minute);
      expect(edge.organization.acceptedDomain("new.example")).not.to.equal(undefined);
    });

    it("says nothing to the Edge server while nothing is new, but every four hours that it is there", async () => {
      await begin(2);
      await pair.advance(10 * minute); // both have logged on with their own accounts
      const asked: number[] = [];
      const readAll = edge.adam.readAll.bind(edge.adam);
      edge.adam.readAll = async (ids) => {
        asked.push(pair.clock.now().getTime() - start.getTime());
        return await readAll(ids);
      };
      await pair.advance(2 * day);
      expect(new Set(asked.map((ms) => (ms / hour) % 4))).to.deep.equal(new Set([0]));
      expect(asked.length).to.be.below(12 * 2 * 6);
      expect(edge.organization.edgeSyncPosition("Topology")?.at).to.equal(
        new Date(start.getTime() + 2 * day).toISOString(),
      );
      edge.adam.readAll = readAll;
    });

    it("moves its cookie over what is of no concern, so that it never grows too old", async () => {
      await begin(1);
      for (let days = 0; days < 5; days++) {
        await pair.write(
          { id: "site/SiteB", remove: true },
          objectWrite("site", { name: "SiteB", hubSiteEnabled: false }),
        );
        await pair.advance(day);
      }
      expect(edge.organization.edgeSyncPosition("Recipients")).to.include({ generation: 1 });
      expect(edge.organization.edgeSyncPosition("Recipients")?.cookie?.usn).to.equal(await pair.usnOf(pair.ad));
    });
  });

  describe("when the Hub that holds the lease dies", () => {
    it("while it writes: another one takes over when the lock has expired, and goes on", async () => {
      await begin(2);
      await edge.adam.write([
        objectWrite("edgeSyncLease", {
          holder: hub1.fqdn,
          type: "Lock",
          expires: new Date(start.getTime() + 5 * minute).toISOString(),
          due: new Date(start.getTime() + 5 * minute).toISOString(),
        }),
      ]);
      hub1.side.abandon();
      await pair.write(domain("new.example"));
      expect(await results(hub2)).to.deep.equal(["CouldNotLease", "CouldNotLease"]);
      await pair.advance(5 * minute);
      expect(await results(hub2)).to.deep.equal(["Success", "Success"]);
      expect(lease()).to.include({ holder: hub2.fqdn, type: "Option" });
      expect(edge.organization.acceptedDomain("new.example")).not.to.equal(undefined);
    });

    it("between two runs: another one waits for it, and takes over when it has not come", async () => {
      await begin(2);
      await pair.advance(10 * minute);
      expect(lease()).to.include({ holder: hub1.fqdn, type: "Option" });
      hub1.side.abandon();
      await pair.hub("HUB3"); // a change of the topology, at 10:10
      const holders: string[] = [];
      for (let looks = 0; looks < 4; looks++) {
        await pair.advance(5 * minute);
        await pair.settle();
        holders.push(`${edge.organization.server("HUB3") ? "known" : "unknown"}, ${lease()?.holder.split(".")[0]}`);
      }
      expect(holders).to.deep.equal(["unknown, HUB1", "unknown, HUB1", "known, HUB2", "known, HUB2"]);
    });

    it("just after it was there, so that its option outlives what is due: it stays due for the others", async () => {
      await begin(2);
      await pair.advance(5 * minute);
      await hub1.side.synchronize({});
      hub1.side.abandon();
      await pair.write(domain("new.example"));
      await pair.clock.advance(new Date(start.getTime() + 62 * minute)); // the second Hub was refused at 11:00
      expect(edge.organization.acceptedDomain("new.example")).to.equal(undefined);
      await pair.advance(18 * minute);
      await pair.settle();
      expect(edge.organization.acceptedDomain("new.example")).not.to.equal(undefined);
      expect(lease()?.holder).to.equal(hub2.fqdn);
    });

    it("another one may be told to at once", async () => {
      await begin(2);
      hub1.side.abandon();
      expect(await results(hub2)).to.deep.equal(["Success", "Success"]);
      expect(lease()).to.include({ holder: hub2.fqdn });
    });

    it("or leaves in good order: its lease is free", async () => {
      await begin(2);
      await pair.advance(5 * minute);
      await hub1.side.close();
      await pair.settle();
      expect(lease()).to.equal(undefined);
    });

    it("with nothing new: another one takes the option when it is over", async () => {
      await begin(2);
      await pair.advance(5 * minute);
      hub1.side.abandon();
      await pair.advance(5 * hour);
      expect(lease()).to.include({ holder: hub2.fqdn });
    });
  });

  describe("renews accounts before they expire", () => {
    it("month after month, without a moment in which it could not log on", async () => {
      await begin(2);
      const seen = new Set<string>();
      for (let days = 0; days < 70; days++) {
        await pair.advance(day);
        for (const userName of accounts()) seen.add(userName);
        if (days % 9 === 0)
          expect(await results(days % 2 ? hub1 : hub2), `on day ${days}`).to.deep.equal(["Success", "Success"]);
      }
      expect(eventsOf(hub1).concat(eventsOf(hub2), eventsOf(edge))).to.deep.equal([]);
      expect(seen).to.include.keys("ESRA.EDGE1.HUB1.0", "ESRA.EDGE1.HUB1.2", "ESRA.EDGE1.HUB2.2");
      await pair.settle();
      const held = pair.organization
        .objects("edgeSyncCredential")
        .filter(({ sourceServerFqdn }) => sourceServerFqdn !== null);
      expect(held.length, "old ones are removed on both sides").to.be.at.most(8);
    });

    it("seven days, three days, and not at all before", async () => {
      await begin(1);
      const own = () =>
        pair.organization
          .objects("edgeSyncCredential")
          .filter(({ holder, sourceServerFqdn }) => holder === "HUB1" && sourceServerFqdn !== null)
          .map(({ userName }) => userName.split(".").at(-1));
      const logOns = () =>
        edge.reported
          .flatMap((one) =>
            one.kind === "decision" && one.about === "replication-logon" && one.outcome === "welcome"
              ? [one.steps[0]?.text.split(" ")[0]]
              : [],
          )
          .at(-1);
      const seen: [number, string, string | undefined][] = [];
      for (const days of [22.9, 23.1, 26.9, 27.1, 30.1]) {
        await pair.clock.advance(new Date(start.getTime() + days * day));
        await pair.settle();
        await hub1.side.synchronize({});
        seen.push([days, own().join(), logOns()]);
      }
      expect(seen).to.deep.equal([
        [22.9, "0", "ESRA.EDGE1.HUB1.0"],
        [23.1, "0,1", "ESRA.EDGE1.HUB1.0"],
        [26.9, "0,1", "ESRA.EDGE1.HUB1.0"],
        [27.1, "0,1", "ESRA.EDGE1.HUB1.1"],
        [30.1, "1", "ESRA.EDGE1.HUB1.1"],
      ]);
      expect(accounts()).to.include("ESRA.EDGE1.HUB1.1");
    });

    it("and warns by 1004 while the next one would not let it in", async () => {
      await begin(1);
      await pair.clock.advance(new Date(start.getTime() + 24 * day));
      await edge.adam.write([{ id: "replicationAccount/ESRA.EDGE1.HUB1.1", remove: true }]);
      await pair.advance(0.9 * day);
      expect(eventsOf(hub1)).to.deep.equal([]);
      await pair.advance(0.3 * day);
      expect(eventsOf(hub1)[0]).to.deep.equal([1004, edge.fqdn, "ESRA.EDGE1.HUB1.1"]);
      await hub1.side.synchronize({ forceFullSync: true });
      const events = eventsOf(hub1).length;
      await pair.advance(day);
      expect(eventsOf(hub1), "a full synchronization makes the account again").to.have.lengthOf(events);
    });
  });

  describe("when a Hub's certificate is renewed", () => {
    it("and another Hub is there: it brings the new one, and all goes on", async () => {
      await begin(2);
      await pair.advance(10 * minute);
      const renewed = await pair.renew(hub1, pair.ad);
      await pair.advance(5 * minute);
      expect(publishedAtEdge(hub1)).to.equal(renewed.thumbprint);
      expect(await results(hub1)).to.deep.equal(["Success", "Success"]);
      expect(await results(hub2)).to.deep.equal(["Success", "Success"]);
      const own = pair.organization.objects("edgeSyncCredential").filter(({ holder }) => holder === "HUB1");
      await pair.settle();
      expect(
        own.map(({ sealedTo }) => sealedTo),
        "its credentials are sealed anew",
      ).to.deep.equal(own.map(() => renewed.thumbprint));
      expect(eventsOf(hub1)).to.deep.equal([]);
    });

    it("and no other Hub is there, but the old key still is: it brings the new one itself", async () => {
      await begin(1);
      await pair.advance(10 * minute);
      const renewed = await pair.renew(hub1, pair.ad);
      await pair.advance(5 * minute);
      expect(publishedAtEdge(hub1)).to.equal(renewed.thumbprint);
      for (const { thumbprint } of hub1.store.list())
        if (thumbprint !== renewed.thumbprint) await hub1.store.remove(thumbprint);
      expect(await results(hub1), "the old key is needed no more").to.deep.equal(["Success", "Success"]);
      expect(eventsOf(hub1).concat(eventsOf(edge))).to.deep.equal([]);
    });

    it("and its service was restarted before anybody had heard: it comes with the old one", async () => {
      await begin(1);
      await pair.advance(10 * minute);
      hub1.side.abandon();
      const renewed = await pair.renew(hub1, pair.ad);
      hub1.side = await pair.startHub(hub1);
      await pair.advance(5 * minute);
      expect(publishedAtEdge(hub1)).to.equal(renewed.thumbprint);
      expect(eventsOf(hub1).concat(eventsOf(edge))).to.deep.equal([]);
      expect(await results(hub1)).to.deep.equal(["Success", "Success"]);
    });

    it("and the old key is gone, with no other Hub: nothing goes until the Edge server is subscribed again", async () => {
      await begin(1);
      await pair.advance(10 * minute);
      await pair.renew(hub1, pair.ad, { keepOld: false });
      const [recipients] = await hub1.side.synchronize({});
      expect(recipients?.result).to.equal("CouldNotConnect");
      expect(recipients?.failureDetails).to.match(
        /^HUB1 cannot open its credentials for EDGE1: the private key of certificate [0-9A-F]{40} is not in its store any more; subscribe/,
      );
      expect(eventsOf(hub1)[0]?.slice(0, 2)).to.deep.equal([1024, edge.fqdn]);
      await pair.advance(2 * hour);
      expect(publishedAtEdge(hub1)).not.to.equal(hub1.store.list()[0]?.thumbprint);
      await pair.subscribe(edge, hub1);
      expect(await results(hub1)).to.deep.equal(["Success", "Success"]);
      expect(publishedAtEdge(hub1)).to.equal(hub1.store.list()[0]?.thumbprint);
    });

    it("and the old key is gone, with another Hub: mail is trusted again, and this Hub's account is lost", async () => {
      await begin(2);
      await pair.advance(10 * minute);
      const renewed = await pair.renew(hub1, pair.ad, { keepOld: false });
      await pair.advance(20 * minute);
      expect(publishedAtEdge(hub1)).to.equal(renewed.thumbprint);
      expect(await results(hub1)).to.deep.equal(["CouldNotConnect", "CouldNotConnect"]);
      expect(await results(hub2)).to.deep.equal(["Success", "Success"]);
    });
  });

  describe("when the Edge server's certificate is renewed", () => {
    it("nothing is sent, with 10104, until it is subscribed again, also without its old key", async () => {
      await begin(2);
      await pair.advance(10 * minute);
      await pair.renew(edge, edge.adam, { keepOld: false });
      await pair.write(domain("new.example"));
      const before = await pair.usnOf(edge.adam);
      await pair.advance(2 * hour);
      expect(await pair.usnOf(edge.adam)).to.equal(before);
      expect(new Set(eventsOf(hub1).map(([id]) => id))).to.deep.equal(new Set([10104]));
      expect(eventsOf(edge)).to.deep.equal([]);
      await pair.subscribe(edge, hub2);
      await pair.advance(5 * minute);
      expect(await results(hub1)).to.deep.equal(["Success", "Success"]);
      expect(edge.organization.acceptedDomain("new.example")).not.to.equal(undefined);
      expect(accounts()).to.have.members(["ESRA.EDGE1.HUB1.0", "ESRA.EDGE1.HUB2.0"]);
    });

    it("nothing changes by its expiry, nor by that of a Hub's", async () => {
      await begin(1, new Date(start.getTime() + 2 * day));
      await pair.advance(3 * day);
      expect(edge.store.list()[0]?.notAfter.getTime()).to.be.below(pair.clock.now().getTime());
      expect(hub1.store.list()[0]?.notAfter.getTime()).to.be.below(pair.clock.now().getTime());
      hub1.side.abandon();
      hub1.side = await pair.startHub(hub1);
      expect(await results(hub1)).to.deep.equal(["Success", "Success"]);
      expect(eventsOf(hub1).concat(eventsOf(edge))).to.deep.equal([]);
    });
  });

  it("fails after 24 hours without a first synchronization, with words that help", async () => {
    pair = await Pair.open();
    hub1 = await pair.hub("HUB1");
    edge = await pair.edge();
    await pair.subscribe(edge, hub1);
    await edge.side.close();
    await pair.advance(day);
    edge.side = await pair.startEdge(edge);
    const [recipients] = await hub1.side.synchronize({});
    expect(recipients?.result).to.equal("CouldNotConnect");
    expect(recipients?.failureDetails).to.match(
      /refuses the log-on of ESRA.EDGE1.HUB1.0: .* and the bootstrap account expired at 2008-05-13T10:00:00.000Z; .* subscribe the Edge server again/,
    );
    expect(eventsOf(hub1).at(-1)?.slice(0, 2)).to.deep.equal([1024, edge.fqdn]);
    expect(eventsOf(edge)).to.deep.equal([]);
    await pair.subscribe(edge, hub1);
    expect(await results(hub1)).to.deep.equal(["Success", "Success"]);
  });
});
