import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectRedis, type Database, LabError, openDatabase, type RedisConnection } from "../../../src/base/index.ts";
import { embeddedDirectory } from "../../../src/directory/embedded-store.ts";
import {
  type Directory,
  type DirectoryWrite,
  followDirectory,
  hubReceiveConnectors,
  type LocalCopy,
  objectChange,
  objectWrite,
  receiveConnectorId,
  serverId,
} from "../../../src/directory/index.ts";
import { redisDirectory } from "../../../src/directory/redis-store.ts";
import { mailboxObject, serverObject } from "../../helpers/objects.ts";
import { TestRedis } from "./test-redis.ts";

const now = () => new Date("2008-05-12T10:00:00Z");
const server = (name: string) =>
  serverObject({ name, fqdn: `${name.toLowerCase()}.proexchange.local`, roles: ["HubTransport", "Mailbox"] });
const mailbox = (name: string, ...addresses: string[]) => mailboxObject({ name, addresses });
const organization = objectWrite("organization", { name: "proexchange", dnsSuffix: "proexchange.local" });
const connectors = hubReceiveConnectors("Ex2007EE", { default: "127.1.1.1:25", client: "127.1.1.1:587" });
const everything: readonly DirectoryWrite[] = [
  objectWrite("site", { name: "SiteB", hubSiteEnabled: true }),
  objectWrite("site", { name: "SiteA", hubSiteEnabled: false }),
  objectWrite("siteLink", { name: "A-B", sites: ["SiteA", "SiteB"], adCost: 100, exchangeCost: null }),
  objectWrite("server", server("Ex2007SE")),
  objectWrite("server", server("Ex2007EE")),
  objectWrite("acceptedDomain", {
    name: "main",
    domainName: "ProExchange.local",
    domainType: "Authoritative",
    default: true,
  }),
  objectWrite("mailbox", mailbox("bob", "Bob@ProExchange.local", "b@proexchange.local")),
  ...connectors.map((connector) => objectWrite("receiveConnector", connector)),
  organization,
];

