import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { SMTPServer } from "smtp-server";
import { SMTPConnection } from "smtp-server/lib/smtp-connection.js";
import { SMTPStream } from "smtp-server/lib/smtp-stream.js";
import type { ReceiveConnector } from "../../directory/index.ts";
import { type Endpoint, formatReply } from "../../smtp/index.ts";
import type { Ending } from "../mail-item.ts";
import { type PassedLimit, passedLimit } from "./connection-limits.ts";
import { matchConnector } from "./connector-match.ts";
import { cannotListen } from "./errors.ts";
import type { ReceiveServer } from "./receive-server.ts";
import { replies } from "./replies.ts";
import type { StartingTls } from "./secure.ts";
import { ReceiveSession } from "./session.ts";
import type { Wire } from "./wire.ts";

/*
 * The only door to smtp-server. What is taken from it: the listening server, the socket's listeners and time-out, the
 * change to TLS, and the half-close. What a client says never reaches its command parser: `ReceiveStream._write`
 * hands every octet to the session. docs/adr/0005-smtp-server-subclass.md
 *
 * Members used that its documentation does not name; test/unit/receive/smtp-server-contract.test.ts holds each:
 *   SMTPServer      connect, connections, options, secureContext, server, updateSecureContext
 *   SMTPConnection  _armTimeout, _closing, _createParser, _onClose, _onError, _onTimeout, _server, _setListeners,
 *                   _socket, _upgrading, _whenWritable, close, upgrade
 *   SMTPStream      _write, isClosed
 */

/** One open binding. */
export interface Listener {
  /** Where it really listens. */
  readonly endpoint: Endpoint;
  /** Ends every session, with a reply or without a word, and resolves once the port is free. */
  close(how?: Ending): Promise<void>;
}

/**
 * Opens one binding. Which connector serves a connection is decided when it comes, by its remote address.
 *
 * @param at port 0 takes any free port; connectors may name either this endpoint or the one that came of it
 * @throws RECEIVE_CANNOT_LISTEN
 */
export function startListener(server: ReceiveServer, at: Endpoint): Promise<Listener> {
  const door = new ReceiveDoor(server, at);
  return new Promise((resolve, reject) => {
    door.on("error", (error: Error) => reject(cannotListen(at, error)));
    door.listen({ host: at.address, port: at.port }, () =>
      resolve({ endpoint: door.endpoint, close: (how) => door.shut(how) }),
    );
  });
}

class ReceiveDoor extends SMTPServer {
  readonly #receiveServer: ReceiveServer;
  readonly #at: Endpoint;
  readonly #open = new Set<ReceiveConnection>();

  constructor(server: ReceiveServer, at: Endpoint) {
    super({ name: server.fqdn, logger: false });
    this.#receiveServer = server;
    this.#at = at;
  }

  get endpoint(): Endpoint {
    const address = this.server.address();
    return typeof address === "object" && address !== null
      ? { address: address.address, port: address.port }
      : this.#at;
  }

  /** The library would make a certificate and a context for every server; ours come with the session. */
  override updateSecureContext(): void {
    this.secureContext = new Map();
  }

