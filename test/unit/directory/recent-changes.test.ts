import { expect } from "chai";
import { RecentChanges } from "../../../src/directory/recent-changes.ts";

const at = (usn: number, invocationId = "one") => ({ invocationId, usn });
const changes = (after: number, ...ids: string[]) =>
  ids.map((id, index) => ({ usn: after + index + 1, id, json: `"${id}"` }));
const idsOf = (found: ReturnType<RecentChanges["between"]>) => found?.map(({ usn, id }) => `${usn} ${id}`);

describe("recent changes", () => {
  it("knows what was written since, each object once, as it is at the end", () => {
    const recent = new RecentChanges();
    recent.add(at(5), changes(5, "a", "b"));
    recent.add(at(7), changes(7, "a"));
    expect(recent.knownUpTo(at(5))).to.equal(8);
    expect(idsOf(recent.between(at(5), at(8)))).to.deep.equal(["7 b", "8 a"]);
    expect(idsOf(recent.between(at(5), at(7)))).to.deep.equal(["6 a", "7 b"]);
    expect(idsOf(recent.between(at(8), at(8)))).to.deep.equal([]);
  });

  it("does not know what was before, what is to come, or another history", () => {
    const recent = new RecentChanges();
    recent.add(at(5), changes(5, "a", "b"));
    expect([at(4), at(8), at(6, "two")].map((cookie) => recent.knownUpTo(cookie))).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
    expect(recent.between(at(4), at(7))).to.equal(undefined);
    expect(recent.between(at(5), at(8))).to.equal(undefined);
    expect(recent.between(at(5), at(7, "two"))).to.equal(undefined);
  });

  it("begins anew where somebody else wrote between, or the history did", () => {
    const recent = new RecentChanges();
    recent.add(at(0), changes(0, "a"));
    recent.add(at(3), changes(3, "b"));
    expect(recent.knownUpTo(at(1))).to.equal(undefined);
    expect(idsOf(recent.between(at(3), at(4)))).to.deep.equal(["4 b"]);
    recent.add(at(4, "two"), changes(4, "c"));
    expect(recent.knownUpTo(at(4))).to.equal(undefined);
    expect(idsOf(recent.between(at(4, "two"), at(5, "two")))).to.deep.equal(["5 c"]);
  });

  it("forgets the oldest of many", () => {
    const recent = new RecentChanges();
    for (let done = 0; done < 6000; done += 500) {
      recent.add(at(done), changes(done, ...Array.from({ length: 500 }, (_, index) => `thing/${done + index}`)));
    }
    expect(recent.knownUpTo(at(1999))).to.equal(undefined);
    expect(recent.between(at(2000), at(6000))).to.have.length(4000);
  });
});
