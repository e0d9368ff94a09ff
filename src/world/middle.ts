import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { Endpoint } from "../smtp/index.ts";

/** Octets that passed, in the order in which they came. */
export interface Passed {
  from: "client" | "server";
  octets: Buffer;
}

/** Somebody between clients and a server, at an endpoint of its own, who keeps all that it could read. */
export interface Middle {
  readonly endpoint: Endpoint;
  /** One list per connection. */
  readonly connections: readonly (readonly Passed[])[];
  /** All that came from one side or from both, connection by connection, as Latin-1 text. */
  heard(from?: Passed["from"]): string;
  /** Ends every connection that goes through. */
  cut(): void;
  close(): Promise<void>;
}

/** One connection that has been taken: its two ends, of which nothing has been read yet. */
export interface Intercepted {
  client: Socket;
  server: Socket;
  /** Keeps what could be read. */
  record(from: Passed["from"], octets: Buffer): void;
}

/** What is done with a connection; without anything else, nothing passes. */
export type Attack = (intercepted: Intercepted) => void;

/**
 * Stands at `at` before a server. Rejects with the system's error where it cannot listen.
 *
 * @param at port 0 takes any free port
 * @param target where the server is now, asked for at each connection; undefined: nobody is there
 */
export async function startMiddle(at: Endpoint, target: () => Endpoint | undefined, attack: Attack): Promise<Middle> {
  const connections: Passed[][] = [];
  const open = new Set<Socket>();
  const listener = createServer({ noDelay: true }, (client) => {
    client.on("error", () => {});
    const place = target();
    if (!place) return void client.destroy();
    const passed: Passed[] = [];
    connections.push(passed);
    const server = connect({ host: place.address, port: place.port, noDelay: true, ...sourceOf(at, place) });
    for (const socket of [client, server]) open.add(socket.once("close", () => open.delete(socket)));
    tie(client, server);
    attack({ client, server, record: (from, octets) => void passed.push({ from, octets }) });
  });
  listener.listen({ host: at.address, port: at.port });
  await once(listener, "listening");
  const bound = listener.address();
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    endpoint: typeof bound === "object" && bound ? { address: bound.address, port: bound.port } : at,
    connections,
    heard: (from) =>
      connections
        .flat()
        .filter((passed) => from === undefined || passed.from === from)
        .map(({ octets }) => octets.toString("latin1"))
        .join(""),
    cut,
    async close() {
      const closed = once(listener, "close");
      listener.close();
      cut();
      await closed;
    },
  };
}

/** It comes from its own address, so that logs tell it from others; what is not on the loopback cannot be reached so. */
const sourceOf = (at: Endpoint, target: Endpoint): { localAddress?: string } =>
  [at, target].every(({ address }) => address.startsWith("127.")) ? { localAddress: at.address } : {};

/** Whoever of two goes away takes the other along. */
export function tie(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on("end", () => to.end());
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
  }
}

/** Hands on what comes from one side as it is, and keeps it. */
export function passOn(from: Socket, to: Socket, keep: (octets: Buffer) => void): void {
  from.on("data", (octets: Buffer) => {
    keep(octets);
    to.write(octets);
  });
}
