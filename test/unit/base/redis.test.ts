import { expect } from "chai";
import { createServer, type Server, type Socket } from "node:net";
import { connectRedis, LabError, type RedisConnection } from "../../../src/base/index.ts";
import { TestRedis } from "../directory/test-redis.ts";

const failureOf = (work: Promise<unknown>): Promise<LabError> =>
  work.then(
    () => {
      throw new Error("it worked");
    },
    (failure: LabError) => failure,
  );

/** A listener on a port of its own that treats every client alike. */
async function listening(greet: (client: Socket) => void): Promise<{ server: Server; address: string }> {
  const server = createServer(greet);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { server, address: `127.0.0.1:${typeof address === "object" ? address?.port : ""}` };
}

describe("connectRedis", () => {
  let redis: TestRedis;
  before(async function () {
    redis = await TestRedis.start(this, ["--requirepass", "right"]);
  });
  after(() => redis?.close());
  const urlWith = (login: string): string => redis.url.replace("unix://", `unix://${login}@`);
  const connections: RedisConnection[] = [];
  const connect = async (): Promise<RedisConnection> => {
    const connection = await connectRedis(urlWith(":right"));
    connections.push(connection);
    return connection;
  };
  afterEach(() => Promise.all(connections.splice(0).map((connection) => connection.close())));

  it("says what it is connected to", async () => {
    const connection = await connect();
    expect(connection.server).to.match(/^(Redis|Valkey) \d+\.\d+\.\d+$/);
    expect(connection.address).to.equal(redis.socket);
  });

  for (const login of [":wrong", "nobody:right"]) {
    it(`is refused with ${login}`, async () => {
      const failure = await failureOf(connectRedis(urlWith(login)));
      expect(failure).to.include({ code: "REDIS_LOGIN_REFUSED" });
      expect(failure.message).to.include("WRONGPASS").and.not.to.include("right@");
    });
  }

  it("says that a password is wanted", async () => {
    const failure = await failureOf(connectRedis(redis.url));
    expect(failure).to.include({ code: "REDIS_LOGIN_REFUSED" });
    expect(failure.message).to.include("wants a password and got none");
  });

  it("says so where nothing listens, and tries no more", async () => {
    const { server, address } = await listening(() => {});
    server.close();
    const failure = await failureOf(connectRedis(`redis://${address}`));
    expect(failure).to.include({ code: "REDIS_UNREACHABLE" });
    expect(failure.message).to.include(`Redis at ${address}: connect ECONNREFUSED`);
  });

  it("says so within two seconds or little more where somebody listens and says nothing", async () => {
    const clients: Socket[] = [];
    const { server, address } = await listening((client) => void clients.push(client));
    const started = performance.now();
    expect(await failureOf(connectRedis(`redis://${address}`))).to.include({ code: "REDIS_UNREACHABLE" });
    expect(performance.now() - started).to.be.lessThan(4000);
    for (const client of clients) client.destroy();
    server.close();
  });

  it("says so where somebody speaks SMTP", async () => {
    const { server, address } = await listening((client) =>
      client.on("error", () => {}).end("220 mail.example ESMTP\r\n"),
    );
    expect(await failureOf(connectRedis(`redis://${address}`))).to.include({ code: "REDIS_UNREACHABLE" });
    server.close();
  });

  it("runs scripts, and tells a wrong script from a server that is away", async () => {
    const connection = await connect();
    expect(await connection.evaluate("return { KEYS[1], ARGV[1], 7, false, {} }", ["key"], [0.5])).to.deep.equal([
      "key",
      "0.5",
      7,
      null,
      [],
    ]);
    const failure = await failureOf(connection.evaluate("return redis.call('NOSUCH')", [], []));
    expect(failure).not.to.be.an.instanceOf(LabError);
    await redis.kill();
    expect(await failureOf(connection.evaluate("return 1", [], []))).to.include({ code: "REDIS_UNREACHABLE" });
    await redis.start();
  });

  it("rejects what was on its way when the server died", async () => {
    const connection = await connect();
    redis.signal("SIGSTOP");
    const waiting = failureOf(connection.evaluate("return 1", [], []));
    await redis.kill();
    const failure = await waiting;
    expect(failure).to.include({ code: "REDIS_UNREACHABLE" });
    expect(failure.message).to.include("lost before the answer came");
    await redis.start();
  });

  it("comes back by itself, and then calls all who listen", async () => {
    const connection = await connect();
    await new Promise<void>((resolve) => void connection.listen("news", resolve));
    await redis.kill();
    const back = new Promise<void>((resolve) => {
      const end = connection.listen("news", () => {
        connection.evaluate("return 1", [], []).then(
          () => {
            end();
            resolve();
          },
          () => {},
        );
      });
    });
    await redis.start();
    await back;
  });

  it("hears what is said on its channel, and on no other", async () => {
    const connection = await connect();
    let hints = 0;
    let hinted = (): void => {};
    const next = () => new Promise<void>((resolve) => void (hinted = resolve));
    const subscribed = next();
    connection.listen("news", () => {
      hints++;
      hinted();
    });
    await subscribed; // the first hint says: from now on nothing is missed
    const told = next();
    await connection.evaluate("redis.call('PUBLISH', 'other', 1) redis.call('PUBLISH', 'news', 1)", [], []);
    await told;
    expect(hints).to.equal(2);
  });

  it("closes at once, also while the server is away", async () => {
    const connection = await connectRedis(urlWith(":right"));
    await redis.kill();
    await connection.close();
    await redis.start();
    expect(await failureOf(connection.evaluate("return 1", [], []))).to.include({ code: "REDIS_UNREACHABLE" });
  });
});
