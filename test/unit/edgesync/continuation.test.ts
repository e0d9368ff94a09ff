import { expect } from "chai";
import type { EdgeSyncPosition } from "../../../src/directory/index.ts";
import {
  continueSweep,
  continueTouch,
  continueWith,
  finished,
  type HeldPosition,
} from "../../../src/edgesync/edge/continuation.ts";
import type { Batch } from "../../../src/edgesync/wire/wire.ts";

const at = new Date("2008-05-12T11:00:00.000Z");
const by = { hub: "hub1.example", at };
const subscription = "2008-05-12T10:00:00.000Z";
const cookie = (usn: number, invocationId = "one") => ({ invocationId, usn });
const position: EdgeSyncPosition = {
  scope: "Recipients",
  subscription,
  cookie: cookie(100),
  generation: 2,
  full: null,
  at: "2008-05-12T10:30:00.000Z",
  by: "hub2.example",
};
const underWay: EdgeSyncPosition = {
  ...position,
  generation: 3,
  full: { cookie: cookie(120), after: 50, oldUpTo: 900 },
};
const held = (one: EdgeSyncPosition | undefined, usn = 7): HeldPosition => ({ position: one, usn });
const taken = { at: at.toISOString(), by: "hub1.example" };
type Reach = Batch["reach"];
const about = { scope: "Recipients", subscription } as const;
const go = (before: HeldPosition, reach: Reach, under = subscription) =>
  continueWith(before, { ...about, subscription: under, reach }, by);
const delta = (from: number, to: number, invocationId = "one"): Reach => ({
  kind: "delta",
  from: cookie(from, invocationId),
  to: cookie(to, invocationId),
});
const full = (generation: number, from: number, to: number, began = 120): Reach => ({
  kind: "full",
  generation,
  began: cookie(began),
  from,
  to,
});

describe("a delta", () => {
  it("goes on where ADAM has come to", () => {
    expect(go(held(position), delta(100, 110))).to.deep.equal({
      kind: "next",
      position: { ...position, ...taken, cookie: cookie(110) },
    });
  });

  it("may leave the position where it is", () => {
    expect(go(held(position), delta(100, 100))).to.deep.include({ kind: "next", position: { ...position, ...taken } });
  });

  it("that was applied before is done, and changes nothing", () => {
    expect(go(held(position), delta(90, 100))).to.deep.equal({ kind: "repeated", position });
  });

  const gaps: readonly [what: string, before: HeldPosition, reach: Reach, under: string, why: RegExp][] = [
    ["that leaves something out", held(position), delta(101, 110), subscription, /begins at USN 101.*come to USN 100/],
    ["that comes again from before the last one", held(position), delta(80, 90), subscription, /begins at USN 80/],
    ["of another invocation", held(position), delta(100, 110, "two"), subscription, /USN 100 of two/],
    ["that goes backwards", held(position), delta(100, 99), subscription, /goes backwards/],
    [
      "from one invocation to another",
      held(position),
      { kind: "delta", from: cookie(100), to: cookie(110, "two") },
      subscription,
      /goes backwards/,
    ],
    ["before any full synchronization", held(undefined), delta(0, 10), subscription, /never synchronized/],
    [
      "before the first one is through",
      held({ ...underWay, cookie: null }),
      delta(120, 130),
      subscription,
      /never synchronized/,
    ],
    [
      "during a full synchronization",
      held(underWay),
      delta(100, 110),
      subscription,
      /full synchronization 3 is under way/,
    ],
    [
      "under a newer subscription",
      held(position),
      delta(100, 110),
      "2008-05-12T10:45:00.000Z",
      /begins with a full synchronization/,
    ],
    [
      "under an older subscription",
      held(position),
      delta(100, 110),
      "2008-05-12T09:00:00.000Z",
      /2008-05-12T09:00:00.000Z.*is in force/,
    ],
  ];
  for (const [what, before, reach, under, why] of gaps) {
    it(`${what} is refused`, () => {
      const answer = go(before, reach, under);
      expect(answer.kind).to.equal("gap");
      expect(answer).to.have.property("why").that.matches(why);
    });
  }
});

