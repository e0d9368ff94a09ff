import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { parseRedisUrl } from "../../src/base/redis-url.ts";
import { objectWrite, openDirectory } from "../../src/directory/index.ts";
import { edgeSyncPort } from "../../src/dns/index.ts";
import type { Endpoint } from "../../src/smtp/index.ts";
import { cacheFolder, type Place, usePlace } from "../helpers/lab.ts";
import { mailboxObject } from "../helpers/objects.ts";
import { runTool, startOwnRedis, withTool } from "../helpers/tools.ts";
import { root } from "../repo/source-tree.ts";
import { Pair, start, type TestHub } from "../unit/edgesync/pair.ts";
import { RawClient } from "../unit/receive/raw-client.ts";

const prefix = "hubedge:{apart}:";

/** The Edge server's process, one question at a time. */
async function startEdgeProcess(place: Place, login: string) {
  const script = `${root}/test/helpers/edge-process.ts`;
  const parameters = ["--import", import.meta.resolve("tsx"), script, "apart", "EDGE1", start.toISOString()];
  const child: ChildProcess = spawn(process.execPath, [...parameters, await place.folder("edge")], {
    // Nothing of this process's environment but where programs are: what it can reach, it reaches by its login.
    env: { PATH: process.env["PATH"] ?? "", EDGE_DIRECTORY: login, XDG_CACHE_HOME: cacheFolder },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  place.atEnd(async () => {
    child.stdin?.end("quit\n");
    await exit;
  });
  if (!child.stdout || !child.stdin) throw new Error("it has no streams");
  const { stdin } = child;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("the Edge server's process has ended");
    return JSON.parse(value) as Record<string, unknown>;
  };
  const first = (await next()) as { fqdn: string; smtp: Endpoint; edgeSync: Endpoint };
  return {
    ...first,
    async ask(line: string) {
      stdin.write(`${line}\n`);
      return await next();
    },
  };
}

describe("an Edge server as a process that has the login of its own ADAM and nothing else", () => {
  before(withTool("redis-server"));
  before(withTool("redis-cli"));
  const place = usePlace();
  let edge: Awaited<ReturnType<typeof startEdgeProcess>>;
  let login: ReturnType<typeof parseRedisUrl>;
  let hub: TestHub;
  let pair: Pair;
  let results: Awaited<ReturnType<TestHub["side"]["synchronize"]>>;

  before(async () => {
    const redis = await startOwnRedis(place);
    const opened = await openDirectory({
      choice: redis.url,
      redisUrl: undefined,
      lab: "apart",
      dataFolder: place.path,
      path: "",
      probe: [],
      now: () => start,
      fresh: true,
    });
    place.atEnd(() => opened.close());
    const { url } = await opened.openAdam("EDGE1");
    if (url === undefined) throw new Error("Redis has given no login");
    login = parseRedisUrl(url);
    pair = await Pair.open({ openStore: () => Promise.resolve(opened.directory) });
    place.atEnd(() => pair.close());
    hub = await pair.hub("HUB1");
    await pair.write(objectWrite("mailbox", mailboxObject({ name: "bob" })));

    edge = await startEdgeProcess(place, url);
    pair.names.setHost(edge.fqdn, edgeSyncPort, edge.edgeSync);
    await pair.import(hub, String((await edge.ask("export"))["text"]));
    results = await hub.side.synchronize({});
  });

  /** `redis-cli` under the Edge server's own login. */
  const redisCli = async (...words: string[]): Promise<string> => {
    const who = ["--user", login.username ?? "", "--pass", login.password ?? ""];
    const { output } = await runTool("redis-cli", [
      "-s",
      login.path ?? "",
      "--no-auth-warning",
      "--raw",
      ...who,
      ...words,
    ]);
    return output.trimEnd();
  };

  it("is subscribed and synchronized by a Hub in another process", () => {
    expect(results.map(({ type, result, failureDetails }) => ({ type, result, failureDetails }))).to.deep.equal([
      { type: "Recipients", result: "Success", failureDetails: "" },
      { type: "Configuration", result: "Success", failureDetails: "" },
    ]);
  });

  it("refuses the unknown recipient and takes mail for the known one, out of what it was brought", async () => {
    const client = await RawClient.connect(edge.smtp);
    await client.reply();
    await client.say("EHLO mail.fabrikam.example");
    await client.say("MAIL FROM:<carol@fabrikam.example>");
    expect(await client.say("RCPT TO:<bob@proexchange.local>")).to.equal("250 2.1.5 Recipient OK");
    expect(await client.say("RCPT TO:<nobody@proexchange.local>")).to.equal("550 5.1.1 User unknown");
    client.close();
  });

  it("has the Hub's certificate under its own keys, as redis-cli shows under its login, byte for byte", async () => {
    const [own] = hub.store.list();
    const shown = await redisCli("HGET", `${prefix}adam:EDGE1:object:server/HUB1`, "internalTransportCertificate");
    expect(Buffer.from(String(JSON.parse(shown)), "base64").equals(Buffer.from(own?.der ?? []))).to.equal(true);
  });

  it("sees Active Directory refused: each of its keys, a list of all keys, and under another name in a script", async () => {
    expect(await redisCli("HGETALL", `${prefix}adam:EDGE1:object:server/HUB1`)).to.include("@kind");
    const [noRead, noWrite] = [
      [["HGETALL"], ["ZRANGE", "0", "-1"]],
      [["DEL"], ["HSET", "name", "value"]],
    ];
    for (const key of [
      "ad:object:mailbox/bob",
      "ad:object:server/HUB1",
      "ad:state",
      "ad:changes",
      "owner",
      "instances",
    ])
      for (const [command = "", ...more] of [...noRead, ...noWrite])
        expect(await redisCli(command, `${prefix}${key}`, ...more), `${command} ${key}`).to.match(/^NOPERM/);
    for (const command of [["KEYS", "*"], ["SCAN", "0"], ["RANDOMKEY"], ["CONFIG", "GET", "*"], ["ACL", "LIST"]])
      expect(await redisCli(...command), command.join(" ")).to.match(/^NOPERM/);

    const read = "return redis.call('HGETALL', KEYS[1])";
    expect(await edge.ask(`evaluate ${read} ${prefix}adam:EDGE1:state`)).to.have.property("answer");
    expect((await edge.ask(`evaluate ${read} ${prefix}ad:object:mailbox/bob`))["refusal"]).to.match(/NOPERM/);
    const hidden = `return redis.call('HGETALL', '${prefix}ad:object:mailbox/bob')`;
    expect((await edge.ask(`evaluate ${hidden} -`))["refusal"]).to.be.a("string");
  });
});
