import { once } from "node:events";
import { connect, type Socket } from "node:net";
import {
  connect as connectTls,
  type ConnectionOptions,
  type SecureContext,
  type TlsOptions,
  TLSSocket,
} from "node:tls";
import { expect } from "chai";
import { SMTPServer } from "smtp-server";
import { SMTPConnection } from "smtp-server/lib/smtp-connection.js";
import { SMTPStream } from "smtp-server/lib/smtp-stream.js";
import { makeCertificate } from "../certificates/make.ts";
import { makePresentations } from "./fake-server.ts";

/*
 * One test for each member of smtp-server that src/transport/receive/listener.ts uses and its documentation does not
 * name. A release that moves one fails here first, and by name.
 */

/** What listener.ts makes of the library, and nothing more. */
class Door extends SMTPServer {
  accepted: Connection[] = [];

  override updateSecureContext(): void {
    this.secureContext = new Map();
  }

  override connect(socket: Socket): void {
    const connection = new Connection(this, socket, { id: "-" });
    this.accepted.push(connection);
    this.connections.add(connection);
    connection._setListeners(() => connection.calls.push("ready"));
    this.emit("accepted");
  }
}

class Connection extends SMTPConnection {
  calls: string[] = [];
  octets: string[] = [];
  armed: Socket[] = [];

  override _createParser(): SMTPStream {
    return new Stream((chunk) => {
      this.octets.push(chunk.toString("latin1"));
      this.emit("octets");
    });
  }
  override _armTimeout(socket: Socket = this._socket): void {
    this.armed.push(socket);
    socket.setTimeout(30, () => this._onTimeout());
  }
  override _onTimeout(): void {
    this.calls.push("timeout");
    this.emit("called");
  }
  override _onError(error: Error): void {
    this.calls.push(`error ${error.message}`);
    this.emit("called");
  }
  override _onClose(): void {
    super._onClose();
    this.calls.push("closed");
    this.emit("called");
  }
}

class Stream extends SMTPStream {
  readonly #take: (chunk: Buffer) => void;
  constructor(take: (chunk: Buffer) => void) {
    super();
    this.#take = take;
  }
  override _write(chunk: Buffer, _encoding: BufferEncoding | "buffer", next: () => void): void {
    if (!this.isClosed) this.#take(chunk);
    next();
  }
}