describe("a full synchronization", () => {
  it("begins at the beginning, with the next generation, and keeps the cookie until it is through", () => {
    expect(go(held(position), full(3, 0, 40))).to.deep.equal({
      kind: "next",
      position: { ...position, ...taken, generation: 3, full: { cookie: cookie(120), after: 40, oldUpTo: null } },
    });
    expect(go(held(undefined), full(1, 0, 40))).to.deep.equal({
      kind: "next",
      position: {
        ...about,
        ...taken,
        cookie: null,
        generation: 1,
        full: { cookie: cookie(120), after: 40, oldUpTo: null },
      },
    });
  });

  it("goes on, by whoever comes, and remembers up to where ADAM's own objects are old", () => {
    const begun = { ...underWay, full: { cookie: cookie(120), after: 40, oldUpTo: null } };
    expect(go(held(begun, 900), full(3, 40, 50))).to.deep.equal({ kind: "next", position: { ...underWay, ...taken } });
    expect(go(held(underWay, 999), full(3, 50, 60))).to.have.nested.property("position.full.oldUpTo", 900);
  });

  it("repeats nothing", () => {
    expect(go(held(underWay), full(3, 40, 50))).to.deep.equal({ kind: "repeated", position: underWay });
  });

  it("may be begun anew while another one is under way, and under a newer subscription", () => {
    expect(go(held(underWay), full(4, 0, 10))).to.have.nested.property("position.generation", 4);
    const renewed = go(held(position), full(3, 0, 10), "2008-05-12T10:45:00.000Z");
    expect(renewed).to.have.nested.property("position.subscription", "2008-05-12T10:45:00.000Z");
  });

  const gaps: readonly [what: string, before: HeldPosition, reach: Reach, under?: string][] = [
    ["with a generation left out", held(position), full(4, 0, 10)],
    ["with an old generation", held(position), full(2, 0, 10)],
    ["that was never begun", held(position), full(3, 40, 50)],
    ["that leaves something out", held(underWay), full(3, 60, 70)],
    ["that begins elsewhere in Active Directory's history", held(underWay), full(3, 50, 60, 121)],
    ["that goes backwards", held(underWay), full(3, 50, 40)],
    ["under an older subscription", held(position), full(3, 0, 10), "2008-05-12T09:00:00.000Z"],
    ["that goes on under another subscription", held(underWay), full(3, 50, 60), "2008-05-12T10:45:00.000Z"],
  ];
  for (const [what, before, reach, under] of gaps) {
    it(`${what} is refused`, () => expect(go(before, reach, under).kind).to.equal("gap"));
  }

  it("ends where it has come to, with the cookie it began at", () => {
    const sweep = { ...about, generation: 3, from: 50 };
    expect(continueSweep(held(underWay), sweep)).to.deep.equal({ kind: "next", position: underWay });
    const end = finished(underWay, by);
    expect(end).to.deep.equal({ ...underWay, ...taken, cookie: cookie(120), full: null });
    expect(continueSweep(held(end), sweep)).to.deep.equal({ kind: "repeated", position: end });
    for (const other of [
      { ...sweep, from: 49 },
      { ...sweep, generation: 2 },
      { ...sweep, subscription: "2008-05-12T10:45:00.000Z" },
    ]) {
      expect(continueSweep(held(underWay), other).kind).to.equal("gap");
    }
    expect(continueSweep(held(undefined), sweep).kind).to.equal("gap");
  });
});

describe("a touch", () => {
  const scopes = [{ ...about, from: cookie(100), to: cookie(130) }];
  it("moves cookies over what is of no concern", () => {
    expect(continueTouch([position], { due: "", scopes }, by)).to.deep.equal([
      { ...position, ...taken, cookie: cookie(130) },
    ]);
  });

  it("moves none where one scope stands elsewhere", () => {
    const elsewhere = [...scopes, { ...about, from: cookie(99), to: cookie(130) }];
    expect(continueTouch([position], { due: "", scopes: elsewhere }, by)).to.equal(undefined);
    expect(continueTouch([underWay], { due: "", scopes }, by)).to.equal(undefined);
    expect(continueTouch([], { due: "", scopes }, by)).to.equal(undefined);
  });
});
