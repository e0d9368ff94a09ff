import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { folderName, openMailboxStore } from "../../../src/transport/deliver/mailbox.ts";

const at = (second: number): Date => new Date(Date.UTC(2008, 4, 12, 10, 0, second, 7));
const origin = (id: number, second = id, hub = "EX1") => ({
  hub,
  item: { id, internetMessageId: `<${id}@contoso.local>` },
  at: at(second),
});
const content = [Buffer.from("Return-Path: <>\r\n"), Buffer.from("Message-ID: <1@contoso.local>\r\n\r\nHello\r\n")];

describe("openMailboxStore", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hubedge-mailbox-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("writes each message as an .eml file and lists it", async () => {
    const store = openMailboxStore(folder);
    const message = await store.deliver("bob", origin(1), content);
    expect(message).to.deep.include({ mailbox: "bob", internetMessageId: "<1@contoso.local>", deliveredAt: at(1) });
    expect(message.path).to.equal(join(folder, "bob", "20080512T100001007Z-ex1-000000000001.eml"));
    expect(await readFile(message.path)).to.deep.equal(Buffer.concat(content));
    expect(await store.list("bob")).to.deep.equal([message]);
    expect(await store.list("nobody")).to.deep.equal([]);
  });

  it("lists in the order of delivery, in what is found after a restart too", async () => {
    const store = openMailboxStore(folder);
    for (const second of [3, 1, 2]) await store.deliver("bob", origin(second), content);
    const list = await store.list("bob");
    expect(list.map(({ deliveredAt }) => deliveredAt.getUTCSeconds())).to.deep.equal([1, 2, 3]);
    const found = await openMailboxStore(folder).list("bob");
    expect(found).to.deep.equal(list.map((message) => ({ ...message, internetMessageId: "<1@contoso.local>" })));
  });

  it("makes no second file of a message that it has, neither at once, nor later, nor after a restart", async () => {
    const store = openMailboxStore(folder);
    const [first, second] = await Promise.all([
      store.deliver("bob", origin(1), content),
      store.deliver("bob", origin(1, 9), content),
    ]);
    const later = await openMailboxStore(folder).deliver("bob", origin(1, 30), content);
    expect([second.path, later.path]).to.deep.equal([first.path, first.path]);
    expect(await readdir(join(folder, "bob"))).to.have.lengthOf(1);
  });

  it("takes messages of other Hubs with the same id for other messages", async () => {
    const store = openMailboxStore(folder);
    await store.deliver("bob", origin(1), content);
    await store.deliver("bob", origin(1, 1, "EX2"), content);
    expect(await store.list("bob")).to.have.lengthOf(2);
  });

  it("ignores what is no delivered message, and drafts of an earlier process", async () => {
    const store = openMailboxStore(folder);
    await store.deliver("bob", origin(1), content);
    for (const name of ["notes.txt", "20080512T100002007Z-ex1-000000000002.eml.abcdef.tmp"])
      await writeFile(join(folder, "bob", name), "x");
    expect(await openMailboxStore(folder).list("bob")).to.have.lengthOf(1);
  });

  it("forgets a delivery that failed, so that it can be tried again", async () => {
    const store = openMailboxStore(folder);
    await writeFile(join(folder, "bob"), "in the way");
    await store.deliver("bob", origin(1), content).then(
      () => expect.fail("it should have failed"),
      (failure: unknown) => expect(failure).to.be.an("error"),
    );
    await rm(join(folder, "bob"));
    await store.deliver("bob", origin(1), content);
    expect(await store.list("bob")).to.have.lengthOf(1);
  });

  it("keeps every mailbox's folder inside its own, whatever the mailbox is called", () => {
    const names = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("..", ".", "", "a/b", "\\", "CON", "nul.txt", "a.", "x".repeat(500)),
    );
    fc.assert(
      fc.property(names, names, (one, other) => {
        const place = folderName(one);
        expect(dirname(join(folder, place))).to.equal(folder);
        expect(place)
          .to.match(/^[a-z0-9_.%-]{1,150}$/)
          .and.not.match(/^\.|\.$/)
          .and.not.match(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/);
        expect(place.includes(sep)).to.equal(false);
        const same = Buffer.from(one.toLowerCase()).equals(Buffer.from(other.toLowerCase()));
        expect(folderName(other) === place).to.equal(same);
      }),
    );
  });
});
