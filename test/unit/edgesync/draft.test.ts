import { expect } from "chai";
import type { StoredObject } from "../../../src/directory/index.ts";
import { draftChanges, generationAttribute, leftBehind } from "../../../src/edgesync/edge/draft.ts";
import type { EdgeChange } from "../../../src/edgesync/wire/replica.ts";

const stored = (id: string, attributes: StoredObject["attributes"]): StoredObject => ({
  id,
  kind: "recipient",
  usn: 1,
  attributes,
});
const set = (id: string, attributes: StoredObject["attributes"]): EdgeChange => ({
  id,
  kind: "recipient",
  set: attributes,
});
const draft = (change: EdgeChange, before: StoredObject | undefined, full: boolean) =>
  draftChanges([change], [before], { generation: 3, full, own: "EDGE1" });
const counts = (added: number, updated: number, deleted: number) => ({ added, updated, deleted });

describe("what a batch does", () => {
  const wanted = set("recipient/a", { list: ["x"], other: null });
  const same = { list: ["x"], other: null };

  it("adds what is not there, marked with the generation", () => {
    expect(draft(wanted, undefined, false)).to.deep.equal({
      writes: [{ id: "recipient/a", kind: "recipient", set: { ...same, [generationAttribute]: 3 } }],
      counts: counts(1, 0, 0),
    });
  });

  it("updates what is different", () => {
    expect(draft(wanted, stored("recipient/a", { ...same, list: ["y"] }), false)).to.deep.equal({
      writes: [{ id: "recipient/a", kind: "recipient", set: { ...same, [generationAttribute]: 3 } }],
      counts: counts(0, 1, 0),
    });
  });

  it("writes nothing that is there already, and in a full synchronization no more than its mark", () => {
    const before = stored("recipient/a", { ...same, [generationAttribute]: 2 });
    expect(draft(wanted, before, false)).to.deep.equal({ writes: [], counts: counts(0, 0, 0) });
    expect(draft(wanted, before, true)).to.deep.equal({
      writes: [{ id: "recipient/a", kind: "recipient", set: { [generationAttribute]: 3 } }],
      counts: counts(0, 0, 0),
    });
    expect(draft(wanted, stored("recipient/a", { ...same, [generationAttribute]: 3 }), true).writes).to.deep.equal([]);
  });

  it("removes what is there, and counts nothing else", () => {
    expect(draft({ id: "recipient/a", remove: true }, stored("recipient/a", same), false)).to.deep.equal({
      writes: [{ id: "recipient/a", remove: true }],
      counts: counts(0, 0, 1),
    });
    expect(draft({ id: "recipient/a", remove: true }, undefined, true)).to.deep.equal({
      writes: [],
      counts: counts(0, 0, 0),
    });
  });

  it("changes no more than the site of the server's own object, and does not mark it", () => {
    const site: EdgeChange = { id: "server/EDGE1", kind: "server", set: { site: "SiteA" } };
    const own = stored("server/EDGE1", { name: "EDGE1", site: null });
    expect(draft(site, own, true)).to.deep.equal({
      writes: [{ id: "server/EDGE1", kind: "server", set: { site: "SiteA" } }],
      counts: counts(0, 1, 0),
    });
    expect(draft(site, stored("server/EDGE1", { site: "SiteA" }), true).writes).to.deep.equal([]);
  });

  it("leaves behind what does not bear the mark, but never the server's own object", () => {
    const objects = [
      stored("recipient/a", { [generationAttribute]: 3 }),
      stored("recipient/b", { [generationAttribute]: 2 }),
      stored("recipient/c", {}),
      stored("server/EDGE1", {}),
    ];
    const left = leftBehind(objects, { generation: 3, own: "EDGE1" });
    expect(left.map(({ id }) => id)).to.deep.equal(["recipient/b", "recipient/c"]);
  });
});
