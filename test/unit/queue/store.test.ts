import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Database, LabError, openDatabase } from "../../../src/base/index.ts";
import { openQueueStore } from "../../../src/transport/queue/store.ts";
import type { MailItem } from "../../../src/transport/mail-item.ts";

const item = (...addresses: string[]): Omit<MailItem, "id"> => ({
  internetMessageId: "<m@contoso.local>",
  envelope: {
    from: "anna@contoso.local",
    recipients: addresses.map((address) => ({ address, notify: ["NEVER"] })),
    body: "8BITMIME",
    envid: "x+2By",
  },
  sizeBytes: 3,
  receivedAt: new Date("2008-05-12T10:00:00.123Z"),
  source: "SMTP",
});
const everyOctet = Buffer.from(Array.from({ length: 256 }, (_, octet) => octet));

describe("openQueueStore", () => {
  let folder: string;
  let database: Database;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hubedge-queue-"));
    database = openDatabase(folder);
  });
  afterEach(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });
  const restart = async (): Promise<void> => {
    await database.close();
    database = openDatabase(folder);
  };

  it("gives back after a restart what was put, octet by octet", async () => {
    const put = await openQueueStore(database, "EX1").put(item("bob@contoso.local", "carl@contoso.local"), everyOctet);
    expect(put).to.deep.equal({ ...item("bob@contoso.local", "carl@contoso.local"), id: 1 });
    await restart();
    const reopened = openQueueStore(database, "EX1");
    expect(reopened.pending()).to.deep.equal([put]);
    expect(reopened.content(put.id)).to.deep.equal(everyOctet);
  });

  it("keeps the recipients that are not settled, also after a restart", async () => {
    const store = openQueueStore(database, "EX1");
    const { id } = await store.put(item("a@x", "b@x", "c@x"), everyOctet);
    await store.done(id, ["B@X"]);
    const left = (): (string | undefined)[] =>
      openQueueStore(database, "EX1")
        .pending()
        .flatMap(({ envelope }) => envelope.recipients.map(({ address }) => address));
    expect(left()).to.deep.equal(["a@x", "c@x"]);
    await restart();
    expect(left()).to.deep.equal(["a@x", "c@x"]);
  });

  it("lets a message go with its last recipient and leaves nothing of it on disk", async () => {
    const store = openQueueStore(database, "EX1");
    const { id } = await store.put(item("a@x", "b@x"), everyOctet);
    void store.done(id, ["a@x"]);
    await store.done(id, ["b@x"]);
    expect(store.pending()).to.deep.equal([]);
    expect(store.content(id)).to.equal(undefined);
    for (const table of ["queue-items", "queue-remaining"]) expect(database.table(table).keys("")).to.deep.equal([]);
  });

  it("remembers that a delay was told, beside the recipients that are left, until the message has gone", async () => {
    const store = openQueueStore(database, "EX1");
    const { id } = await store.put(item("a@x", "b@x"), everyOctet);
    expect(store.delayTold(id)).to.equal(false);
    const told = store.tellDelay(id);
    expect(store.delayTold(id), "at once").to.equal(true);
    await told;
    await store.done(id, ["b@x"]);
    await restart();
    const reopened = openQueueStore(database, "EX1");
    expect(reopened.delayTold(id)).to.equal(true);
    expect(reopened.pending().flatMap(({ envelope }) => envelope.recipients)).to.have.lengthOf(1);
    expect(reopened.content(id)).to.deep.equal(everyOctet);
    await reopened.done(id, ["a@x"]);
    await reopened.tellDelay(id);
    expect(reopened.delayTold(id)).to.equal(false);
    for (const table of ["queue-items", "queue-remaining"]) expect(database.table(table).keys("")).to.deep.equal([]);
  });

  it("reads what an earlier version wrote of the recipients that are left", async () => {
    const store = openQueueStore(database, "EX1");
    const { id } = await store.put(item("a@x", "b@x"), everyOctet);
    const record = Buffer.concat([Buffer.of(1), Buffer.from('["b@x"]')]);
    await database.transaction(() => database.table("queue-remaining").put("EX1/0000000000000001", record));
    await restart();
    const reopened = openQueueStore(database, "EX1");
    expect(reopened.pending()[0]?.envelope.recipients.map(({ address }) => address)).to.deep.equal(["b@x"]);
    expect(reopened.delayTold(id)).to.equal(false);
  });

  it("never gives an id twice, even when nothing is left of the first", async () => {
    const store = openQueueStore(database, "EX1");
    const first = await store.put(item("a@x"), everyOctet);
    const second = await store.put(item("a@x"), everyOctet);
    expect([first.id, second.id]).to.deep.equal([1, 2]);
    await store.done(first.id, ["a@x"]);
    await store.done(second.id, ["a@x"]);
    await restart();
    const third = await openQueueStore(database, "EX1").put(item("a@x"), everyOctet);
    expect(third.id).to.be.greaterThan(second.id);
  });

  it("goes on counting where a block of ids ends", async () => {
    const store = openQueueStore(database, "EX1");
    const puts = Array.from({ length: 1500 }, () => store.put(item("a@x"), Buffer.from("x")));
    const ids = (await Promise.all(puts)).map(({ id }) => id);
    expect(ids).to.deep.equal(Array.from({ length: 1500 }, (_, index) => index + 1));
    await restart();
    const reopened = openQueueStore(database, "EX1");
    expect(reopened.pending()).to.have.lengthOf(1500);
    expect((await reopened.put(item("a@x"), everyOctet)).id).to.be.greaterThan(1500);
  });

  it("keeps the servers of a lab apart, also where one's name begins another's", async () => {
    const one = openQueueStore(database, "EX1");
    const other = openQueueStore(database, "EX10");
    await one.put(item("a@x"), everyOctet);
    await other.put(item("b@x"), everyOctet);
    await other.put(item("b@x"), everyOctet);
    expect(openQueueStore(database, "EX1").pending()).to.have.lengthOf(1);
    expect(openQueueStore(database, "EX10").pending()).to.have.lengthOf(2);
  });

  it("settles nothing for an id or an address that it does not hold", async () => {
    const store = openQueueStore(database, "EX1");
    const { id } = await store.put(item("a@x"), everyOctet);
    await store.done(id + 1, ["a@x"]);
    await store.done(id, ["z@x"]);
    expect(store.pending()).to.have.lengthOf(1);
  });

  it("refuses a record of another version and says how to go on", async () => {
    await database.transaction(() =>
      database.table("queue-items").put("EX1/0000000000000001", Buffer.from([9, 0, 0, 0, 0])),
    );
    expect(() => openQueueStore(database, "EX1"))
      .to.throw(LabError, "its format is 9, not 1")
      .with.property("code", "QUEUE_RECORD_UNREADABLE");
  });

  it("refuses a damaged record", async () => {
    const damaged = Buffer.from([1, 0, 0, 0, 2, 0x7b, 0x21]);
    await database.transaction(() => database.table("queue-items").put("EX1/0000000000000001", damaged));
    expect(() => openQueueStore(database, "EX1"))
      .to.throw(LabError)
      .with.property("code", "QUEUE_RECORD_UNREADABLE");
  });
});
