import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:fs";
import { access, mkdir, mkdtemp } from "node:fs/promises";
import { createServer, Socket } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as startTimer, clearTimeout as stopTimer } from "node:timers";
import { redisNotInstalled, redisNotStarted } from "./errors-of-stores.ts";
import { messageOf } from "./errors.ts";
import { writeFileAtomically } from "./files.ts";
import { newGuid } from "./ids.ts";

/** A Redis of our own, which ends when we do. */
export interface PrivateRedis {
  /** For `connectRedis`. */
  readonly url: string;
  /** Stops it, its data flushed, and waits for its end. */
  close(): Promise<void>;
}

export interface PrivateRedisOptions {
  /** Where it keeps its append-only file. */
  folder: string;
  /** The PATH to look for `redis-server` or `valkey-server` on. */
  path: string;
  /** Forced answers about this machine; with `no-unix-socket` it listens on a loopback port. */
  probe: readonly string[];
}

/**
 * The shell that holds the server. Its standard input is a pipe from us: however we end, SIGKILL included, the system
 * closes it, the read returns, and the server and its folder go. The server alone keeps the output pipe, so that its
 * end can be told from there.
 */
const keeper = `
"$1" "$2" </dev/null 2>&1 &
server=$!
exec >/dev/null 2>&1
read -r _
kill "$server"
wait "$server"
rm -rf -- "$3"
`;

const patienceMs = 10_000;
/** Systems allow 104 to 108 bytes for a socket's path. */
const longestSocketPath = 100;

/** Starts a private server. Throws REDIS_NOT_INSTALLED, REDIS_NOT_STARTED. */
export async function startPrivateRedis({ folder, path, probe }: PrivateRedisOptions): Promise<PrivateRedis> {
  const program = await findProgram(path);
  if (program === undefined) throw redisNotInstalled(path);
  await mkdir(folder, { recursive: true });
  const shortFolder = await mkdtemp(join(tmpdir(), "hubedge-")); // for our eyes only: 0700
  const socket = join(shortFolder, "redis.sock");
  const socketServes = !probe.includes("no-unix-socket") && Buffer.byteLength(socket) <= longestSocketPath;
  const place = socketServes ? socketPlace(socket) : await loopbackPlace();
  const configuration = join(shortFolder, "redis.conf");
  await writeFileAtomically(configuration, [...place.directives, ...commonDirectives(folder), ""].join("\n"), {
    mode: 0o600,
    durable: false,
  });
  const shell = startKeeper(program, configuration, shortFolder);
  await takesConnections(shell, program);
  return { url: place.url, close: () => stopped(shell) };
}

/** The first of the two programs on a PATH. */
async function findProgram(path: string): Promise<string | undefined> {
  for (const name of ["redis-server", "valkey-server"]) {
    for (const folder of path.split(delimiter).filter((part) => part !== "")) {
      const program = join(folder, name);
      const found = await access(program, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return program;
    }
  }
  return undefined;
}

interface Place {
  url: string;
  directives: readonly string[];
}

const socketPlace = (socket: string): Place => ({
  url: `unix://${socket.split("/").map(encodeURIComponent).join("/")}`,
  directives: ["port 0", `unixsocket ${quoted(socket)}`, "unixsocketperm 700"],
});

async function loopbackPlace(): Promise<Place> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  const port = typeof address === "object" && address ? address.port : 0;
  const password = newGuid();
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    directives: ["bind 127.0.0.1", `port ${port}`, `requirepass ${password}`],
  };
}

const commonDirectives = (folder: string): string[] => [
  `dir ${quoted(resolve(folder))}`,
  "appendonly yes",
  "appendfsync always", // by default, what it has answered can still be lost for two seconds while the disk is busy
  'save ""',
  "daemonize no",
];

const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;

type Keeper = ChildProcessByStdio<Writable, Readable, null>;

function startKeeper(program: string, configuration: string, shortFolder: string): Keeper {
  // Detached, in a session of its own: Ctrl-C comes to us alone, and we end the server in order.
  const shell = spawn("/bin/sh", ["-c", keeper, "sh", program, configuration, shortFolder], {
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
  });
  // Nobody has to stop it for us to end.
  shell.unref();
  for (const pipe of [shell.stdin, shell.stdout]) if (pipe instanceof Socket) pipe.unref();
  return shell;
}

/** Waits for the server's word that it takes connections; whatever else it says is kept for the error. */
async function takesConnections(shell: Keeper, program: string): Promise<void> {
  let output = "";
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((accept, refuse) => {
      timer = startTimer(() => refuse(new Error(`it was not ready in ${patienceMs / 1000} s`)), patienceMs);
      shell.stdout.on("data", (text: Buffer) => {
        output = (output + text.toString()).slice(-4000);
        if (/ready to accept connections/i.test(output)) accept();
      });
      shell.stdout.on("end", () => refuse(new Error(lastLineOf(output) ?? "it ended without a word")));
      shell.on("error", refuse);
    });
  } catch (failure) {
    await stopped(shell);
    throw redisNotStarted(program, messageOf(failure));
  } finally {
    stopTimer(timer);
  }
}

const lastLineOf = (text: string): string | undefined => text.trim().split("\n").at(-1)?.trim() || undefined;

async function stopped(shell: Keeper): Promise<void> {
  if (shell.pid === undefined || shell.exitCode !== null || shell.signalCode !== null) return;
  shell.ref();
  const exit = once(shell, "exit");
  shell.stdin.end();
  await exit;
}
