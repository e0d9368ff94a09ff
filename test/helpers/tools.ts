import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Endpoint } from "../../src/smtp/index.ts";
import type { Place } from "./lab.ts";

/** Other people's software, and what proves that it is there and complete. */
const proofs = {
  openssl: [["openssl", "version"]],
  swaks: [
    ["swaks", "--version"],
    ["perl", "-MNet::SSLeay", "-e", "1"],
  ],
  "redis-server": [["redis-server", "--version"]],
  "redis-cli": [["redis-cli", "--version"]],
  tmux: [["tmux", "-V"]],
  // Its master runs as root only.
  postfix: [
    ["postconf", "-dh", "mail_version"],
    ["sh", "-c", 'test "$(id -u)" = 0'],
  ],
} as const;

/**
 * A `before` hook for suites that need a tool: without it they are skipped, visibly; where `CI=true` they fail.
 *
 *     before(withTool("openssl"));
 */
export function withTool(tool: keyof typeof proofs): Mocha.AsyncFunc {
  return function () {
    return needTool(this, tool);
  };
}

/** The same within a hook or test that has more to do. */
export async function needTool(context: Mocha.Context, tool: keyof typeof proofs): Promise<void> {
  for (const [program, ...parameters] of proofs[tool]) {
    if ((await runTool(program, parameters)).code === 0) continue;
    if (process.env["CI"] === "true") throw new Error(`${tool} is missing or incomplete: these tests must run in CI`);
    context.skip();
  }
}

/** What tools run in: programs of the system are found too, which not everybody has on the PATH. */
export const toolEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`,
});

/**
 * Runs a program to its end. `code` is null where it could not be started; `output` has both streams as they came.
 *
 * @param input what it reads from its standard input
 */
export async function runTool(
  program: string,
  parameters: readonly string[],
  input = "",
): Promise<{ code: number | null; output: string }> {
  const child = spawn(program, parameters, { stdio: ["pipe", "pipe", "pipe"], env: toolEnvironment() });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (output += text.toString()));
  child.stdin.on("error", () => {}); // it may end before it has read everything
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.once("error", () => resolve({ code: null, output }));
    child.once("close", (code) => resolve({ code, output }));
  });
}

/** What `openssl s_client -starttls smtp` sees there, and the SHA-1 fingerprint that openssl computes of it, upper-case hex. */
export async function seenByOpenssl(
  place: Place,
  { address, port }: Endpoint,
): Promise<{ output: string; thumbprint: string }> {
  const client = ["s_client", "-starttls", "smtp", "-connect", `${address}:${port}`, "-showcerts"];
  const { output } = await runTool("openssl", client);
  const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(output)?.[0];
  if (pem === undefined) throw new Error(`openssl saw no certificate:\n${output}`);
  const file = await place.write("seen.pem", pem);
  const fingerprint = await runTool("openssl", ["x509", "-in", file, "-noout", "-fingerprint", "-sha1"]);
  return { output, thumbprint: (/=([0-9A-F:]+)/.exec(fingerprint.output)?.[1] ?? "").replaceAll(":", "") };
}

/** A Redis of the test's own, which it may freeze, kill and start again. */
export interface OwnRedis {
  readonly url: string;
  /** Of the server that runs now. */
  readonly pid: number;
  /** SIGKILL, and waits for its end. */
  kill(): Promise<void>;
  /** Starts it on what it had written. */
  start(): Promise<void>;
}

/** Starts `redis-server …more` on a Unix socket in `place`; every write is on disk before it is answered. */
export async function startOwnRedis(place: Place, more: readonly string[] = []): Promise<OwnRedis> {
  const folder = await place.folder("redis");
  const socket = join(folder, "s");
  const settings = ["--port", "0", "--unixsocket", socket, "--dir", folder, "--save", "", "--appendonly", "yes"];
  let server: ChildProcess;
  const start = async (): Promise<void> => {
    const child = spawn("redis-server", [...settings, "--appendfsync", "always", ...more], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    server = child;
    await new Promise<void>((resolve, reject) => {
      child.stdout.on("data", (text: Buffer) => /ready to accept connections/i.test(text.toString()) && resolve());
      child.once("exit", () => reject(new Error("redis-server ended before it took connections")));
    });
  };
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, "exit");
    server.kill("SIGKILL");
    await gone;
  };
  await start();
  place.atEnd(kill);
  return {
    url: `unix://${socket}`,
    kill,
    start,
    get pid() {
      return server.pid ?? 0;
    },
  };
}
