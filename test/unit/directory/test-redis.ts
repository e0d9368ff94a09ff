import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needTool } from "../../helpers/tools.ts";

/** A Redis that tests may kill and start again. */
export class TestRedis {
  readonly #folder = mkdtempSync(join(tmpdir(), "hubedge-test-"));
  readonly #directives: readonly string[];
  #server: ChildProcess | undefined;

  private constructor(directives: readonly string[]) {
    this.#directives = directives;
  }

  /** Starts one; skips the test or hook where there is no redis-server, and fails instead where CI is set. */
  static async start(context: Mocha.Context, directives: readonly string[] = []): Promise<TestRedis> {
    await needTool(context, "redis-server");
    const redis = new TestRedis(directives);
    await redis.start();
    return redis;
  }

  get socket(): string {
    return join(this.#folder, "s");
  }

  get url(): string {
    return `unix://${this.socket}`;
  }

  /** Where it does not run yet. */
  async start(): Promise<void> {
    if (this.#runs()) return;
    mkdirSync(join(this.#folder, "data"), { recursive: true });
    const own = [
      "--port",
      "0",
      "--unixsocket",
      this.socket,
      "--save",
      "",
      "--appendonly",
      "yes",
      "--appendfsync",
      "always",
    ];
    const server = spawn("redis-server", [...own, "--dir", join(this.#folder, "data"), ...this.#directives], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#server = server;
    await new Promise<void>((ready, failed) => {
      let output = "";
      server.stdout.on("data", (text: Buffer) => {
        output += text.toString();
        if (/ready to accept connections/i.test(output)) ready();
      });
      server.once("exit", () => failed(new Error(output)));
    });
  }

  /** Ends it without warning. */
  async kill(): Promise<void> {
    if (!this.#server || !this.#runs()) return;
    const exit = once(this.#server, "exit");
    this.#server.kill("SIGKILL");
    await exit;
  }

  /** Stops it in its tracks, or lets it go on. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.#server?.kill(signal);
  }

  /** Forgets all data; for a server that is down. */
  wipe(): void {
    rmSync(join(this.#folder, "data"), { recursive: true });
  }

  #runs(): boolean {
    return this.#server !== undefined && this.#server.exitCode === null && this.#server.signalCode === null;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true });
  }
}
