import { isIP } from "node:net";
import { setTimeout as startTimer, clearTimeout as stopTimer } from "node:timers";
import { Cluster, Redis, type RedisOptions } from "ioredis";
import { redisLoginRefused, redisUnreachable } from "./errors-of-stores.ts";
import { messageOf } from "./errors.ts";
import { newGuid } from "./ids.ts";
import { formatRedisAddress, parseRedisUrl, type RedisAddress, withLogin } from "./redis-url.ts";

/** What a script may return. */
export type RedisReply = string | number | null | readonly RedisReply[];

/**
 * A connection to Redis that mends itself: once made, it reconnects for ever and in silence. Only door to ioredis.
 * Ours: docs/adr/0003-redis-and-lmdb.md.
 */
export interface RedisConnection {
  /** `Redis 7.0.15`. */
  readonly server: string;
  /** `127.0.0.1:6379`. */
  readonly address: string;
  /**
   * Runs a Lua script, which is atomic. All keys must lie in one hash slot.
   * Rejects REDIS_UNREACHABLE while there is no connection, and where the answer was lost: then it may have run.
   */
  evaluate(script: string, keys: readonly string[], values: readonly (string | number)[]): Promise<RedisReply>;
  /** Calls `hear` for every message, and whenever messages may have been missed. Returns a function that ends it. */
  listen(channel: string, hear: () => void): () => void;
  /**
   * Makes a user who reaches nothing but keys and channels that begin with `prefix`, again whenever the server has
   * forgotten it. Undefined where we may not make users.
   */
  limitedLogin(user: string, prefix: string): Promise<LimitedLogin | undefined>;
  close(): Promise<void>;
}

/** A way in for somebody who is to see a part only. */
export interface LimitedLogin {
  /** For `connectRedis`, with the password in it. */
  readonly url: string;
  /** Takes it back. Never rejects. */
  forget(): Promise<void>;
}

const connectTimeoutMs = 2000;
/** Long enough for the largest script; a server that says nothing for longer has lost us. */
const answerTimeoutMs = 10_000;
const reconnectAfterMs = (attempt: number): number => Math.min(50 * attempt, 1000);

/**
 * Connects to the Redis at `url` (`parseRedisUrl` says which forms there are).
 * Throws REDIS_URL_MALFORMED, REDIS_UNREACHABLE or REDIS_LOGIN_REFUSED, after two seconds at the latest.
 */
export async function connectRedis(url: string): Promise<RedisConnection> {
  const address = parseRedisUrl(url);
  const shown = formatRedisAddress(address);
  const client = await connectClient(address, shown);
  const listener = await connectClient(address, shown).catch((failure: unknown) => {
    client.disconnect();
    throw failure;
  });
  return new MendingConnection({ client, listener, server: await serverOf(client), address: shown, url });
}

type Client = Redis | Cluster;

interface Connected {
  client: Client;
  listener: Client;
  server: string;
  address: string;
  url: string;
}

/**
 * What a directory's scripts and channels take, and INFO, which says when a node has lost its history. Nothing that walks
 * over all keys: a pattern does not hide their names from SCAN.
 */
const limitedCommands = [
  "+@hash",
  "+@sortedset",
  "+@connection",
  "-@dangerous",
  "+del",
  "+eval",
  "+publish",
  "+subscribe",
  "+unsubscribe",
  "+info",
];

class MendingConnection implements RedisConnection {
  readonly server: string;
  readonly address: string;
  readonly #client: Client;
  readonly #listener: Client;
  readonly #url: string;
  readonly #heard = new Map<string, Set<() => void>>();
  /** The rules of every user that was made here. */
  readonly #users = new Map<string, readonly string[]>();

