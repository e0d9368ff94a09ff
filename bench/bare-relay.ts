import { EventEmitter } from "node:events";
import type SMTPConnection from "nodemailer/lib/smtp-connection";
import { SMTPServer } from "smtp-server";
import { SMTPConnection as ServerConnection } from "smtp-server/lib/smtp-connection";
import { type Hop, type KeyAndCertificate, openClient } from "./two-hop.ts";

/**
 * The yardstick: two smtp-server relays joined by nodemailer's SMTPConnection, in one process, with TLS on both hops,
 * PIPELINING on, a queue in memory and no logs. smtp-server without its 100 ms greeting delay.
 */
export async function startBareRelay(identity: KeyAndCertificate, connectionsPerHop: number): Promise<Hop> {
  const arrivals = new EventEmitter();
  const sink = await startServer(identity, () => arrivals.emit("message"));
  const pool = await Promise.all(Array.from({ length: connectionsPerHop }, () => openClient(sink.port)));
  const queue: { from: string; to: string; content: Buffer }[] = [];
  const idle = [...pool];

  const pump = (): void => {
    while (idle.length > 0 && queue.length > 0) {
      const client = idle.pop() as SMTPConnection;
      const { from, to, content } = queue.shift() as (typeof queue)[number];
      client.send({ from, to, size: content.length }, content, (failure) => {
        if (failure) throw failure;
        idle.push(client);
        pump();
      });
    }
  };
  const front = await startServer(identity, (from, to, content) => {
    queue.push({ from, to, content });
    pump();
  });
  return {
    port: front.port,
    host: "127.0.0.1",
    onDelivered: (listener) => void arrivals.on("message", listener),
    recipient: "bob@bench.example",
    deliveredCount: async () => undefined,
    async close() {
      for (const client of pool) client.close();
      await Promise.all([front.close(), sink.close()]);
    },
  };
}

async function startServer(
  { key, cert }: KeyAndCertificate,
  onMessage: (from: string, to: string, content: Buffer) => void,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = new PromptServer({
    key,
    cert,
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: ["AUTH"],
    logger: false,
    closeTimeout: 100,
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        onMessage(mailFrom ? mailFrom.address : "", rcptTo[0]?.address ?? "", Buffer.concat(chunks));
        callback(null, "queued");
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { port: address.port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** smtp-server, greeting at once. */
class PromptServer extends SMTPServer {
  override connect(socket: Parameters<SMTPServer["connect"]>[0], options?: Parameters<SMTPServer["connect"]>[1]): void {
    const connection = new PromptConnection(this, socket, options ?? null);
    this.connections.add(connection);
    connection.on("error", () => {});
    connection.on("connect", (data) => this._onClientConnect(data));
    connection.init();
  }
}

class PromptConnection extends ServerConnection {
  override init(): void {
    this._setListeners(() => this.connectionReady());
  }
}