describe("followDirectory", () => {
  let folder: string;
  let database: Database;
  let directory: Directory;
  let copy: LocalCopy;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "hubedge-test-"));
    database = openDatabase(folder);
    directory = await embeddedDirectory(database, { instance: "ad", now, fresh: false });
    await directory.write(everything);
    copy = await followDirectory(directory);
  });
  afterEach(async () => {
    copy.close();
    await database.close();
    rmSync(folder, { recursive: true });
  });
  const write = async (...writes: DirectoryWrite[]): Promise<void> => copy.caughtUp(await directory.write(writes));

  it("gives back every kind of object as it was written", () => {
    expect(copy.organization()).to.deep.equal({ name: "proexchange", dnsSuffix: "proexchange.local" });
    expect(copy.server("Ex2007EE")).to.deep.equal(server("Ex2007EE"));
    expect(copy.siteLinks()).to.deep.equal([
      { name: "A-B", sites: ["SiteA", "SiteB"], adCost: 100, exchangeCost: null },
    ]);
    expect(copy.mailboxes()).to.deep.equal([mailbox("bob", "Bob@ProExchange.local", "b@proexchange.local")]);
    expect(copy.acceptedDomains().map(({ name }) => name)).to.deep.equal(["main"]);
    expect(copy.receiveConnectors("Ex2007EE")).to.have.deep.members(connectors);
    expect(copy.cookie.usn).to.equal(everything.length);
  });

  it("lists by name, whatever the order of the writes", async () => {
    expect(copy.sites().map(({ name }) => name)).to.deep.equal(["SiteA", "SiteB"]);
    expect(copy.servers().map(({ name }) => name)).to.deep.equal(["Ex2007EE", "Ex2007SE"]);
    await write(objectChange("site", "site/SiteA", { hubSiteEnabled: true }));
    expect(copy.sites().map(({ name }) => name)).to.deep.equal(["SiteA", "SiteB"]);
    expect(copy.sites(), "unchanged, the same list").to.equal(copy.sites());
  });

  it("ignores case in names, FQDNs, addresses and domains", () => {
    expect(copy.server("EX2007ee")?.name).to.equal("Ex2007EE");
    expect(copy.serverByFqdn("EX2007EE.proexchange.LOCAL")?.name).to.equal("Ex2007EE");
    expect(copy.mailboxByAddress("B@PROEXCHANGE.LOCAL")?.name).to.equal("bob");
    expect(copy.mailbox("BOB")?.name).to.equal("bob");
    expect(copy.acceptedDomain("proexchange.LOCAL")).to.not.equal(undefined);
    expect(copy.receiveConnectors("ex2007ee")).to.have.length(2);
    expect(copy.acceptedDomain("elsewhere.example")).to.equal(undefined);
    expect([copy.server("x"), copy.serverByFqdn("Ex2007EE"), copy.mailboxByAddress("bob")]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
    expect(copy.receiveConnectors("x")).to.deep.equal([]);
  });

  it("takes partial changes, and leaves what it has handed out as it was", async () => {
    const before = copy.receiveConnectors("Ex2007EE");
    const id = receiveConnectorId("Ex2007EE", "Default Ex2007EE");
    await write(objectChange("receiveConnector", id, { permissionGroups: ["AnonymousUsers"] }));
    const named = (list: typeof before) => list.find(({ name }) => name === "Default Ex2007EE");
    expect(named(copy.receiveConnectors("Ex2007EE"))).to.deep.equal({
      ...connectors[0],
      permissionGroups: ["AnonymousUsers"],
    });
    expect(named(before)).to.deep.equal(connectors[0]);
    expect(before).to.be.frozen;
    expect(named(before)).to.be.frozen;
  });

  it("follows addresses as they move, and mailboxes as they go", async () => {
    await write(
      objectWrite("mailbox", mailbox("anna", "b@proexchange.local")),
      objectChange("mailbox", "mailbox/bob", { addresses: ["bob@x.example"] }),
    );
    expect(copy.mailboxByAddress("b@proexchange.local")?.name).to.equal("anna");
    expect(copy.mailboxByAddress("bob@proexchange.local")).to.equal(undefined);
    await write({ id: "mailbox/anna", remove: true }, { id: "acceptedDomain/main", remove: true });
    expect(copy.mailboxByAddress("b@proexchange.local")).to.equal(undefined);
    expect(copy.acceptedDomain("proexchange.local")).to.equal(undefined);
    expect(copy.mailboxes().map(({ name }) => name)).to.deep.equal(["bob"]);
  });

  it("answers alike for an address that two mailboxes claim, whoever came first", async () => {
    await write(objectWrite("mailbox", mailbox("anna", "b@proexchange.local")));
    expect(copy.mailboxByAddress("b@proexchange.local")?.name).to.equal("anna");
    await write(objectChange("mailbox", "mailbox/bob", { displayName: "Bob" }));
    expect(copy.mailboxByAddress("b@proexchange.local")?.name).to.equal("anna");
    await write({ id: "mailbox/anna", remove: true });
    expect(copy.mailboxByAddress("b@proexchange.local")?.displayName).to.equal("Bob");
  });

  it("shows nothing of an object that is not whole, or of a kind it does not know", async () => {
    await write(objectChange("server", serverId("Gone"), { machineKey: "x" }), {
      id: "dogs/rex",
      kind: "dog",
      set: { name: "rex" },
    });
    expect(copy.servers()).to.have.length(2);
  });

  it("calls back after a change, when it shows it already, and no longer than wanted", async () => {
    const heard: (string | undefined)[] = [];
    const end = copy.onChange(() => void heard.push(copy.mailbox("bob")?.displayName));
    await write(objectChange("mailbox", "mailbox/bob", { displayName: "Bob" }));
    end();
    await write(objectChange("mailbox", "mailbox/bob", { displayName: "Robert" }));
    expect(heard).to.deep.equal(["Bob"]);
  });

  it("waits for no cookie that an older history gave out", async () => {
    await copy.caughtUp({ invocationId: "older", usn: 99 });
  });

  it("tells whoever waits that it was closed", async () => {
    const waiting = copy.caughtUp({ ...copy.cookie, usn: 99 }).catch((failure: Error) => failure.message);
    copy.close();
    expect(await waiting).to.include("closed");
    expect(await copy.caughtUp({ ...copy.cookie, usn: 99 }).catch((failure: Error) => failure.message)).to.include(
      "closed",
    );
  });

  it("says so where the directory holds no organization", async () => {
    const empty = await followDirectory(await embeddedDirectory(database, { instance: "empty", now, fresh: true }));
    expect(() => empty.organization())
      .to.throw(LabError)
      .with.property("code", "DIRECTORY_EMPTY");
    empty.close();
  });

  it("finds one mailbox among a hundred thousand as fast as among ten", async function () {
    this.timeout(30_000);
    const writes = Array.from({ length: 100_000 }, (_, index) =>
      objectWrite("mailbox", mailbox(`m${index}`, `m${index}@proexchange.local`)),
    );
    await write(...writes);
    const started = performance.now();
    for (let index = 0; index < 100_000; index++) copy.mailboxByAddress(`M${index}@proexchange.local`);
    expect(copy.mailboxByAddress("M77777@proexchange.local")?.name).to.equal("m77777");
    // A scan would take minutes; the bound only has to tell the two apart.
    expect(performance.now() - started).to.be.lessThan(10_000);
  });
});