describe("smtp-server keeps to what we use of it", () => {
  let door: Door;
  let client: Socket;
  let connection: Connection;
  let secureContext: SecureContext;

  before(async () => {
    secureContext = (await makePresentations()).internal.secureContext;
  });
  beforeEach(async () => {
    door = new Door({ name: "door", logger: false });
    await new Promise<void>((resolve) => void door.listen({ host: "127.0.0.1", port: 0 }, () => resolve()));
    const address = door.server.address();
    const accepted = once(door, "accepted");
    client = connect({ host: "127.0.0.1", port: typeof address === "object" && address ? address.port : 0 });
    client.on("error", () => {});
    await accepted;
    connection = door.accepted[0] as Connection;
  });
  afterEach(async () => {
    client.destroy();
    connection._socket.destroy();
    await new Promise<void>((resolve) => void door.server.close(() => resolve()));
  });

  const called = async (what: string): Promise<void> => {
    while (!connection.calls.includes(what)) await once(connection, "called");
  };

  async function upgrade(asked: TlsOptions = {}, own: ConnectionOptions = {}): Promise<TLSSocket> {
    const real = connection._server;
    const contexts = new Map([["*", secureContext]]);
    connection._server = Object.create(real, {
      secureContext: { value: contexts },
      options: { value: { ...real.options, ...asked } },
    }) as SMTPServer;
    const secured = new Promise<void>((resolve) =>
      connection.upgrade(
        () => {},
        () => resolve(),
      ),
    );
    connection._server = real;
    const socket = connectTls({ ...own, socket: client, rejectUnauthorized: false });
    socket.on("error", () => {});
    await Promise.all([secured, once(socket, "secureConnect")]);
    return socket;
  }

  it("SMTPServer.updateSecureContext makes the contexts, so that overriding it makes none", () => {
    expect([...door.secureContext]).to.deep.equal([]);
  });

  it("SMTPServer.server is the listening net.Server", () => {
    expect(door.server.listening).to.equal(true);
  });

  it("SMTPServer.connect is called with every socket that is accepted", () => {
    expect(door.accepted).to.have.length(1);
    expect(connection._socket.remotePort).to.equal(client.localPort);
  });

  it("SMTPServer.connections holds a connection until it closes", async () => {
    expect(door.connections.has(connection)).to.equal(true);
    client.destroy();
    await called("closed");
    expect(door.connections.has(connection)).to.equal(false);
  });

  it("SMTPServer.secureContext and SMTPConnection._server give upgrade its certificate, at once", async () => {
    expect((await upgrade()).getPeerCertificate().subject.CN).to.equal("Ex2007EE");
  });

  it("SMTPServer.options and SMTPConnection._server let upgrade ask the client for a certificate, and judge none", async () => {
    const { pem, keyPair, certificate } = await makeCertificate({ commonName: "client" });
    await upgrade({ requestCert: true, rejectUnauthorized: false }, { cert: pem, key: keyPair.privateKeyPem });
    const received = (connection._socket as TLSSocket).getPeerX509Certificate();
    expect(received?.raw.equals(certificate.der)).to.equal(true);
  });

  it("SMTPServer.options with requestCert lets a client in that has no certificate", async () => {
    await upgrade({ requestCert: true, rejectUnauthorized: false });
    expect((connection._socket as TLSSocket).getPeerX509Certificate()).to.equal(undefined);
  });

  it("SMTPServer.options without requestCert ask no client for a certificate", async () => {
    const { pem, keyPair } = await makeCertificate({ commonName: "client" });
    await upgrade({ requestCert: false, rejectUnauthorized: false }, { cert: pem, key: keyPair.privateKeyPem });
    expect((connection._socket as TLSSocket).getPeerX509Certificate()).to.equal(undefined);
  });

  it("SMTPConnection._setListeners pipes the socket into the parser and calls back at once", async () => {
    expect(connection.calls).to.deep.equal(["ready"]);
    client.write("NOOP\r\n");
    await once(connection, "octets");
    expect(connection.octets).to.deep.equal(["NOOP\r\n"]);
  });

  it("SMTPConnection._createParser makes every parser: a new one for the TLS session", async () => {
    const before = connection._parser;
    const socket = await upgrade();
    expect(connection._parser).to.be.instanceOf(Stream).and.not.equal(before);
    socket.write("EHLO\r\n");
    await once(connection, "octets");
    expect(connection.octets).to.deep.equal(["EHLO\r\n"]);
  });

  it("SMTPStream._write gets every octet, and SMTPStream.isClosed is set on a parser that is retired", async () => {
    const before = connection._parser;
    await upgrade();
    expect(before).to.have.property("isClosed", true);
    expect(connection._parser).to.have.property("isClosed", false);
  });

  it("SMTPConnection._socket is the TLS socket once upgrade has called back, and _upgrading false again", async () => {
    expect(connection._socket).not.to.be.instanceOf(TLSSocket);
    const done = upgrade();
    expect(connection._upgrading).to.equal(true);
    await done;
    expect(connection._upgrading).to.equal(false);
    expect(connection._socket).to.be.instanceOf(TLSSocket);
  });

  it("SMTPConnection._armTimeout is asked for every socket, the TLS socket before its handshake", async () => {
    expect(connection.armed).to.deep.equal([connection._socket]);
    await upgrade();
    expect(connection.armed).to.have.length(2);
    expect(connection.armed[1]).to.equal(connection._socket);
  });

  it("SMTPConnection._onTimeout is ours to override", async () => {
    await called("timeout");
  });

  it("SMTPConnection._onError gets a broken socket's error", async () => {
    connection._socket.destroy(new Error("broken"));
    await called("error broken");
  });

  it("SMTPConnection._onError gets a failed handshake's error", async () => {
    connection.upgrade(
      () => {},
      () => {},
    );
    client.write("this is no handshake\r\n");
    await once(connection, "called");
    expect(connection.calls.join()).to.contain("error");
  });

  it("SMTPConnection._onClose is called when the socket has closed", async () => {
    client.destroy();
    await called("closed");
  });

  it("SMTPConnection.close ends the socket after what was written, and sets _closing", async () => {
    connection._socket.write("bye\r\n");
    connection.close();
    expect(connection._closing).to.equal(true);
    const received: Buffer[] = [];
    client.on("data", (chunk: Buffer) => received.push(chunk));
    await once(client, "end");
    expect(Buffer.concat(received).toString()).to.equal("bye\r\n");
  });

  it("SMTPConnection._whenWritable calls back at once while the socket takes more, and later when it does not", async () => {
    let calls = 0;
    connection._whenWritable(() => calls++);
    expect(calls).to.equal(1);
    connection._socket.cork();
    connection._socket.write(Buffer.alloc(1024 ** 2));
    connection._whenWritable(() => calls++);
    expect(calls).to.equal(1);
    client.resume();
    connection._socket.uncork();
    await once(connection._socket, "drain");
    expect(calls).to.equal(2);
  });
});
