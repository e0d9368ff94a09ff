import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, watch, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectRedis, LabError, startPrivateRedis } from "../../../src/base/index.ts";
import { withTool } from "../../helpers/tools.ts";

const path = process.env["PATH"] ?? "";

describe("startPrivateRedis", () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "hubedge-test-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  describe("with a server installed", () => {
    before(withTool("redis-server"));

    it("keeps its data in our folder, and its socket where nobody else may look", async () => {
      const server = await startPrivateRedis({ folder: join(folder, 'data "1"'), path, probe: [] });
      const socketFolder = dirname(server.url.replace("unix://", ""));
      expect(statSync(socketFolder).mode & 0o777).to.equal(0o700);
      const connection = await connectRedis(server.url);
      await connection.evaluate("return redis.call('SET', 'a', 'kept')", [], []);
      const about = await connection.evaluate("return redis.call('INFO', 'server')", [], []);
      expect(about).to.match(/^tcp_port:0\r$/m);
      await connection.close();
      await server.close();
      expect(existsSync(socketFolder)).to.equal(false);
      expect(readdirSync(join(folder, 'data "1"'))).not.to.be.empty;

      const again = await startPrivateRedis({ folder: join(folder, 'data "1"'), path, probe: [] });
      const next = await connectRedis(again.url);
      expect(await next.evaluate("return redis.call('GET', 'a')", [], [])).to.equal("kept");
      await next.close();
      await again.close();
      await again.close(); // a second time does nothing
    });

    it("listens on a loopback port with a password where there are no unix sockets", async () => {
      const server = await startPrivateRedis({ folder, path, probe: ["no-unix-socket"] });
      const port = /^redis:\/\/:[0-9a-f-]{36}@127\.0\.0\.1:(\d+)$/.exec(server.url)?.[1];
      await (await connectRedis(server.url)).close();
      const stranger = await connectRedis(`redis://127.0.0.1:${port}`).catch((failure: unknown) => failure);
      expect(stranger).to.be.an.instanceOf(LabError).with.property("code", "REDIS_LOGIN_REFUSED");
      await server.close();
    });

    it("dies with us, however we die, and its socket's folder goes too", async () => {
      const script = fileURLToPath(new URL("private-redis.child.ts", import.meta.url));
      const child = spawn(process.execPath, ["--import", "tsx", script, folder], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      const [said] = (await once(child.stdout, "data")) as [Buffer];
      const socketPath = said.toString().trim().replace("unix://", "");
      const client = connect(socketPath);
      await once(client, "connect");
      const gone = new Promise<void>((resolve) => {
        const watcher = watch(tmpdir(), () => {
          if (existsSync(dirname(socketPath))) return;
          watcher.close();
          resolve();
        });
      });
      child.kill("SIGKILL");
      await once(client.resume(), "close");
      await gone;
    });
  });

  it("says so where no program is on the PATH", async () => {
    const failure = await startPrivateRedis({ folder, path: folder, probe: [] }).catch((error: unknown) => error);
    expect(failure).to.be.an.instanceOf(LabError).with.property("code", "REDIS_NOT_INSTALLED");
  });

  it("finds valkey-server too, and repeats the last words of a server that does not start", async () => {
    const program = join(folder, "valkey-server");
    writeFileSync(program, "#!/bin/sh\necho first\necho 'cannot do that' >&2\nexit 1\n");
    chmodSync(program, 0o755);
    const failure = await startPrivateRedis({ folder, path: `/nowhere:${folder}`, probe: [] }).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.an.instanceOf(LabError).with.property("code", "REDIS_NOT_STARTED");
    expect(failure).to.have.property("message", `Cannot start a private Redis with "${program}": cannot do that`);
  });
});
