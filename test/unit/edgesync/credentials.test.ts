import { expect } from "chai";
import type { EdgeSyncCredential } from "../../../src/directory/index.ts";
import {
  planCredentials,
  renewalOffsets,
  successorsToTry,
  usableCredentials,
  randomPassword,
} from "../../../src/edgesync/subscription/credentials.ts";

const day = 86_400_000;
const lifetime = 30 * day;
const names = { edge: "EDGE1", hub: "HUB1" };
const at = (days: number): Date => new Date(Date.parse("2008-05-12T10:00:00Z") + days * day);

const credential = (
  userName: string,
  from: number,
  until: number,
  hub: string | null = "hub1.example",
): EdgeSyncCredential => ({
  holder: "HUB1",
  targetServerFqdn: "edge1.example",
  sourceServerFqdn: hub,
  userName,
  effectiveTime: at(from).toISOString(),
  expirationTime: at(until).toISOString(),
  sealedTo: "A".repeat(40),
  sealedPassword: "",
});
const bootstrap = credential("ESRA.EDGE1", 0, 1, null);
const first = credential("ESRA.EDGE1.HUB1.0", 0, 30);

describe("planCredentials", () => {
  const plan = (held: readonly EdgeSyncCredential[], days: number) => planCredentials(held, names, at(days), lifetime);

  it("makes the first account for a Hub with the bootstrap credential, in force at once", () => {
    expect(plan([bootstrap], 0)).to.deep.equal({
      make: { userName: "ESRA.EDGE1.HUB1.0", effectiveTime: at(0), expirationTime: at(30) },
      remove: [],
      again: at(0),
    });
  });

  it("makes it also when the bootstrap account is over: another Hub may bring it", () => {
    expect(plan([bootstrap], 5).make?.userName).to.equal("ESRA.EDGE1.HUB1.0");
  });

  it("makes none for a Hub that came later", () => {
    expect(plan([], 0)).to.deep.equal({ make: undefined, remove: [], again: undefined });
  });

  it("has nothing to do until seven days before the account expires", () => {
    expect(plan([bootstrap, first], 1)).to.deep.equal({ make: undefined, remove: [], again: at(23) });
  });

  it("makes a successor then, in force three days before", () => {
    expect(plan([bootstrap, first], 23).make).to.deep.equal({
      userName: "ESRA.EDGE1.HUB1.1",
      effectiveTime: at(27),
      expirationTime: at(57),
    });
  });

  it("removes the old account when it expires, and not before", () => {
    const second = credential("ESRA.EDGE1.HUB1.1", 27, 57);
    expect(plan([bootstrap, first, second], 29)).to.deep.equal({ make: undefined, remove: [], again: at(30) });
    expect(plan([bootstrap, first, second], 30)).to.deep.equal({ make: undefined, remove: [first], again: at(50) });
    expect(plan([bootstrap, second], 50).make?.userName).to.equal("ESRA.EDGE1.HUB1.2");
  });

  it("begins anew, under another number, where all are over", () => {
    expect(plan([bootstrap, first], 40)).to.deep.equal({
      make: { userName: "ESRA.EDGE1.HUB1.1", effectiveTime: at(40), expirationTime: at(70) },
      remove: [first],
      again: at(40),
    });
  });

  it("shortens its offsets with the lifetime, and never lengthens them", () => {
    expect(renewalOffsets(lifetime)).to.deep.equal({ madeMs: 7 * day, triedMs: 5 * day, usedMs: 3 * day });
    expect(renewalOffsets(60 * day)).to.deep.equal(renewalOffsets(lifetime));
    expect(renewalOffsets(15 * day)).to.deep.equal({ madeMs: 3.5 * day, triedMs: 2.5 * day, usedMs: 1.5 * day });
  });
});

describe("usableCredentials", () => {
  const second = credential("ESRA.EDGE1.HUB1.1", 27, 57);
  const names = (days: number) =>
    usableCredentials([bootstrap, first, second], at(days)).map(({ userName }) => userName);

  it("are those in force, the newest first, the bootstrap credential last", () => {
    expect(names(0)).to.deep.equal(["ESRA.EDGE1.HUB1.0", "ESRA.EDGE1"]);
    expect(names(1)).to.deep.equal(["ESRA.EDGE1.HUB1.0"]);
    expect(names(27)).to.deep.equal(["ESRA.EDGE1.HUB1.1", "ESRA.EDGE1.HUB1.0"]);
    expect(names(30)).to.deep.equal(["ESRA.EDGE1.HUB1.1"]);
    expect(names(57)).to.deep.equal([]);
  });

  it("are tried two days before they come into force", () => {
    const toTry = (days: number) => successorsToTry([bootstrap, first, second], at(days), lifetime).length;
    expect([24.9, 25, 26.9, 27].map(toTry)).to.deep.equal([0, 1, 1, 0]);
  });
});

describe("a password of a replication account", () => {
  it("has 127 characters and is never the same", () => {
    expect(randomPassword())
      .to.have.lengthOf(127)
      .and.match(/^[A-Za-z0-9_-]+$/);
    expect(randomPassword()).not.to.equal(randomPassword());
  });
});
