import { expect } from "chai";
import type { EdgeSyncLease } from "../../../src/directory/index.ts";
import { decideLease, mayWrite, optionFor, renewedLock } from "../../../src/edgesync/edge/lease.ts";
import { defaultEdgeSyncSchedule as schedule } from "../../../src/edgesync/results.ts";

const at = (time: string): Date => new Date(`2008-05-12T${time}Z`);
const iso = (time: string): string => at(time).toISOString();
const lock = (holder: string, expires: string): EdgeSyncLease => ({
  holder,
  type: "Lock",
  expires: iso(expires),
  due: iso(expires),
});
const option = (holder: string, expires: string, due: string): EdgeSyncLease => ({
  holder,
  type: "Option",
  expires: iso(expires),
  due: iso(due),
});

describe("decideLease", () => {
  const decide = (held: EdgeSyncLease | undefined, time: string, manual = false) =>
    decideLease(held, { hub: "hub2.example", manual }, at(time), schedule);
  const held = option("hub1.example", "11:00:00", "11:00:00");

  it("gives the lock for five minutes where nobody holds a lease", () => {
    expect(decide(undefined, "10:00:00").outcome).to.deep.equal({
      kind: "granted",
      lease: lock("hub2.example", "10:05:00"),
    });
  });

  it("gives it to the holder again, of a lock and of an option, in force or over", () => {
    for (const own of [lock("hub2.example", "10:05:00"), option("hub2.example", "11:00:00", "10:05:00")]) {
      for (const time of ["10:01:00", "12:00:00"]) expect(decide(own, time).outcome.kind).to.equal("granted");
    }
  });

  it("takes a lock from nobody while it is in force, also not by hand", () => {
    for (const manual of [false, true]) {
      const { outcome, steps } = decide(lock("hub1.example", "10:05:00"), "10:04:59.999", manual);
      expect(outcome).to.deep.equal({ kind: "refused", lease: lock("hub1.example", "10:05:00") });
      expect(steps[0]?.text).to.equal("hub1.example holds the lock until 2008-05-12T10:05:00.000Z");
    }
  });

  it("takes over a lock that has expired", () => {
    const { outcome, steps } = decide(lock("hub1.example", "10:05:00"), "10:05:00");
    expect(outcome).to.deep.equal({ kind: "granted", lease: lock("hub2.example", "10:10:00") });
    expect(steps[0]).to.deep.equal({
      source: "aa997438#takeover",
      text: "the lock of hub1.example expired at 2008-05-12T10:05:00.000Z: hub2.example has the lock",
    });
  });

  it("takes over an option at once where a run was started by hand, and only then", () => {
    expect(decide(held, "10:00:01", true).outcome.kind).to.equal("granted");
    expect(decide(held, "10:00:01").outcome.kind).to.equal("refused");
  });

  it("leaves an option to its holder to its last instant", () => {
    expect(decide(held, "11:00:00").outcome.kind).to.equal("refused");
    expect(decide(held, "11:00:00.001").outcome.kind).to.equal("granted");
  });

  it("expects the holder within one topology interval, now that somebody waits, and takes over when it has not come", () => {
    const first = decide(held, "10:10:00").outcome;
    expect(first).to.deep.equal({ kind: "refused", lease: option("hub1.example", "11:00:00", "10:15:00") });
    const second = decide(first.lease, "10:15:00").outcome;
    expect(second, "a second refusal puts nothing off").to.deep.equal(first);
    expect(decide(first.lease, "10:19:59").outcome.kind).to.equal("refused");
    expect(decide(first.lease, "10:20:00").outcome.kind).to.equal("granted");
  });
});

describe("a lock", () => {
  it("lets its holder write while it is in force, and nobody else", () => {
    const held = lock("hub1.example", "10:05:00");
    expect(mayWrite(held, "hub1.example", at("10:04:59"))).to.equal(true);
    expect(mayWrite(held, "hub1.example", at("10:05:00"))).to.equal(false);
    expect(mayWrite(held, "hub2.example", at("10:04:59"))).to.equal(false);
    expect(mayWrite(option("hub1.example", "11:00:00", "11:00:00"), "hub1.example", at("10:00:00"))).to.equal(false);
    expect(mayWrite(undefined, "hub1.example", at("10:00:00"))).to.equal(false);
  });

  it("is renewed once a minute", () => {
    const held = lock("hub1.example", "10:05:00");
    expect(renewedLock(held, at("10:00:59"), schedule)).to.equal(undefined);
    expect(renewedLock(held, at("10:01:00"), schedule)).to.deep.equal(lock("hub1.example", "10:06:00"));
  });

  it("becomes an option for an hour", () => {
    expect(optionFor("hub1.example", at("10:02:00"), at("10:30:00"), schedule)).to.deep.equal(
      option("hub1.example", "11:02:00", "10:30:00"),
    );
  });
});
