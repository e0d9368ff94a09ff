import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { declaredTopology, startTestLab, type TestLab, usePlace } from "../helpers/lab.ts";
import { runTool, seenByOpenssl, startOwnRedis, withTool } from "../helpers/tools.ts";

const adam = "hubedge:{perimeter}:adam:EDGE1:";

describe("redis-cli and the ADAM of an Edge server", () => {
  for (const tool of ["redis-server", "redis-cli", "openssl"] as const) before(withTool(tool));
  const place = usePlace();
  let socket: string;
  let lab: TestLab;
  let keysBefore: string[];

  const redisCli = async (...words: string[]): Promise<string> =>
    (await runTool("redis-cli", ["-s", socket, "--raw", ...words])).output.trimEnd();
  const keysOf = async (pattern: string): Promise<string[]> =>
    (await redisCli("--scan", "--pattern", pattern.replace(/[{}]/g, "?"))).split("\n").filter(Boolean).sort();

  before(async () => {
    const { url } = await startOwnRedis(place);
    socket = url.replace("unix://", "");
    lab = await startTestLab(place, {
      directory: url,
      topology: declaredTopology({
        id: "perimeter",
        organization: "proexchange",
        domains: ["proexchange.local"],
        sites: { SiteA: null, SiteB: null },
        servers: {
          HUB1: { site: "SiteA", roles: ["HubTransport", "Mailbox"] },
          HUB2: { site: "SiteA", roles: ["HubTransport"] },
          HUB3: { site: "SiteB", roles: ["HubTransport"] },
          EDGE1: { roles: ["EdgeTransport"] },
        },
        mailboxes: { bob: { server: "HUB1" } },
      }),
    });
    keysBefore = await keysOf(`${adam}*`);
    await lab.shell("EDGE1", String.raw`New-EdgeSubscription -FileName "C:\Edge.xml" -Force`);
    await lab.carryFile(String.raw`C:\Edge.xml`, "EDGE1", "HUB1");
    await lab.shell("HUB1", String.raw`New-EdgeSubscription -FileName "C:\Edge.xml" -Site SiteA`);
    await lab.shell("HUB1", "Start-EdgeSynchronization");
  });

  it("finds no Hub in it before the subscription, and those of the subscribed site after it", async () => {
    const servers = (keys: string[]) =>
      keys.flatMap((key) => (key.startsWith(`${adam}object:server/`) ? [key.slice(adam.length + 14)] : []));
    expect(servers(keysBefore)).to.deep.equal(["EDGE1"]);
    expect(servers(await keysOf(`${adam}*`))).to.deep.equal(["EDGE1", "HUB1", "HUB2"]);
  });

  it("finds their certificates, byte for byte those that they present to openssl s_client", async () => {
    for (const hub of ["HUB1", "HUB2"]) {
      const stored = await redisCli("HGET", `${adam}object:server/${hub}`, "internalTransportCertificate");
      await seenByOpenssl(place, lab.endpoint(hub));
      const presented = (await readFile(join(place.path, "seen.pem"), "utf8")).replace(/-----[^-]+-----|\s/g, "");
      expect(Buffer.from(String(JSON.parse(stored)), "base64").toString("base64")).to.equal(presented);
    }
  });

  it("finds no address of a recipient there, only hashes", async () => {
    const keys = await keysOf(`${adam}object:recipient/*`);
    expect(keys).to.have.lengthOf(1);
    const everything = await Promise.all((await keysOf(`${adam}object:*`)).map((key) => redisCli("HGETALL", key)));
    expect(everything.join("\n")).to.not.include("bob");
    const hashes = JSON.parse(await redisCli("HGET", keys[0] ?? "", "proxyAddressHashes")) as string[];
    expect(hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash))).to.equal(true);
  });
});
