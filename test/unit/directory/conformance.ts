import { expect } from "chai";
import type { ChangeSet, Directory, DirectoryWrite, Json } from "../../../src/directory/index.ts";

/** A store under test. */
export interface StoreUnderTest {
  directory: Directory;
  /** A directory over the same store, as another process would have it where the store can be shared. */
  another(): Promise<Directory>;
  /** The same store, closed and opened again. */
  reopen(): Promise<Directory>;
  close(): Promise<void>;
}

const day = 86_400_000;
const set = (id: string, attributes: Record<string, Json | undefined> = {}): DirectoryWrite => ({
  id,
  kind: "thing",
  set: attributes,
});
const remove = (id: string): DirectoryWrite => ({ id, remove: true });
/** Which objects a change set is about, a removal marked by a minus. */
const idsOf = ({ changes }: ChangeSet): string[] =>
  changes.map((change) => (change.kind === "changed" ? change.object.id : `-${change.id}`));
const usnsOf = ({ changes }: ChangeSet): number[] =>
  changes.map((change) => (change.kind === "changed" ? change.object.usn : change.usn));

/** What every directory promises, whatever it stands on. */
export function describeDirectory(
  name: string,
  open: (now: () => Date, context: Mocha.Context) => Promise<StoreUnderTest>,
): void {
  describe(`the directory on ${name}`, () => {
    let store: StoreUnderTest;
    let directory: Directory;
    let at: number;
    beforeEach(async function () {
      at = Date.parse("2008-05-12T10:00:00Z");
      store = await open(() => new Date(at), this);
      directory = store.directory;
    });
    afterEach(() => store?.close());

    it("gives back what was written, whatever JSON it is", async () => {
      const attributes = {
        text: 'é "quoted" \u0000 \u2028 😀',
        empty: "",
        number: 0.1,
        large: 2 ** 53 - 1,
        negative: -1e-7,
        yes: true,
        nothing: null,
        list: [1, "two", [], {}],
        nested: { deep: { deeper: [null] }, "@usn": 7 },
      };
      await directory.write([set("thing/a b\\c:é", attributes)]);
      expect(await directory.read("thing/a b\\c:é")).to.deep.equal({
        id: "thing/a b\\c:é",
        kind: "thing",
        usn: 1,
        attributes,
      });
      expect(await directory.read("thing/A b\\c:é")).to.equal(undefined);
    });

    it("numbers the objects of a batch in their order and returns the highest number", async () => {
      const first = await directory.write([set("b"), set("a")]);
      const second = await directory.write([set("c"), set("b")]);
      expect(first.usn).to.equal(2);
      expect(second).to.deep.equal({ invocationId: first.invocationId, usn: 4 });
      const all = await directory.changesSince(undefined);
      expect(idsOf(all)).to.deep.equal(["a", "c", "b"]);
      expect(usnsOf(all)).to.deep.equal([2, 3, 4]);
      expect(all).to.include({ full: true }).and.to.have.deep.property("cookie", second);
    });

    it("answers an empty batch with where it stands", async () => {
      const cookie = await directory.write([set("a")]);
      expect(await directory.write([])).to.deep.equal(cookie);
    });

    it("keeps attributes that a write does not name, and drops those that it sets to undefined", async () => {
      await directory.write([set("a", { kept: 1, replaced: 1, dropped: 1 })]);
      await directory.write([set("a", { replaced: null, dropped: undefined, added: 2 })]);
      expect((await directory.read("a"))?.attributes).to.deep.equal({ kept: 1, replaced: null, added: 2 });
    });

    it("applies nothing of a batch of which one write is impossible", async () => {
      const cookie = await directory.write([set("a", { value: 1 })]);
      const impossible = { value: 1n } as unknown as Record<string, Json>;
      const failure: unknown = await directory
        .write([set("a", { value: 2 }), set("b", impossible)])
        .catch((error: unknown) => error);
      expect(failure).to.be.an.instanceOf(TypeError);
      expect(await directory.changesSince(cookie)).to.deep.equal({ full: false, changes: [], cookie });
      expect((await directory.read("a"))?.attributes).to.deep.equal({ value: 1 });
    });

    it("tells a reader only what is newer than its cookie, each object once, as it is now", async () => {
      await directory.write([set("a", { value: 1 }), set("b")]);
      const cookie = await directory.write([set("c")]);
      await directory.write([set("a", { value: 2 })]);
      await directory.write([set("a", { value: 3 }), remove("b")]);
      const news = await directory.changesSince(cookie);
      expect(news.full).to.equal(false);
      expect(news.changes).to.deep.equal([
        { kind: "changed", object: { id: "a", kind: "thing", usn: 5, attributes: { value: 3 } } },
        { kind: "removed", id: "b", objectKind: "thing", usn: 6 },
      ]);
      expect(await directory.changesSince(news.cookie)).to.deep.equal({
        full: false,
        changes: [],
        cookie: news.cookie,
      });
    });

    it("tells of a change to a part what the whole object is now", async () => {
      const cookie = await directory.write([set("a", { kept: [1], replaced: 1, dropped: 1 })]);
      await directory.write([set("a", { replaced: null, dropped: undefined, added: { by: "name" } })]);
      expect((await directory.changesSince(cookie)).changes).to.deep.equal([
        {
          kind: "changed",
          object: { id: "a", kind: "thing", usn: 2, attributes: { kept: [1], replaced: null, added: { by: "name" } } },
        },
      ]);
    });

    it("tells what others wrote between one's own writes", async () => {
      const other = await store.another();
      const cookie = await directory.write([set("a"), set("b")]);
      await other.write([set("b", { by: "other" }), remove("a")]);
      await directory.write([set("c")]);
      const news = await directory.changesSince(cookie);
      expect(idsOf(news)).to.deep.equal(["b", "-a", "c"]);
      expect(await other.changesSince(cookie)).to.deep.equal(news);
      expect(idsOf(await directory.changesSince({ ...cookie, usn: cookie.usn + 2 }))).to.deep.equal(["c"]);
    });

    it("remembers a removal, takes no number for a second one, and lets the object come back clean", async () => {
      const cookie = await directory.write([set("a", { old: 1 })]);
      expect((await directory.write([remove("a"), remove("a"), remove("never was")])).usn).to.equal(2);
      expect(await directory.read("a")).to.equal(undefined);
      expect(idsOf(await directory.changesSince(cookie))).to.deep.equal(["-a"]);
      expect(idsOf(await directory.changesSince(undefined))).to.deep.equal([]);
      await directory.write([set("a", { fresh: 1 })]);
      expect((await directory.read("a"))?.attributes).to.deep.equal({ fresh: 1 });
      expect(idsOf(await directory.changesSince(cookie))).to.deep.equal(["a"]);
    });

    it("gives everything to a reader of another invocation", async () => {
      const { usn } = await directory.write([set("a"), set("b")]);
      const news = await directory.changesSince({ invocationId: "another", usn });
      expect(news.full).to.equal(true);
      expect(idsOf(news)).to.deep.equal(["a", "b"]);
    });

    it("takes a new invocation when a reader has seen changes that it has not, and keeps it", async () => {
      const before = await directory.write([set("a")]);
      const news = await directory.changesSince({ ...before, usn: before.usn + 5 });
      expect(news.full).to.equal(true);
      expect(idsOf(news)).to.deep.equal(["a"]);
      expect(news.cookie.invocationId).not.to.equal(before.invocationId);
      expect((await directory.changesSince(before)).full).to.equal(true);
      expect(await directory.changesSince(news.cookie)).to.deep.equal({
        full: false,
        changes: [],
        cookie: news.cookie,
      });
      expect((await directory.write([set("b")])).invocationId).to.equal(news.cookie.invocationId);
    });

    it("forgets removals after 60 days, and then gives everything to who has not heard of them", async () => {
      const early = await directory.write([set("a"), set("b")]);
      const late = await directory.write([remove("a")]);
      at += 60 * day;
      await directory.write([set("c")]);
      expect(idsOf(await directory.changesSince(early))).to.deep.equal(["-a", "c"]);
      at += 1;
      await directory.write([set("d")]);
      const news = await directory.changesSince(early);
      expect(news.full).to.equal(true);
      expect(idsOf(news)).to.deep.equal(["b", "c", "d"]);
      expect((await directory.changesSince(late)).full).to.equal(false);
    });

    it("keeps the tombstone's age when an object comes back and goes again", async () => {
      const cookie = await directory.write([set("a")]);
      await directory.write([remove("a"), set("a")]);
      at += 40 * day;
      await directory.write([remove("a")]);
      at += 40 * day;
      await directory.write([set("b")]);
      expect(idsOf(await directory.changesSince(cookie))).to.deep.equal(["-a", "b"]);
    });

    it("hints at changes until nobody wants to know", async () => {
      let hints = 0;
      const hinted = new Promise<void>((resolve) => {
        const end = directory.subscribe(() => {
          hints++;
          void directory.changesSince(undefined).then(({ changes }) => {
            if (changes.length === 0) return;
            end();
            resolve();
          });
        });
      });
      await (await store.another()).write([set("a")]);
      await hinted;
      const last = hints;
      const again = new Promise<void>((resolve) => void directory.subscribe(resolve));
      await directory.write([set("b")]);
      await again;
      expect(hints).to.equal(last);
    });

    it("loses nothing and numbers nothing twice when two write at once", async () => {
      const writers = [directory, await store.another()];
      const cookies = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          (writers[index % 2] as Directory).write([set(`own/${index}`), set("shared", { [`by${index}`]: 1 })]),
        ),
      );
      expect(new Set(cookies.map(({ usn }) => usn)).size).to.equal(60);
      const all = await directory.changesSince(undefined);
      expect(all.changes).to.have.length(61);
      expect(all.cookie.usn).to.equal(120);
      expect(Object.keys((await directory.read("shared"))?.attributes ?? {})).to.have.length(60);
    });

    it("takes 5,000 objects in one batch, and gives them back in order", async () => {
      const writes = Array.from({ length: 5000 }, (_, index) => set(`thing/${index}`, { index, text: "x".repeat(50) }));
      const cookie = await directory.write(writes);
      await directory.write([set("thing/1", { index: -1 }), remove("thing/2")]);
      const all = await directory.changesSince(undefined);
      expect(all.changes).to.have.length(4999);
      expect(usnsOf(all)).to.deep.equal(usnsOf(all).toSorted((a, b) => a - b));
      expect(idsOf(all).slice(-2)).to.deep.equal(["thing/4999", "thing/1"]);
      expect(idsOf(await directory.changesSince(cookie))).to.deep.equal(["thing/1", "-thing/2"]);
    });

    it("reads several objects at once, each in its place", async () => {
      await directory.write([set("a", { value: 1 }), set("b"), remove("b"), set("c", { value: 3 })]);
      const found = await directory.readAll(["c", "b", "never was", "a", "c"]);
      expect(found.map((object) => object?.attributes)).to.deep.equal([
        { value: 3 },
        undefined,
        undefined,
        { value: 1 },
        { value: 3 },
      ]);
      expect(await directory.readAll([])).to.deep.equal([]);
    });

    const page = (usn: number, limit: number, kinds = ["one", "two"]) => directory.objectsAfter(usn, { kinds, limit });
    const idsIn = ({ objects }: { objects: readonly { id: string }[] }): string[] => objects.map(({ id }) => id);

    it("shows what exists of some kinds, page by page, without what is gone", async () => {
      await directory.write([set("one/a"), set("two/b"), set("onetwo/c"), set("one/d", { value: 4 }), set("one/e")]);
      const cookie = await directory.write([remove("one/e"), set("one/a", { value: 1 }), set("three/f")]);
      const first = await page(0, 2);
      expect(idsIn(first)).to.deep.equal(["two/b", "one/d"]);
      expect(first.objects[1]).to.deep.equal({ id: "one/d", kind: "thing", usn: 4, attributes: { value: 4 } });
      expect(first).to.include({ last: false }).and.to.have.deep.property("cookie", cookie);
      const second = await page(first.reaches, 2);
      expect(idsIn(second)).to.deep.equal(["one/a"]);
      expect(second).to.deep.include({ last: true, reaches: cookie.usn });
      expect(idsIn(await page(0, 10, ["onetwo"]))).to.deep.equal(["onetwo/c"]);
      expect(idsIn(await page(0, 10, []))).to.deep.equal([]);
      expect(await page(cookie.usn, 10)).to.deep.equal({ objects: [], reaches: cookie.usn, last: true, cookie });
    });

    it("shows an object that changes between two pages in its later place", async () => {
      await directory.write([set("one/a"), set("one/b"), set("one/c")]);
      const { reaches } = await page(0, 1);
      const cookie = await directory.write([set("one/a"), remove("one/b"), set("two/d")]);
      const rest = await page(reaches, 3);
      expect(idsIn(rest)).to.deep.equal(["one/c", "one/a", "two/d"]);
      expect(rest.cookie).to.deep.equal(cookie);
    });

    it("passes over any number of other kinds", async () => {
      await directory.write(Array.from({ length: 12_000 }, (_, index) => set(`other/${index}`)));
      await directory.write([set("one/a")]);
      const found: string[] = [];
      for (let usn = 0, last = false; !last;) {
        const next = await page(usn, 5);
        found.push(...idsIn(next));
        ({ reaches: usn, last } = next);
      }
      expect(found).to.deep.equal(["one/a"]);
    });

    it("is the same after it was closed and opened again", async () => {
      const cookie = await directory.write([set("a", { value: 1 }), set("b"), remove("b")]);
      const reopened = await store.reopen();
      expect(await reopened.changesSince(cookie)).to.deep.equal({ full: false, changes: [], cookie });
      expect((await reopened.write([set("c")])).usn).to.equal(4);
      expect((await reopened.read("a"))?.attributes).to.deep.equal({ value: 1 });
    });
  });
}
