import { expect } from "chai";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { createSecureContext } from "node:tls";
import { connectTo } from "../../../src/transport/send/connection.ts";
import { makeCertificate } from "../certificates/make.ts";
import { type FakeServer, fakeServers } from "./fake-server.ts";

/**
 * What src/transport/send/connection.ts takes for granted of nodemailer beyond its documented face. A new version that
 * moves one of these fails here, by name, and not as mail that stays away.
 */
describe("nodemailer's SMTPConnection", () => {
  const { start, stop } = fakeServers();
  after(stop);

  /** The class as `Wire` sees it. */
  class Bare extends SMTPConnection {
    declare _responseActions: ((reply: string) => void)[];
    declare _clearPhase: () => void;
    declare _upgradeConnection: (done: (failure: Error | null) => void) => void;
    greeted: (banner: string) => void = () => {};

    _actionGreeting(banner: string): void {
      this._clearPhase();
      this.greeted(banner);
    }
  }

  async function greeted(
    server: FakeServer,
    options: Partial<ConstructorParameters<typeof SMTPConnection>[0]> = {},
  ): Promise<Bare> {
    const { address: host, port } = server.endpoint;
    const connection = new Bare({ host, port, tls: { rejectUnauthorized: false }, ...options });
    await new Promise<void>((resolve, reject) => {
      connection.once("error", reject);
      connection.greeted = () => resolve();
      connection.connect();
    });
    return connection;
  }
  const say = (connection: Bare, line: string): Promise<string> =>
    new Promise((resolve) => {
      connection._responseActions.push(resolve);
      if (connection._socket) connection._socket.write(`${line}\r\n`);
    });

  it("has the members that its types leave out", () => {
    const connection = new Bare({});
    expect(connection._responseActions).to.be.an("array");
    expect(connection._clearPhase).to.be.a("function");
    expect(connection._upgradeConnection).to.be.a("function");
    expect(SMTPConnection.prototype).to.have.property("_actionGreeting").that.is.a("function");
  });

  it("has a socket as soon as connect() returns, for an IP address", async () => {
    const server = await start();
    const connection = new Bare({ host: server.endpoint.address, port: server.endpoint.port });
    connection.connect();
    expect(connection._socket).to.have.property("connecting", true);
    connection.close();
  });

  it("hands the greeting to _actionGreeting, and says nothing by itself", async () => {
    const server = await start();
    const connection = await greeted(server);
    expect(await say(connection, "NOOP")).to.equal("500 5.3.3 Unrecognized command");
    expect(server.sessions[0]?.lines).to.deep.equal(["NOOP"]);
    connection.close();
  });

  it("stops waiting for the greeting at _clearPhase", async () => {
    const server = await start({ answer: () => undefined });
    const connection = await greeted(server, { greetingTimeout: 400 });
    const failed = new Promise((resolve) => connection.once("error", resolve));
    const later = new Promise((resolve) => setTimeout(() => resolve("still there"), 500));
    expect(await Promise.race([failed, later])).to.equal("still there");
    connection.close();
  });

  it("calls the actions in order with whole replies, their lines joined by LF", async () => {
    const server = await start({ answer: (line) => `250-${line}\r\n250 end`, pieces: (text) => [...text] });
    const connection = await greeted(server);
    expect(await Promise.all([say(connection, "A"), say(connection, "B")])).to.deep.equal([
      "250-A\n250 end",
      "250-B\n250 end",
    ]);
    connection.close();
  });

  it("closes after a 421, having told its action first, and keeps it in lastServerResponse", async () => {
    const server = await start({ answer: () => "421 4.3.2 Going" });
    const connection = await greeted(server);
    const order: string[] = [];
    const ended = new Promise<void>((resolve) => connection.once("end", () => resolve(void order.push("end"))));
    void say(connection, "NOOP").then((reply) => reply);
    connection._responseActions[0] = (reply): void => void order.push(reply);
    await ended;
    expect(order).to.deep.equal(["421 4.3.2 Going", "end"]);
    expect(connection.lastServerResponse).to.equal("421 4.3.2 Going");
  });

  it("fails with EPROTOCOL at a reply that nobody waits for", async () => {
    const server = await start();
    const connection = await greeted(server);
    const failure = new Promise<unknown>((resolve) => connection.once("error", resolve));
    server.sessions[0]?.say("250 hello?");
    expect(await failure).to.deep.include({ code: "EPROTOCOL", response: "250 hello?" });
  });

  it("ends without an error when an idle peer hangs up", async () => {
    const server = await start();
    const connection = await greeted(server);
    const end = new Promise<string>((resolve) => {
      connection.once("end", () => resolve("end"));
      connection.once("error", () => resolve("error"));
    });
    server.sessions[0]?.hangUp();
    expect(await end).to.equal("end");
  });

  it("names what failed as we read it", async () => {
    const gone = await start();
    await gone.close();
    expect(await greeted(gone).catch((failure: unknown) => failure)).to.deep.include({
      code: "ESOCKET",
      originalCode: "ECONNREFUSED",
    });
    const silent = await start({ pieces: () => [] });
    expect(await greeted(silent, { greetingTimeout: 20 }).catch((failure: unknown) => failure)).to.deep.include({
      code: "ETIMEDOUT",
    });
  });

  it("upgrades to TLS, swaps _socket, and drops what came in the clear after the 220", async () => {
    const server = await start({
      answer: (line) => (line === "STARTTLS" ? "220 go\r\n250 injected\r\n25" : undefined),
    });
    const connection = await greeted(server);
    const plain = connection._socket;
    await new Promise<void>((resolve, reject) => {
      connection._responseActions.push(() =>
        connection._upgradeConnection((failure) => (failure ? reject(failure) : resolve())),
      );
      if (plain) plain.write("STARTTLS\r\n");
      connection.once("error", reject);
    });
    expect(connection._socket).not.to.equal(plain);
    expect(await say(connection, "RSET")).to.equal("250 2.0.0 Resetting");
    connection.close();
  });

  it("reads its TLS options when it upgrades, not before", async () => {
    const own = await makeCertificate({ commonName: "client" });
    const server = await start({ asksForCertificate: true });
    const connection = await greeted(server);
    const { privateKeyPem: key } = own.keyPair;
    connection.options.tls = { ...connection.options.tls, secureContext: createSecureContext({ key, cert: own.pem }) };
    await new Promise<void>((resolve, reject) => {
      connection._responseActions.push(() =>
        connection._upgradeConnection((failure) => (failure ? reject(failure) : resolve())),
      );
      if (connection._socket) connection._socket.write("STARTTLS\r\n");
    });
    await say(connection, "NOOP");
    expect(server.sessions[0]?.clientCertificate).to.equal(own.certificate.thumbprint);
    connection.close();
  });

  it("is upgrading while the handshake runs", async () => {
    const server = await start({ noHandshake: true });
    const connection = await greeted(server);
    const failed = new Promise<boolean | undefined>((resolve) =>
      connection.once("error", () => resolve(connection.upgrading)),
    );
    connection._responseActions.push(() => connection._upgradeConnection(() => {}));
    if (connection._socket) connection._socket.write("STARTTLS\r\n");
    expect(await failed).to.equal(true);
  });
});

