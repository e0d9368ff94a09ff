import { Agent, createServer as createHttpServer, type IncomingMessage, request as httpRequest } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls, type SecureContext, TLSSocket } from "node:tls";
import { connectionLost, httpsUnreachable } from "./errors-of-connections.ts";

/** One request as the server sees it. */
export interface HttpsRequest {
  path: string;
  body: Buffer;
  /** The certificate that the client presented, DER; nobody has judged it. */
  peerCertificate: Buffer | undefined;
  /** The same object for all requests of one TLS connection. */
  connection: object;
  remote: { address: string; port: number };
}

export interface HttpsReply {
  status: number;
  body: string;
}

export interface HttpsServer {
  /** Where it really listens. */
  readonly endpoint: { address: string; port: number };
  /** Cuts every connection there is, and takes new ones. */
  cut(): void;
  /** Cuts every connection and frees the port. */
  close(): Promise<void>;
}

interface HttpsServerOptions {
  address: string;
  /** 0 takes any free port. */
  port: number;
  /** What a connection that is about to begin is shown; undefined hangs up. Asked anew each time. */
  secureContext: () => SecureContext | undefined;
  /** Bytes that a request's body may have. Asked before any of it is read; who sends more gets 413 and is cut off. */
  longestBody(request: Pick<HttpsRequest, "path" | "connection">): number;
  /** A rejection becomes 500, and is a bug. */
  handle(request: HttpsRequest): Promise<HttpsReply>;
}

/** Bytes that an answer may have. */
const longestAnswer = 32 * 1024 ** 2;

/**
 * Listens for HTTPS. Every client is asked for a certificate and let in with any or none: judging is the handler's
 * affair. Rejects with the system's error where it cannot listen.
 */
export async function startHttpsServer(options: HttpsServerOptions): Promise<HttpsServer> {
  const open = new Set<Socket>();
  const http = createHttpServer({ keepAlive: true, keepAliveTimeout: 0 }, (message, response) => {
    void answer(message, options).then(({ status, body }) => {
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      response.writeHead(status, status === 413 ? { ...headers, connection: "close" } : headers);
      response.end(body);
    });
  });
  const server = createServer((plain) => {
    open.add(plain.once("close", () => open.delete(plain)));
    plain.on("error", () => {}); // it may break off at any time
    const secureContext = options.secureContext();
    if (!secureContext) return void plain.destroy();
    const secured = new TLSSocket(plain, {
      isServer: true,
      secureContext,
      requestCert: true,
      rejectUnauthorized: false,
    });
    secured.on("error", () => plain.destroy());
    secured.once("secure", () => http.emit("connection", secured));
  });
  await listening(server, options);
  const bound = server.address();
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    cut,
    endpoint: typeof bound === "object" && bound ? { address: bound.address, port: bound.port } : options,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cut();
      http.close();
      await closed;
    },
  };
}

const listening = (server: Server, { address, port }: { address: string; port: number }): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: address, port }, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });

async function answer(message: IncomingMessage, { handle, longestBody }: HttpsServerOptions): Promise<HttpsReply> {
  const connection = message.socket as TLSSocket;
  const path = message.url ?? "/";
  try {
    const body = await readBody(message, longestBody({ path, connection }));
    if (!body) return { status: 413, body: "{}" };
    return await handle({
      path,
      body,
      peerCertificate: connection.getPeerX509Certificate()?.raw,
      connection,
      remote: { address: connection.remoteAddress ?? "", port: connection.remotePort ?? 0 },
    });
  } catch {
    return { status: 500, body: "{}" };
  }
}

/** Undefined when it is longer than that; the rest is left unread. */
async function readBody(message: IncomingMessage, longest: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longest) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

interface HttpsConnectionOptions {
  address: string;
  port: number;
  /** Undefined: the system chooses. */
  localAddress?: string | undefined;
  /** The server's name, for SNI and the Host header. */
  name: string;
  /** What this side is made of, with its certificate where it presents one. */
  secureContext: SecureContext;
  /** Real time that connecting, and each answer, may take. Default 20 s. */
  patienceMs?: number;
}

/** One TLS connection over which requests go, one after the other. It is never replaced by another one in silence. */
export interface HttpsConnection {
  /** The certificate that the server presented, DER. Judge it before the first `post`: until then nothing was said. */
  readonly peerCertificate: Buffer | undefined;
  readonly alive: boolean;
  /** Rejects HTTPS_CONNECTION_LOST; then the request may have been carried out. */
  post(path: string, body: string): Promise<HttpsReply>;
  close(): void;
}

/** Connects and does the handshake; nothing else is sent. Rejects HTTPS_UNREACHABLE. */
export async function connectHttps(options: HttpsConnectionOptions): Promise<HttpsConnection> {
  const { address, port, localAddress, name, secureContext, patienceMs = 20_000 } = options;
  const where = `${name} (${address}:${port})`;
  const socket = connectTls({
    host: address,
    port,
    servername: name,
    secureContext,
    rejectUnauthorized: false, // our own judge follows
    ...(localAddress === undefined ? {} : { localAddress }),
  });
  await secured(socket, patienceMs).catch((failure: unknown) => {
    socket.destroy();
    throw httpsUnreachable(where, failure);
  });
  socket.on("error", () => {}); // whoever waits for an answer hears of it
  const agent = new OneSocketAgent(socket);
  const isAlive = (): boolean => !socket.destroyed && !socket.readableEnded;
  return {
    peerCertificate: socket.getPeerX509Certificate()?.raw,
    get alive() {
      return isAlive();
    },
    async post(path, body) {
      if (!isAlive()) throw connectionLost(where, new Error("it is closed"));
      return send({ agent, socket, path, body, name, patienceMs }).catch((failure: unknown) => {
        socket.destroy();
        throw connectionLost(where, failure);
      });
    },
    close: () => void socket.destroy(),
  };
}

const secured = (socket: TLSSocket, patienceMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.setTimeout(patienceMs, () => reject(new Error(`no handshake within ${patienceMs / 1000} s`)));
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("it hung up")));
    socket.once("secureConnect", () => {
      socket.setTimeout(0);
      resolve();
    });
  });

/** Hands out the one socket that was judged, and never makes another. */
class OneSocketAgent extends Agent {
  readonly #socket: TLSSocket;

  constructor(socket: TLSSocket) {
    super({ keepAlive: true, maxSockets: 1 });
    this.#socket = socket;
  }

  override createConnection(): Duplex {
    return this.#socket;
  }
}

interface Sending {
  agent: Agent;
  socket: TLSSocket;
  path: string;
  body: string;
  name: string;
  patienceMs: number;
}

function send({ agent, socket, path, body, name, patienceMs }: Sending): Promise<HttpsReply> {
  return new Promise((resolve, reject) => {
    const headers = { host: name, "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sending = httpRequest({ agent, path, method: "POST", headers }, (response) => {
      readBody(response, longestAnswer).then((text) => {
        if (response.headers.connection === "close") socket.destroy();
        resolve({ status: response.statusCode ?? 0, body: (text ?? Buffer.alloc(0)).toString("utf8") });
      }, reject);
    });
    // A request that is given a socket which has just gone is told nothing.
    const gone = (): void => void sending.destroy(new Error("it hung up"));
    socket.once("close", gone);
    sending.once("close", () => socket.off("close", gone));
    sending.setTimeout(patienceMs, () => sending.destroy(new Error(`no answer within ${patienceMs / 1000} s`)));
    sending.once("error", reject);
    sending.end(body);
  });
}