  override connect(socket: Socket): void {
    const ends = endsOf(socket);
    const bindings = [this.#at, this.endpoint];
    const connector = ends && matchConnector(this.#receiveServer.connectors(), bindings, ends.remote.address);
    if (connector) this.#serve(socket, ends, connector);
    else turnAway(socket);
  }

  /** Tells every client and lets what is being taken be taken, unless the power is cut; frees the port. */
  async shut(how: Ending = "in-order"): Promise<void> {
    const closed = new Promise<void>((resolve) => void this.server.close(() => resolve()));
    for (const connection of this.#open)
      if (how === "power-cut") connection.cut();
      else connection.shut();
    await closed;
  }

  #serve(socket: Socket, ends: Ends, connector: ReceiveConnector): void {
    const limit = passedLimit(connector, this.#count(connector, ends.remote.address));
    const leave = (): void => void this.#open.delete(connection);
    const session = (wire: Wire): ReceiveSession => new ReceiveSession(this.#receiveServer, connector, wire);
    const connection = new ReceiveConnection(this, socket, ends, leave, session);
    this.#open.add(connection);
    connection.begin(limit);
  }

  /** Ours: counted per binding, not over all bindings of a connector. */
  #count({ name }: ReceiveConnector, address: string): { total: number; fromSource: number } {
    const count = { total: 0, fromSource: 0 };
    for (const { receive, remote } of this.#open) {
      if (receive.ended || receive.connector.name !== name) continue;
      count.total++;
      if (remote.address === address) count.fromSource++;
    }
    return count;
  }
}

class ReceiveConnection extends SMTPConnection implements Wire {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly receive: ReceiveSession;
  readonly #leave: () => void;
  #shutting = false;
  /** The TLS socket from the moment that its handshake begins. */
  #tls: TLSSocket | undefined;

  constructor(
    door: ReceiveDoor,
    socket: Socket,
    ends: Ends,
    leave: () => void,
    session: (wire: Wire) => ReceiveSession,
  ) {
    super(door, socket, { id: "-" }); // the library's own id is random, costs time, and is shown nowhere
    this.local = ends.local;
    this.remote = ends.remote;
    this.#leave = leave;
    this.receive = session(this);
  }

  begin(limit: PassedLimit | undefined): void {
    this._server.connections.add(this);
    this._setListeners(() => this.receive.open(limit));
  }

  shut(): void {
    this.#shutting = true;
    this.receive.stop(replies.notAvailable, "the server is stopping");
    if (this._closing) this.#destroyOnceFlushed();
  }

  cut(): void {
    (this.#tls ?? this._socket).destroy();
  }

  write(text: string): void {
    // During a handshake the socket is still the plain one: nothing may be written into the middle of it.
    if (!this._upgrading && this._socket.writable) this._socket.write(text);
  }

  whenWritable(next: () => void): void {
    this._whenWritable(next);
  }

  /**
   * `upgrade` reads the certificate's context and the options from its server, at once: for that moment it sees one made
   * for it. What the client presents is not judged in the handshake, which would use this host's clock.
   */
  startTls({ presentation, asksForCertificate }: StartingTls): void {
    const door = this._server;
    const contexts = new Map([["*", presentation.secureContext]]);
    const options = { ...door.options, requestCert: asksForCertificate, rejectUnauthorized: false };
    this._server = Object.create(door, {
      secureContext: { value: contexts },
      options: { value: options },
    }) as typeof door;
    try {
      this.upgrade(
        () => {},
        () => this.#secured(),
      );
    } finally {
      this._server = door;
    }
  }

  override close(): void {
    if (this._upgrading) this.#tls?.destroy();
    super.close();
    if (this.#shutting) this.#destroyOnceFlushed();
  }

  /** Called by the library's constructor too, before there is a session; octets come only after `begin`. */
  override _createParser(): SMTPStream {
    return new ReceiveStream((chunk, next) => this.receive.feed(chunk, next));
  }

  override _armTimeout(socket: Socket = this._socket): void {
    if (socket instanceof TLSSocket) this.#tls = socket;
    socket.setTimeout(this.receive.connector.connectionInactivityTimeoutMs, () => this._onTimeout());
  }

  override _onTimeout(): void {
    if (this._closing) this._socket.destroy();
    else if (this.receive.working) this._armTimeout();
    else this.receive.timedOut();
  }

  override _onError(error: Error): void {
    this.receive.failed(error);
    this.close();
  }

  override _onClose(): void {
    super._onClose();
    this.receive.closed();
    this.#leave();
  }

  /** A server that stops does not wait for its clients to close their side. */
  #destroyOnceFlushed(): void {
    if (this._socket.writableFinished) this._socket.destroy();
    else this._socket.once("finish", () => this._socket.destroy());
  }

  #secured(): void {
    if (!(this._socket instanceof TLSSocket)) return;
    this._socket.on("error", () => {}); // the library listens for the first error only
    this.receive.secured(this._socket);
  }
}

/** Hands what comes from the client to its session, and nothing once the library has retired it. */
class ReceiveStream extends SMTPStream {
  readonly #take: (chunk: Buffer, next: () => void) => void;

  constructor(take: (chunk: Buffer, next: () => void) => void) {
    super();
    this.#take = take;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding | "buffer", next: (error?: Error | null) => void): void {
    if (this.isClosed) next();
    else this.#take(chunk, () => next());
  }
}

/** The two ends of a connection. */
interface Ends {
  local: Endpoint;
  remote: Endpoint;
}

/** Undefined when the connection is gone before we could ask. */
function endsOf(socket: Socket): Ends | undefined {
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  if (localAddress === undefined || localPort === undefined || remoteAddress === undefined || remotePort === undefined)
    return undefined;
  const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");
  return {
    local: { address: plain(localAddress), port: localPort },
    remote: { address: plain(remoteAddress), port: remotePort },
  };
}

/** No connector serves this client. */
function turnAway(socket: Socket): void {
  socket.on("error", () => {}); // it may be gone already
  socket.end(`${formatReply(replies.notAvailable)}\r\n`, () => socket.destroy());
}
