import { expect } from "chai";
import { connectRedis, LabError, type RedisConnection } from "../../../src/base/index.ts";
import { claimLab } from "../../../src/directory/claim-lab.ts";
import type { ChangeSet, Directory } from "../../../src/directory/index.ts";
import { clearOldKeys, registerInstance, redisDirectory } from "../../../src/directory/redis-store.ts";
import { describeDirectory } from "./conformance.ts";
import { TestRedis } from "./test-redis.ts";

const now = () => new Date("2008-05-12T10:00:00Z");
const codeOf = async (work: Promise<unknown>): Promise<string | undefined> =>
  await work.then(
    () => undefined,
    (failure: unknown) => (failure instanceof LabError ? failure.code : String(failure)),
  );

/** Resolves once a hint finds the directory readable with what `wanted` wants. */
const readable = (directory: Directory, wanted: (news: ChangeSet) => boolean = () => true): Promise<ChangeSet> =>
  new Promise((resolve) => {
    const end = directory.subscribe(() => {
      directory.changesSince(undefined).then(
        (news) => {
          if (!wanted(news)) return;
          end();
          resolve(news);
        },
        () => {},
      );
    });
  });

describe("the Redis store", () => {
  let redis: TestRedis;
  let connection: RedisConnection;
  const directoryOn = (on: RedisConnection, lab = "two-sites", time = now): Directory =>
    redisDirectory(on, { lab, instance: "ad", now: time, description: "Redis for tests" });
  const write = (directory: Directory, ...ids: string[]) =>
    directory.write(ids.map((id) => ({ id, kind: "thing", set: { id } })));

  before(async function () {
    redis = await TestRedis.start(this);
  });
  after(() => redis?.close());
  beforeEach(async () => {
    await redis.start(); // where a test has left it down
    connection = await connectRedis(redis.url);
  });
  afterEach(async () => {
    await connection.evaluate("return redis.call('FLUSHALL')", [], []);
    await connection.close();
  });

  it("keeps keys that read well", async () => {
    await directoryOn(connection).write([
      { id: "server/Ex2007EE", kind: "server", set: { fqdn: "ex2007ee.proexchange.local", roles: ["Mailbox"] } },
      { id: "site/A", kind: "site", set: {} },
      { id: "site/A", remove: true },
    ]);
    expect(await connection.evaluate("return redis.call('KEYS', '*')", [], [])).to.have.members([
      "hubedge:{two-sites}:ad:state",
      "hubedge:{two-sites}:ad:changes",
      "hubedge:{two-sites}:ad:tombstones",
      "hubedge:{two-sites}:ad:object:server/Ex2007EE",
      "hubedge:{two-sites}:ad:object:site/A",
    ]);
    const hash = await connection.evaluate(
      "return redis.call('HGETALL', KEYS[1])",
      ["hubedge:{two-sites}:ad:object:server/Ex2007EE"],
      [],
    );
    const expected = ["@kind", "server", "@usn", "1", "fqdn", '"ex2007ee.proexchange.local"', "roles", '["Mailbox"]'];
    expect(hash).to.have.members(expected);
  });

  it("goes on from the same file after a crash, under a new invocation", async () => {
    const directory = directoryOn(connection);
    const before = await write(directory, "a", "b");
    await redis.kill();
    const back = readable(directory);
    expect(await codeOf(directory.read("a"))).to.equal("DIRECTORY_UNREACHABLE");
    expect(await codeOf(directory.write([]))).to.equal("DIRECTORY_UNREACHABLE");
    await redis.start();
    await back;
    const fresh = await connectRedis(redis.url); // a stranger's first write, too, finds the history broken
    const written = await write(directoryOn(fresh), "c");
    await fresh.close();
    expect(written.usn).to.equal(3);
    expect(written.invocationId).not.to.equal(before.invocationId);
    const news = await directory.changesSince(before);
    expect(news.full).to.equal(true);
    expect(news.changes).to.have.length(3);
    expect(news.cookie).to.deep.equal(written);
  });

  it("is empty, under a new invocation, when its server comes back with nothing", async () => {
    const directory = directoryOn(connection);
    const before = await write(directory, "a", "b");
    await redis.kill();
    redis.wipe();
    const back = readable(directory);
    await redis.start();
    expect((await back).changes).to.deep.equal([]);
    const news = await directory.changesSince(before);
    expect(news).to.deep.include({ full: true, changes: [] });
    expect(news.cookie.invocationId).not.to.equal(before.invocationId);
    expect((await write(directory, "a")).usn).to.equal(1);
  });

  it("reads whole what changes while it reads page by page", async () => {
    const directory = directoryOn(connection);
    const ids = Array.from({ length: 3500 }, (_, index) => `thing/${index}`);
    await write(directory, ...ids);
    const other = await connectRedis(redis.url);
    const writing = Promise.all(
      ids
        .slice(0, 60)
        .map((id, index) =>
          directoryOn(other).write(
            index % 2 ? [{ id, remove: true }] : [{ id, kind: "thing", set: { changed: true } }],
          ),
        ),
    );
    const all = await directory.changesSince(undefined);
    await writing;
    await other.close();
    const found = new Set(all.changes.map((change) => (change.kind === "changed" ? change.object.id : change.id)));
    expect(found.size).to.equal(all.changes.length);
    const news = await directory.changesSince(all.cookie);
    for (const change of news.changes) if (change.kind === "removed") found.delete(change.id);
    expect(found.size).to.equal(3470);
  });

  it("forgets the keys of one lab and nobody else's", async () => {
    const [mine, theirs] = [directoryOn(connection, "mine"), directoryOn(connection, "theirs")];
    await registerInstance(connection, { lab: "mine", instance: "ad", fresh: false });
    await write(mine, "a", "b");
    await mine.write([{ id: "b", remove: true }]);
    await write(theirs, "a");
    const release = await claimLab(connection, "mine", "me");
    await clearOldKeys(connection, "mine");
    const keys = await connection.evaluate("return redis.call('KEYS', '*mine*')", [], []);
    expect(keys).to.deep.equal(["hubedge:{mine}:owner"]);
    expect(await theirs.read("a")).not.to.equal(undefined);
    await release();
  });

  it("lets one run hold a lab, and tells the second who does", async () => {
    const second = await connectRedis(redis.url);
    const release = await claimLab(connection, "two-sites", "laptop, process 4711");
    const failure: unknown = await claimLab(second, "two-sites", "other, process 1").catch((error: unknown) => error);
    expect(failure).to.be.an.instanceOf(LabError).with.property("code", "LAB_ALREADY_RUNNING");
    expect(failure).to.have.property("message").that.includes('"two-sites": laptop, process 4711 runs it already');
    await (
      await claimLab(second, "another-lab", "other")
    )();
    await release();
    await (
      await claimLab(second, "two-sites", "other")
    )();
    await second.close();
  });

  it("leaves the name to the living: it expires", async () => {
    await claimLab(connection, "two-sites", "me");
    const left = await connection.evaluate("return redis.call('PTTL', KEYS[1])", ["hubedge:{two-sites}:owner"], []);
    expect(left).to.be.within(1, 10_000);
  });
});

describeDirectory("Redis", async (time, context) => {
  const redis = await TestRedis.start(context);
  const open: RedisConnection[] = [];
  const another = async (): Promise<Directory> => {
    const connection = await connectRedis(redis.url);
    open.push(connection);
    return redisDirectory(connection, { lab: "two-sites", instance: "ad", now: time, description: "Redis for tests" });
  };
  const closeAll = async () => void (await Promise.all(open.splice(0).map((connection) => connection.close())));
  return {
    directory: await another(),
    another,
    async reopen() {
      await closeAll();
      return await another();
    },
    async close() {
      await closeAll();
      await redis.close();
    },
  };
});
