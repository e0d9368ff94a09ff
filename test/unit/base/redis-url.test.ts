import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import { formatRedisAddress, parseRedisUrl } from "../../../src/base/redis-url.ts";

const errorOf = (url: string): LabError => {
  try {
    parseRedisUrl(url);
  } catch (failure) {
    if (failure instanceof LabError) return failure;
  }
  throw new Error(`${url} was read without complaint`);
};

describe("parseRedisUrl", () => {
  const readable: readonly [url: string, address: object, shown: string][] = [
    [
      "redis://localhost",
      { kind: "server", nodes: [{ host: "localhost", port: 6379 }], tls: false, db: 0 },
      "localhost:6379",
    ],
    ["redis://127.0.0.1:7000/3", { nodes: [{ host: "127.0.0.1", port: 7000 }], db: 3 }, "127.0.0.1:7000"],
    ["redis://[::1]:7000", { nodes: [{ host: "::1", port: 7000 }] }, "::1:7000"],
    ["rediss://user:p%40ss%3A@host:1", { tls: true, username: "user", password: "p@ss:" }, "host:1"],
    ["redis://:pw@host", { password: "pw" }, "host:6379"],
    ["unix:///tmp/a%20b/redis.sock", { kind: "socket", nodes: [], path: "/tmp/a b/redis.sock" }, "/tmp/a b/redis.sock"],
    ["unix://:pw@/tmp/s", { kind: "socket", path: "/tmp/s", password: "pw" }, "/tmp/s"],
    [
      "redis+sentinel://a,b:1/main/2",
      {
        kind: "sentinel",
        master: "main",
        db: 2,
        nodes: [
          { host: "a", port: 26379 },
          { host: "b", port: 1 },
        ],
      },
      "main (Sentinel a:26379,b:1)",
    ],
    [
      "rediss+cluster://a:1,b:2",
      {
        kind: "cluster",
        tls: true,
        nodes: [
          { host: "a", port: 1 },
          { host: "b", port: 2 },
        ],
      },
      "a:1,b:2 (Cluster)",
    ],
  ];
  for (const [url, address, shown] of readable) {
    it(`reads ${url}`, () => {
      const read = parseRedisUrl(url);
      expect(read).to.deep.include(address);
      expect(formatRedisAddress(read)).to.equal(shown);
    });
  }

  for (const url of [
    "",
    "localhost:6379",
    "http://localhost",
    "redis://",
    "redis://host:0",
    "redis://host:65536",
    "redis://host:port",
    "redis://host/main",
    "redis://a,b",
    "redis://host?db=1",
    "redis+sentinel://host",
    "redis://u:%zz@host",
    "unix://relative",
  ]) {
    it(`refuses "${url}"`, () => void expect(errorOf(url).code).to.equal("REDIS_URL_MALFORMED"));
  }

  it("quotes no password", () => {
    expect(errorOf("redis://me:secret@host:port").message)
      .to.include("redis://…@host:port")
      .and.not.to.include("secret");
  });
});