describe("a client connection", () => {
  const { start, stop } = fakeServers();
  after(stop);

  async function secured(server: FakeServer, context?: ReturnType<typeof createSecureContext>) {
    const connection = await connectTo({
      endpoint: server.endpoint,
      localAddress: undefined,
      secureContext: createSecureContext({ ca: [] }),
    });
    await connection.banner();
    await connection.command("STARTTLS");
    const result = await connection.startTls(context);
    await connection.command("NOOP");
    connection.end();
    return result;
  }

  it("hands out all the certificates that the peer sent, its own first", async () => {
    const root = await makeCertificate({ commonName: "Root", names: [], authority: true, usage: null });
    const between = await makeCertificate({ commonName: "Between", names: [], authority: true, usage: null }, root);
    const leaf = await makeCertificate({ commonName: "Leaf" }, between);
    const { certificate, chain } = await secured(await start({ presents: [leaf, between, root] }));
    const sent = [leaf, between, root].map((made) => Buffer.from(made.certificate.der));
    expect(chain.map((der) => der.toString("hex"))).to.deep.equal(sent.map((der) => der.toString("hex")));
    expect(certificate?.toString("hex")).to.equal(sent[0]?.toString("hex"));
  });

  it("presents what it is told to when TLS begins, and nothing by itself", async () => {
    const own = await makeCertificate({ commonName: "client" });
    const server = await start({ asksForCertificate: true });
    await secured(server);
    await secured(server, createSecureContext({ key: own.keyPair.privateKeyPem, cert: own.pem }));
    expect(server.sessions.map(({ clientCertificate }) => clientCertificate)).to.deep.equal([
      undefined,
      own.certificate.thumbprint,
    ]);
  });
});
