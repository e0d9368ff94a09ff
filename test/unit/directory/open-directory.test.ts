import { expect } from "chai";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectRedis, LabError } from "../../../src/base/index.ts";
import {
  type DirectoryWrite,
  type OpenDirectoryOptions,
  type OpenedDirectory,
  openDirectory,
} from "../../../src/directory/index.ts";
import { TestRedis } from "./test-redis.ts";

const path = process.env["PATH"] ?? "";
/** Tries until it succeeds; a connection mends itself in its own time. */
async function eventually(attempt: () => Promise<unknown>): Promise<void> {
  for (;;) {
    const failed = await attempt().then(
      () => false,
      () => true,
    );
    if (!failed) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** May do all that a lab needs, but make users. */
const modestUser = ["--user", "modest", "on", ">secret", "~*", "&*", "+@all", "-acl"];

const write: DirectoryWrite = { id: "a", kind: "thing", set: { value: 1 } };

describe("openDirectory", () => {
  let dataFolder: string;
  const opened: OpenedDirectory[] = [];
  const open = async (choice: string, changes: Partial<OpenDirectoryOptions> = {}): Promise<OpenedDirectory> => {
    const own = { redisUrl: undefined, lab: "two-sites", dataFolder, path, probe: [], fresh: false };
    const directory = await openDirectory({ choice, now: () => new Date(), ...own, ...changes });
    opened.push(directory);
    return directory;
  };
  const refusalOf = async (work: Promise<unknown>): Promise<LabError> => {
    const failure: unknown = await work.catch((error: unknown) => error);
    expect(failure).to.be.an.instanceOf(LabError);
    return failure as LabError;
  };
  const close = async () => {
    for (const directory of opened.splice(0)) await directory.close();
  };
  beforeEach(() => void (dataFolder = mkdtempSync(join(tmpdir(), "hubedge-test-"))));
  afterEach(async () => {
    await close();
    rmSync(dataFolder, { recursive: true });
  });

  it("takes the embedded store where no Redis is at hand", async () => {
    const { directory, description } = await open("auto", { path: "/nowhere" });
    expect(description).to.equal("embedded (LMDB)");
    expect((await directory.write([write])).usn).to.equal(1);
  });

  it("takes it, and says why, where the Redis at hand does not start", async () => {
    writeFileSync(join(dataFolder, "redis-server"), "#!/bin/sh\necho out of order\n");
    chmodSync(join(dataFolder, "redis-server"), 0o755);
    const { description } = await open("auto", { path: dataFolder });
    expect(description).to.match(/^embedded \(LMDB\); Cannot start a private Redis with ".*": out of order$/);
    expect((await refusalOf(open("redis", { path: dataFolder }))).code).to.equal("REDIS_NOT_STARTED");
  });

  it("goes on from what the embedded store held, unless it is to start afresh", async () => {
    const { invocationId } = await (await open("embedded")).directory.write([write]);
    await close();
    expect((await (await open("embedded")).directory.changesSince({ invocationId, usn: 0 })).changes).to.have.length(1);
    await close();
    const { changes, full } = await (
      await open("embedded", { fresh: true })
    ).directory.changesSince({ invocationId, usn: 0 });
    expect({ changes, full }).to.deep.equal({ changes: [], full: true });
  });

  it("knows no other words", async () => {
    expect((await refusalOf(open("memory"))).code).to.equal("DIRECTORY_CHOICE_UNKNOWN");
    expect((await refusalOf(open("redsi://localhost"))).code).to.equal("REDIS_URL_MALFORMED");
    expect((await refusalOf(open("redis", { path: "/nowhere" }))).code).to.equal("REDIS_NOT_INSTALLED");
  });

  describe("with Redis", () => {
    let redis: TestRedis;
    before(async function () {
      redis = await TestRedis.start(this, ["--requirepass", "right", ...modestUser]);
    });
    after(() => redis?.close());
    const url = (login = ":right"): string => redis.url.replace("unix://", `unix://${login}@`);

    it("starts a private one, which keeps its data from run to run, unless it is to start afresh", async () => {
      const first = await open("auto");
      expect(first.description).to.match(/^(Redis|Valkey) [\d.]+ \(private\)$/);
      await first.directory.write([write]);
      await close();
      expect((await (await open("redis")).directory.read("a"))?.attributes).to.deep.equal({ value: 1 });
      await close();
      const afresh = await open("redis", { fresh: true, probe: ["no-unix-socket"] });
      expect(await afresh.directory.read("a")).to.equal(undefined);
    });

    it("gives each Edge server a login that sees its own ADAM and nothing else", async () => {
      const { directory, openAdam } = await open(url());
      await directory.write([write]);
      const [edge1, edge2] = [await openAdam("Edge1"), await openAdam("Edge2")];
      await edge1.directory.write([write]);
      expect((await edge1.directory.read("a"))?.attributes).to.deep.equal({ value: 1 });
      const login = await connectRedis(edge1.url ?? "");
      const get = (key: string) =>
        login.evaluate("return redis.call('HGETALL', KEYS[1])", [`hubedge:{two-sites}:${key}`], []);
      expect(await get("adam:Edge1:object:a")).to.include("@kind");
      for (const key of ["ad:object:a", "ad:state", "adam:Edge2:state", "instances", "owner"])
        expect((await refusalOf(get(key))).message).to.match(/NOPERM/);
      const hidden = login.evaluate("return redis.call('HGETALL', 'hubedge:{two-sites}:ad:object:a')", [], []);
      expect(await hidden.catch(String)).to.match(/NOPERM|The user executing the script/);
      await login.close();
      expect(await edge2.directory.read("a")).to.equal(undefined);
      expect((await directory.changesSince(undefined)).changes).to.have.length(1);
    });

    it("gives the login again to a Redis that has forgotten it, and takes it back at the end", async () => {
      const opened = await open(url());
      const { directory, url: login } = await opened.openAdam("Edge1");
      await directory.write([write]);
      await redis.kill();
      await redis.start();
      await eventually(async () => directory.write([{ ...write, id: "b" }]));
      await close();
      const refusal = await refusalOf(connectRedis(login ?? ""));
      expect(refusal.code).to.equal("REDIS_LOGIN_REFUSED");
    });

    it("shares the connection where it may not make users", async () => {
      const opened = await open(url("modest:secret"), { fresh: true });
      const adam = await opened.openAdam("Edge1");
      expect(adam.url).to.equal(undefined);
      expect((await adam.directory.write([write])).usn).to.equal(1);
    });

    it("takes the one that is named, by option or environment", async () => {
      const byOption = await open(url());
      expect(byOption.description).to.match(/^(Redis|Valkey) [\d.]+ at .*\/s$/);
      await byOption.directory.write([write]);
      await close();
      const byEnvironment = await open("auto", { redisUrl: url() });
      expect((await byEnvironment.directory.read("a"))?.attributes).to.deep.equal({ value: 1 });
      await close();
      expect(await (await open(url(), { fresh: true })).directory.read("a")).to.equal(undefined);
    });

    it("refuses a lab that runs already, leaves it alone, and is open to another", async () => {
      const { directory } = await open(url());
      await directory.write([write]);
      const refusal = await refusalOf(open(url(), { fresh: true }));
      expect(refusal.code).to.equal("LAB_ALREADY_RUNNING");
      expect(refusal.message).to.match(
        /^Cannot start lab "two-sites": .*, process \d+ runs it already on (Redis|Valkey)/,
      );
      expect((await directory.read("a"))?.attributes).to.deep.equal({ value: 1 });
      await open(url(), { lab: "other" });
    });

    it("says once what is wrong with a URL or a password", async () => {
      const refusals = [
        refusalOf(open("redis://host:port")),
        refusalOf(open(redis.url)),
        refusalOf(open(`${redis.url}-not`)),
      ];
      const codes = (await Promise.all(refusals)).map(({ code }) => code);
      expect(codes).to.deep.equal(["REDIS_URL_MALFORMED", "REDIS_LOGIN_REFUSED", "REDIS_UNREACHABLE"]);
    });
  });
});
