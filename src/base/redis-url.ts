import { redisUrlMalformed } from "./errors-of-stores.ts";

/** Where a Redis is, and how to log on to it. */
export interface RedisAddress {
  kind: "server" | "sentinel" | "cluster" | "socket";
  /** One for a server, any of them for Sentinel and Cluster; none for a socket. */
  nodes: readonly { host: string; port: number }[];
  /** Of the socket. */
  path?: string;
  /** Sentinel's name for the server. */
  master?: string;
  tls: boolean;
  username?: string;
  password?: string;
  db: number;
}

const syntax =
  /^(?<tls>rediss?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<username>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?#@]+)(?:\/(?<rest>[^?#]*))?$/;
const socketSyntax = /^unix:\/\/(?:(?<username>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<path>\/[^?#]+)$/;
const hostSyntax = /^(?<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?<port>\d{1,5}))?$/;

/**
 * Reads `redis://[[user]:password@]host[:port][/db]`, `rediss://…` for TLS, `unix://[[user]:password@]/path/to/socket`,
 * `redis+sentinel://…host,host…/master[/db]` and `redis+cluster://…host,host…`. Throws REDIS_URL_MALFORMED.
 */
export function parseRedisUrl(url: string): RedisAddress {
  const socket = socketSyntax.exec(url)?.groups;
  if (socket)
    return { kind: "socket", nodes: [], tls: false, db: 0, path: decoded(url, socket["path"]), ...login(url, socket) };
  const parts = syntax.exec(url)?.groups;
  if (!parts) throw redisUrlMalformed(withoutPassword(url), "it is not redis://[[user]:password@]host[:port][/db]");
  const kind = parts["kind"] === "sentinel" || parts["kind"] === "cluster" ? parts["kind"] : "server";
  const nodes = (parts["hosts"] ?? "").split(",").map((host) => node(url, host, kind));
  const [master = "", db = ""] = kind === "sentinel" ? (parts["rest"] ?? "").split("/") : ["", parts["rest"] ?? ""];
  if (kind === "server" && nodes.length > 1) throw redisUrlMalformed(withoutPassword(url), "it names several hosts");
  if (kind === "sentinel" && master === "")
    throw redisUrlMalformed(withoutPassword(url), "it does not end in /master-name");
  if (!/^\d{0,4}$/.test(db)) throw redisUrlMalformed(withoutPassword(url), `"${db}" is not the number of a database`);
  return {
    kind,
    nodes,
    tls: parts["tls"] === "rediss",
    db: Number(db),
    ...(kind === "sentinel" ? { master } : {}),
    ...login(url, parts),
  };
}

/** The same place, for another user. */
export const withLogin = (url: string, username: string, password: string): string =>
  url.replace(/:\/\/(?:[^/@]*@)?/, `://${encodeURIComponent(username)}:${encodeURIComponent(password)}@`);

/** The address as it may be shown: without user and password. */
export const formatRedisAddress = ({ kind, nodes, path, master }: RedisAddress): string => {
  if (kind === "socket") return path ?? "";
  const hosts = nodes.map(({ host, port }) => `${host}:${port}`).join(",");
  return { server: hosts, cluster: `${hosts} (Cluster)`, sentinel: `${master} (Sentinel ${hosts})` }[kind];
};

function node(url: string, text: string, kind: RedisAddress["kind"]): { host: string; port: number } {
  const parts = hostSyntax.exec(text)?.groups;
  const port = Number(parts?.["port"] ?? (kind === "sentinel" ? 26379 : 6379));
  if (!parts || port < 1 || port > 65535) throw redisUrlMalformed(withoutPassword(url), `"${text}" is not host:port`);
  return { host: (parts["host"] ?? "").replace(/^\[|\]$/g, ""), port };
}

function login(
  url: string,
  parts: Readonly<Record<string, string | undefined>>,
): { username?: string; password?: string } {
  const username = decoded(url, parts["username"]);
  const password = decoded(url, parts["password"]);
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

function decoded(url: string, text = ""): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw redisUrlMalformed(withoutPassword(url), "a % in it is not followed by two hexadecimal digits");
  }
}

const withoutPassword = (url: string): string => url.replace(/:\/\/[^/]*@/, "://…@");