describe("a local copy of a directory on Redis", () => {
  let redis: TestRedis;
  let connection: RedisConnection;
  let directory: Directory;
  let copy: LocalCopy;
  beforeEach(async function () {
    redis = await TestRedis.start(this);
    connection = await connectRedis(redis.url);
    directory = redisDirectory(connection, { lab: "x", instance: "ad", now, description: "Redis for tests" });
    await directory.write(everything);
    copy = await followDirectory(directory);
  });
  afterEach(async () => {
    copy?.close();
    await connection?.close();
    await redis?.close();
  });
  const shows = (check: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      if (check()) return resolve();
      const end = copy.onChange(() => {
        if (!check()) return;
        end();
        resolve();
      });
    });

  it("goes on answering while Redis is down, and converges when it is back", async () => {
    await redis.kill();
    expect(copy.mailboxByAddress("b@proexchange.local")?.name).to.equal("bob");
    const failure: unknown = await directory.write([organization]).catch((error: unknown) => error);
    expect(failure).to.be.an.instanceOf(LabError).with.property("code", "DIRECTORY_UNREACHABLE");
    await redis.start();
    const other = await connectRedis(redis.url);
    await redisDirectory(other, { lab: "x", instance: "ad", now, description: "" }).write([
      objectChange("mailbox", "mailbox/bob", { displayName: "Bob" }),
      { id: serverId("Ex2007SE"), remove: true },
    ]);
    await other.close();
    await shows(() => copy.mailbox("bob")?.displayName === "Bob");
    expect(copy.servers().map(({ name }) => name)).to.deep.equal(["Ex2007EE"]);
    expect(copy.organization().name).to.equal("proexchange");
  });

  it("keeps the organization when Redis comes back empty, until somebody fills it again", async () => {
    const { invocationId } = copy.cookie;
    const renewed = shows(() => copy.cookie.invocationId !== invocationId);
    await redis.kill();
    redis.wipe();
    await redis.start();
    await renewed;
    expect(copy.mailboxByAddress("b@proexchange.local")?.name).to.equal("bob");
    await copy.caughtUp(
      await directory.write([organization, objectWrite("mailbox", mailbox("carl", "c@proexchange.local"))]),
    );
    expect(copy.mailboxes().map(({ name }) => name)).to.deep.equal(["carl"]);
  });
});
