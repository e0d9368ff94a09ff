import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { join } from "node:path";
import { expect } from "chai";
import { connectRedis, LabError } from "../../src/base/index.ts";
import { leftovers, runProgram, startUp, type UpLab } from "../helpers/cli.ts";
import { type Place, startTestLab, type TestLab, usePlace } from "../helpers/lab.ts";
import { type OwnRedis, startOwnRedis, withTool } from "../helpers/tools.ts";
import { root } from "../repo/source-tree.ts";

const [ee, se] = ["Ex2007EE", "Ex2007SE"];
const scenario = join(root, "scenarios/01-mail-between-sites.yaml");
const setLevel = (level: string) => `Set-TransportServer ${se} -IntraOrgConnectorProtocolLoggingLevel ${level}`;

describe("a lab whose Redis goes away in mid-run", () => {
  before(withTool("redis-server"));
  const place = usePlace();
  let redis: OwnRedis;
  let lab: TestLab;
  let delivered = 0;

  before(async () => {
    redis = await startOwnRedis(place);
    lab = await startTestLab(place, { directory: redis.url });
  });

  const expectMailToFlow = async (): Promise<void> => {
    await lab.sendAndSettle();
    expect(await lab.inbox("bob")).to.have.length(++delivered);
  };
  const failureOf = (line: string): Promise<unknown> =>
    lab.shell(se, line).then(
      () => undefined,
      (failure: unknown) => failure,
    );

  it("says which Redis it uses", async () => {
    expect(lab.directoryDescription).to.match(/^(?:Redis|Valkey) [\d.]+ at .*\/redis\/s$/);
    await expectMailToFlow();
  });

  it("sends mail across sites while Redis is frozen, and a cmdlet waits until it is not", async () => {
    process.kill(redis.pid, "SIGSTOP");
    const setting = lab.shell(se, setLevel("Verbose"));
    try {
      await expectMailToFlow();
    } finally {
      process.kill(redis.pid, "SIGCONT");
    }
    await setting;
    expect(await lab.shell(se, `Get-TransportServer ${se} | fl IntraOrg*`)).to.match(/LoggingLevel : Verbose/);
  });

  it("sends mail across sites while Redis is dead", async () => {
    await redis.kill();
    await expectMailToFlow();
    await expectMailToFlow();
  });

  it("answers a Set- cmdlet meanwhile with one clear error, and changes nothing", async () => {
    const failure = await failureOf(setLevel("None"));
    expect(failure).to.be.an.instanceOf(LabError);
    expect((failure as LabError).code).to.equal("DIRECTORY_UNREACHABLE");
    expect((failure as LabError).remedy).not.to.equal("");
    expect(await lab.shell(se, `Get-TransportServer ${se} | fl IntraOrg*`)).to.match(/LoggingLevel : Verbose/);
  });

  it("goes on with everything once Redis is back", async () => {
    await redis.start();
    let failure = await failureOf(setLevel("None"));
    for (let tries = 0; failure !== undefined && tries < 50; tries++) {
      await wait(100); // as an administrator would: nothing tells when the connection has mended
      failure = await failureOf(setLevel("None"));
    }
    expect(failure).to.equal(undefined);
    expect(await lab.shell(se, `Get-TransportServer ${se} | fl IntraOrg*`)).to.match(/LoggingLevel : None/);
    expect(await lab.shell(ee, `Get-TransportServer ${se} | fl IntraOrg*`)).to.match(/LoggingLevel : None/);
    await expectMailToFlow();
  });
});

describe("`hubedge up` whose private Redis dies", () => {
  before(withTool("redis-server"));
  const place = usePlace();
  let up: UpLab;
  before(async () => {
    up = await startUp(place, [scenario, "--data", "data", "--directory", "redis"]);
  });

  it("says so on the next Set- cmdlet, answers others, and ends in good order", async () => {
    process.kill(await privateRedisOf(place), "SIGKILL");
    await up.ask(setLevel("Verbose"), /DIRECTORY_UNREACHABLE: .*\n +remedy: /);
    await up.ask("Get-AdSite | fl Name", /Name : SiteA/);
    up.type("quit");
    const { code, err } = await up.exit;
    expect(code).to.equal(0);
    expect(err.match(/^[A-Z_]+:/gm)).to.deep.equal(["DIRECTORY_UNREACHABLE:"]);
    expect(err).not.to.match(/^ +at /m);
  });
});

describe("a Redis that cannot be used", () => {
  before(withTool("redis-server"));
  const place = usePlace();
  let guarded: OwnRedis;
  before(async () => {
    guarded = await startOwnRedis(place, ["--requirepass", "right"]);
  });

  const at = (login: string): string => guarded.url.replace("unix://", `unix://${login}`);
  const expectOneError = async (url: string, code: string, words: RegExp): Promise<void> => {
    const ended = await runProgram(place, ["up", scenario, "--data", "data", "--directory", url]);
    expect(ended.err)
      .to.match(new RegExp(`^${code}: [^\\n]*\\n +remedy: [^\\n]*\\n$`))
      .and.to.match(words);
    expect(ended).to.include({ code: 3, out: "" });
  };

  it("because nothing listens there is one clear error, and exit code 3", async () => {
    const port = await closedPort();
    await expectOneError(`redis://127.0.0.1:${port}`, "REDIS_UNREACHABLE", /ECONNREFUSED/);
  });

  it("because the password is wrong is one clear error that does not repeat it", async () => {
    await expectOneError(at(":wrong-secret@"), "REDIS_LOGIN_REFUSED", /^(?!.*wrong-secret)/s);
  });

  it("because it wants a password is one clear error", async () => {
    await expectOneError(at(""), "REDIS_LOGIN_REFUSED", /password/);
  });

  it("because the URL is none is one clear error", async () => {
    await expectOneError("redis://host:port", "REDIS_URL_MALFORMED", /"host:port" is not host:port/);
  });

  it("breaks `hubedge run` with the same words and exit code, and leaves nothing behind", async () => {
    const port = await closedPort();
    const environment = { HUBEDGE_REDIS: `redis://127.0.0.1:${port}` };
    const { code, out, err } = await runProgram(place, ["run", scenario], environment);
    expect(code).to.equal(3);
    expect(out + err).to.include(`Cannot reach Redis at 127.0.0.1:${port}`);
    expect((out + err).match(/remedy/g)).to.have.length(1);
    expect(out + err).not.to.match(/^ +at /m);
    expect(await leftovers(place)).to.deep.equal([]);
  });

  it("does not matter where the password is right", async () => {
    const { code, out } = await runProgram(place, ["run", scenario, "--directory", at(":right@")]);
    expect(code, out).to.equal(0);
    expect(out).to.match(/^ *directory: (?:Redis|Valkey) [\d.]+ at [^@]*$/m);
  });
});

/** The process id of the private server of a suite's only program. */
async function privateRedisOf(place: Place): Promise<number> {
  const socket = (await readdir(join(place.path, "tmp"), { recursive: true })).find((name) =>
    /redis\.sock$/.test(name),
  );
  const connection = await connectRedis(`unix://${join(place.path, "tmp", socket ?? "")}`);
  const about = await connection.evaluate("return redis.call('INFO', 'server')", [], []);
  await connection.close();
  return Number(/^process_id:(\d+)/m.exec(String(about))?.[1]);
}

/** A port at which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}