  constructor({ client, listener, server, address, url }: Connected) {
    this.#client = client;
    this.#listener = listener;
    this.server = server;
    this.address = address;
    this.#url = url;
    listener.on("message", (channel: string) => this.#hear(channel));
    // What was said while the listener was away is lost; whoever heard while the client was away could not ask.
    listener.on("ready", () => {
      for (const channel of this.#heard.keys()) this.#subscribe(channel);
    });
    client.on("ready", () => {
      for (const [user, rules] of this.#users) void this.#onEveryNode("SETUSER", user, ...rules).catch(() => {});
      for (const channel of this.#heard.keys()) this.#hear(channel);
    });
  }

  async evaluate(script: string, keys: readonly string[], values: readonly (string | number)[]): Promise<RedisReply> {
    if (this.#client.status !== "ready")
      throw redisUnreachable(this.address, new Error("there is no connection just now"));
    try {
      // In one list: a call takes only so many arguments.
      return (await this.#client.call("eval", [script, keys.length, ...keys, ...values])) as RedisReply;
    } catch (failure) {
      if (isScriptError(failure)) throw failure;
      const lost = this.#client.status !== "ready"; // which ioredis tells in words about its own options
      throw redisUnreachable(
        this.address,
        lost ? new Error("the connection was lost before the answer came") : failure,
      );
    }
  }

  listen(channel: string, hear: () => void): () => void {
    const hearing = this.#heard.get(channel) ?? new Set();
    this.#heard.set(channel, hearing);
    if (hearing.size === 0) this.#subscribe(channel);
    const added = (): void => hear();
    hearing.add(added);
    return () => void hearing.delete(added);
  }

  async limitedLogin(user: string, prefix: string): Promise<LimitedLogin | undefined> {
    const password = newGuid();
    const rules = ["reset", "on", `>${password}`, `~${prefix}*`, `&${prefix}*`, ...limitedCommands];
    try {
      await this.#onEveryNode("SETUSER", user, ...rules);
    } catch {
      return undefined; // a server that is too old, or a user without the right
    }
    this.#users.set(user, rules);
    return {
      url: withLogin(this.#url, user, password),
      forget: async () => {
        this.#users.delete(user);
        await this.#onEveryNode("DELUSER", user).catch(() => {});
      },
    };
  }

  /** Users are each node's own. */
  async #onEveryNode(...parameters: string[]): Promise<void> {
    const nodes = this.#client instanceof Cluster ? this.#client.nodes("all") : [this.#client];
    await Promise.all(nodes.map((node) => node.call("ACL", ...parameters)));
  }

  async close(): Promise<void> {
    this.#heard.clear();
    await Promise.all([ended(this.#client), ended(this.#listener)]);
  }

  #subscribe(channel: string): void {
    // What fails here is a connection that is just lost; when it is back, this runs again.
    this.#listener.subscribe(channel).then(
      () => this.#hear(channel),
      () => {},
    );
  }

  #hear(channel: string): void {
    for (const hear of [...(this.#heard.get(channel) ?? [])]) hear();
  }
}

async function connectClient(address: RedisAddress, shown: string): Promise<Client> {
  let established = false;
  const client = makeClient(address, (attempt) => (established ? reconnectAfterMs(attempt) : null));
  // This listener stays: an error nobody listens to would end the process, and later ones only mean "reconnecting".
  const failed = new Promise<never>((_resolve, reject) => void client.on("error", reject));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = startTimer(() => reject(new Error(`no answer in ${connectTimeoutMs / 1000} s`)), connectTimeoutMs);
  });
  try {
    await Promise.race([client.connect(), failed, late]);
    established = true;
    return client;
  } catch (failure) {
    client.disconnect();
    const reason = reasonOf(failure);
    throw isLoginError(reason) ? redisLoginRefused(shown, reason) : redisUnreachable(shown, reason);
  } finally {
    stopTimer(timer);
  }
}

function makeClient(address: RedisAddress, retry: (attempt: number) => number | null): Client {
  const { kind, nodes, path = "", master = "", username, password, tls, db } = address;
  const [node] = nodes;
  // Certificates carry no IP address as server name (RFC 6066 §3).
  const servername = node && kind === "server" && isIP(node.host) === 0 ? { servername: node.host } : {};
  const perNode = {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    socketTimeout: answerTimeoutMs,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: servername } : {}),
  } satisfies RedisOptions;
  const options = {
    ...perNode,
    db,
    // A command fails at once while there is no connection, and is never sent a second time: who asked decides.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    retryStrategy: retry,
    // After a failover the old address may answer as a replica, which takes no writes: look again.
    reconnectOnError: (failure: Error) => failure.message.startsWith("READONLY"),
  } satisfies RedisOptions;
  switch (kind) {
    case "socket":
      return new Redis({ ...options, path });
    case "server":
      return new Redis({ ...options, ...node });
    case "sentinel":
      return new Redis({ ...options, sentinels: [...nodes], name: master, sentinelRetryStrategy: retry });
    case "cluster":
      return new Cluster([...nodes], {
        lazyConnect: true,
        enableOfflineQueue: false,
        clusterRetryStrategy: retry,
        redisOptions: perNode,
      });
  }
}

async function serverOf(client: Client): Promise<string> {
  // A user without the right to INFO is welcome all the same.
  const info = await client.info("server").catch(() => "");
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.+?)\\r?$`, "m").exec(info)?.[1];
  const valkey = field("valkey_version");
  if (valkey !== undefined) return `Valkey ${valkey}`;
  const redis = field("redis_version");
  return redis === undefined ? "Redis" : `Redis ${redis}`;
}

function ended(client: Client): Promise<void> {
  return new Promise((resolve) => {
    // While it waits to reconnect there is no connection whose end could be heard.
    if (client.status === "ready") client.once("end", resolve);
    else resolve();
    client.disconnect();
  });
}

/** A cluster wraps what its last node said. */
const reasonOf = (failure: unknown): unknown =>
  failure instanceof Error && "lastNodeError" in failure ? (failure.lastNodeError ?? failure) : failure;

const isLoginError = (failure: unknown): boolean =>
  /^(NOAUTH|WRONGPASS|ERR invalid password)\b/.test(messageOf(failure));

/** The script itself is wrong, which is our bug; every other answer says that the server cannot serve now. */
const isScriptError = (failure: unknown): boolean => /^ERR\b/.test(messageOf(failure));
