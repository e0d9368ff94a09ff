import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { connect as connectTls, createSecureContext, TLSSocket } from "node:tls";
import type { Endpoint } from "../../src/smtp/index.ts";

/** Octets that passed, in the order in which they came. */
export interface Passed {
  from: "client" | "server";
  octets: Buffer;
}

/** Somebody between two SMTP servers, who writes down every octet. */
export interface RecordingProxy {
  readonly endpoint: Endpoint;
  /** One list per connection. */
  readonly connections: readonly Passed[][];
  /** All that came from one side or from both, as Latin-1 text. */
  heard(from?: Passed["from"]): string;
  close(): Promise<void>;
}

/** What a proxy makes of what passes; each is given whole writes, which SMTP's lock-step makes whole lines. */
export interface Tampering {
  /** Another text for what the server says. */
  replace?: (text: string) => string;
  /** A reply of the proxy's own to what the client says, which then does not reach the server. */
  answer?: (text: string) => string | undefined;
}

/** Passes everything on between clients at `at` and the server at `target`, and writes it down. */
export function startRecordingProxy(
  at: Endpoint,
  target: Endpoint,
  tampering: Tampering = {},
): Promise<RecordingProxy> {
  const { replace = (text) => text, answer = () => undefined } = tampering;
  return listen(at, (client, record) => {
    const server = connect({ host: target.address, port: target.port });
    join(client, server);
    client.on("data", (octets) => {
      record("client", octets);
      const own = answer(octets.toString("latin1"));
      if (own === undefined) server.write(octets);
      else client.write(own);
    });
    server.on("data", (octets) => {
      record("server", octets);
      client.write(Buffer.from(replace(octets.toString("latin1")), "latin1"));
    });
    return [server];
  });
}

/**
 * A man in the middle: passes everything on, but does each STARTTLS handshake himself, on both sides, with the client
 * under a certificate of his own. What he writes down is what he could read.
 */
export function startManInTheMiddle(
  at: Endpoint,
  target: Endpoint,
  identity: { key: string; cert: string },
): Promise<RecordingProxy> {
  const secureContext = createSecureContext(identity);
  return listen(at, (client, record) => {
    const server = connect({ host: target.address, port: target.port });
    join(client, server);
    const pass = (from: Socket, to: Socket, side: Passed["from"]): void => {
      from.on("data", (octets) => {
        record(side, octets);
        to.write(octets);
      });
    };
    pass(client, server, "client");
    server.on("data", (octets: Buffer) => {
      record("server", octets);
      if (!octets.toString("latin1").startsWith("220 2.0.0")) return void client.write(octets);
      for (const socket of [client, server]) socket.removeAllListeners("data");
      const toServer = connectTls({ socket: server, rejectUnauthorized: false });
      const toClient = new TLSSocket(client, { isServer: true, secureContext });
      join(toClient, toServer);
      pass(toClient, toServer, "client");
      pass(toServer, toClient, "server");
      client.write(octets);
    });
    return [server];
  });
}

/** Whoever of two goes away takes the other along. */
function join(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on("end", () => to.end());
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
  }
}

/** @param serve takes one client, and returns what it opened for it */
async function listen(
  at: Endpoint,
  serve: (client: Socket, record: (from: Passed["from"], octets: Buffer) => void) => Socket[],
): Promise<RecordingProxy> {
  const connections: Passed[][] = [];
  const open = new Set<Socket>();
  const server: Server = createServer((client) => {
    const passed: Passed[] = [];
    connections.push(passed);
    const sockets = [client, ...serve(client, (from, octets) => void passed.push({ from, octets }))];
    for (const socket of sockets) open.add(socket.once("close", () => open.delete(socket)));
  });
  server.listen({ host: at.address, port: at.port });
  await once(server, "listening");
  const bound = server.address();
  return {
    endpoint: typeof bound === "object" && bound ? { address: bound.address, port: bound.port } : at,
    connections,
    heard: (from) =>
      connections
        .flat()
        .filter((passed) => from === undefined || passed.from === from)
        .map(({ octets }) => octets.toString("latin1"))
        .join(""),
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
