import { once } from "node:events";
import { connect } from "node:net";
import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import { edgeReceiveConnectors } from "../../../src/directory/index.ts";
import { reply } from "../../../src/smtp/index.ts";
import { type Listener, startListener } from "../../../src/transport/receive/index.ts";
import {
  type ConnectorChanges,
  fakeEdge,
  fakeServer,
  type FakeServer,
  listen,
  makePresentations,
  type Presentations,
} from "./fake-server.ts";
import { RawClient } from "./raw-client.ts";

/** A promise, and what settles it. */
function gate(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  return { promise: new Promise<void>((done) => (resolve = done)), resolve: () => resolve() };
}

const anonymous: ConnectorChanges = { permissionGroups: ["AnonymousUsers"] };

describe("a receive session", () => {
  let presentations: Presentations;
  let server: FakeServer;
  let listener: Listener | undefined;
  let clients: RawClient[] = [];

  before(async () => {
    presentations = await makePresentations();
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    clients = [];
    await listener?.close();
    listener = undefined;
  });

  async function start(changes: ConnectorChanges = {}): Promise<void> {
    server = fakeServer(presentations, changes);
    listener = await listen(server);
  }

  async function open(localAddress?: string): Promise<RawClient> {
    const client = await RawClient.connect((listener as Listener).endpoint, localAddress);
    clients.push(client);
    return client;
  }

  async function openTransaction(): Promise<RawClient> {
    const client = await open();
    await client.reply();
    await client.say("HELO client.example");
    await client.say("MAIL FROM:<a@client.example>");
    await client.say("RCPT TO:<b@proexchange.local>");
    return client;
  }

  it("hears a reply when its server is shut down, and nothing when the power is cut", async () => {
    await start(anonymous);
    const told = await openTransaction();
    await listener?.close();
    expect(await told.rest()).to.deep.equal(["421 Service not available, closing transmission channel"]);

    await start(anonymous);
    const cutOff = await openTransaction();
    await listener?.close("power-cut");
    expect(await cutOff.rest()).to.deep.equal([]);
  });

  it("waits before it refuses, and says so in the log", async () => {
    await start({ tarpitIntervalMs: 1000 });
    const client = await open();
    await client.reply();
    await client.say("HELO client.example");
    const before = performance.now();
    expect(await client.say("MAIL FROM:<a@client.example>")).to.equal("530 5.7.1 Client was not authenticated");
    expect(performance.now() - before).to.be.within(990, 3000);
    const rows = server.rows();
    expect(rows.slice(rows.indexOf("<,MAIL FROM:<a@client.example>,"))).to.deep.equal([
      "<,MAIL FROM:<a@client.example>,",
      "*,Tarpit for '0.00:00:01',",
      ">,530 5.7.1 Client was not authenticated,",
    ]);
  });

  it("answers what came before a refusal without the wait", async () => {
    await start({ ...anonymous, tarpitIntervalMs: 60_000 });
    const client = await open();
    await client.reply();
    client.write("HELO client.example\r\nMAIL FROM:<a@client.example>\r\nRCPT TO:<x@elsewhere.example>\r\n");
    await client.reply();
    expect(await client.line()).to.equal("250 2.1.0 Sender OK");
    expect(server.rows().slice(-2)).to.deep.equal([">,250 2.1.0 Sender OK,", "*,Tarpit for '0.00:01:00',"]);
  });

  it("does not make those wait who have logged on", async () => {
    await start({ authMechanism: ["BasicAuth"], tarpitIntervalMs: 60_000 });
    const client = await open();
    await client.reply();
    await client.say("EHLO client.example");
    await client.say("AUTH LOGIN YW5uYQ==");
    await client.say("c2VjcmV0");
    expect(await client.say("MAIL FROM:<bob@proexchange.local>")).to.match(/^550 5\.7\.1/);
  });

  it("closes a connection on which nothing happens", async () => {
    await start({ connectionInactivityTimeoutMs: 60 });
    const client = await open();
    await client.reply();
    expect(await client.rest()).to.deep.equal(["421 4.4.1 Connection timed out"]);
    expect((await server.sessionEnd()).failure).to.equal("timed out");
    expect(server.rows().slice(-2)).to.deep.equal([">,421 4.4.1 Connection timed out,", "-,,Local"]);
  });

  it("closes a connection that lasts too long, busy or not, but answers the message in hand", async () => {
    await start({ ...anonymous, connectionTimeoutMs: 60 });
    const taking = gate();
    const take = gate();
    server.accept = async () => {
      taking.resolve();
      await take.promise;
      return reply(250, "2.6.0", "taken");
    };
    const client = await openTransaction();
    client.write("BDAT 1 LAST\r\nx");
    await taking.promise;
    await new Promise((resolve) => setTimeout(resolve, 80)); // its time is over while the message is being taken
    take.resolve();
    expect(await client.rest()).to.deep.equal(["250 2.6.0 taken", "421 4.4.1 Connection timed out"]);
  });

  it("closes a handshake that goes nowhere", async () => {
    await start({ connectionInactivityTimeoutMs: 60 });
    const client = await open();
    await client.reply();
    await client.say("EHLO client.example");
    await client.say("STARTTLS");
    expect(await client.rest()).to.deep.equal([]);
    const record = await server.sessionEnd();
    expect(record.failure).to.equal("TLS negotiation failed with error SocketError");
    expect(server.rows().slice(-2)).to.deep.equal(["*,,TLS negotiation failed with error SocketError", "-,,Remote"]);
  });

  it("survives a handshake that is none", async () => {
    await start();
    const client = await open();
    await client.reply();
    await client.say("EHLO client.example");
    await client.say("STARTTLS");
    client.write("EHLO in the clear\r\nMAIL FROM:<a@client.example>\r\n");
    await client.rest();
    const record = await server.sessionEnd();
    expect(record.failure).to.match(/^TLS negotiation failed with error InvalidToken: /);
    expect(record.tls).to.equal(undefined);
    expect(server.rows().slice(-2)).to.deep.equal(["*,,TLS negotiation failed with error InvalidToken", "-,,Local"]);
    expect(await (await open()).line()).to.match(/^220 /);
  });

  it("survives a client that hangs up in the middle of the handshake", async () => {
    await start();
    const client = await open();
    await client.reply();
    await client.say("EHLO client.example");
    await client.say("STARTTLS");
    client.close();
    const record = await server.sessionEnd();
    expect(record.failure).to.equal("TLS negotiation failed with error SocketError");
    expect(record.peerName).to.equal("client.example");
  });

  it("records what was encrypted, and with which certificate", async () => {
    await start();
    const client = await open();
    await client.reply();
    await client.say("EHLO client.example");
    await client.say("STARTTLS");
    const socket = await client.startTls();
    const protocol = socket.getProtocol();
    await client.say("NOOP");
    client.close();
    expect((await server.sessionEnd()).tls).to.deep.equal({
      verb: "STARTTLS",
      protocol,
      cipher: "TLS_AES_256_GCM_SHA384",
      presented: presentations.startTls?.certificate.thumbprint,
      received: undefined,
    });
  });

  it("reports which certificate it would present, and why", async () => {
    await start();
    const client = await open();
    await client.reply();
    await client.say("EHLO client.example");
    const decisions = server.events.filter((event) => event.kind === "decision");
    expect(decisions.map(({ about, outcome }) => [about, outcome])).to.deep.equal([
      ["anonymous-tls-certificate", presentations.internal?.certificate.thumbprint],
      ["starttls-certificate", presentations.startTls?.certificate.thumbprint],
    ]);
  });

  it("reports the events of a decision", async () => {
    await start();
    const parameters = ["x", "Default Ex2007EE", "x"];
    server.startTlsCertificate = () => ({
      outcome: undefined,
      steps: [{ source: "bb430748#5", text: "nothing", event: { id: 12014, parameters } }],
    });
    const client = await open();
    await client.reply();
    expect(await client.say("EHLO client.example")).not.to.contain("STARTTLS");
    expect(server.events.find((event) => event.kind === "event")).to.deep.include({ id: 12014, parameters });
  });

  it("answers 452 when the message could not be put on disk", async () => {
    await start(anonymous);
    server.accept = () => Promise.reject(new Error("disk full"));
    const client = await openTransaction();
    client.write("BDAT 1 LAST\r\nx");
    expect(await client.reply()).to.deep.equal(["452 4.3.1 Insufficient system resources"]);
  });

  it("answers 454 when a password or a blob cannot be checked just now", async () => {
    await start({ authMechanism: ["BasicAuth"] });
    server.checkPassword = () => Promise.reject(new Error("no directory"));
    const client = await open();
    await client.reply();
    await client.say("EHLO client.example");
    await client.say("AUTH LOGIN YW5uYQ==");
    expect(await client.say("c2VjcmV0")).to.equal("454 4.7.0 Temporary authentication failure");
  });

  it("records the message of a client that did not wait for its answer", async () => {
    await start(anonymous);
    const client = await openTransaction();
    const taken = gate();
    server.accept = async ({ internetMessageId }) => {
      client.close();
      await taken.promise;
      return reply(250, "2.6.0", internetMessageId);
    };
    client.write("DATA\r\nMessage-ID: <hasty@client.example>\r\n\r\n.\r\n");
    await client.rest();
    setImmediate(taken.resolve);
    expect((await server.sessionEnd()).messages).to.deep.equal(["<hasty@client.example>"]);
    expect(server.rows().at(-1)).to.equal("-,,Remote");
  });

  it("takes nothing of a message whose client hangs up before the end", async () => {
    await start(anonymous);
    for (const part of [
      "DATA\r\nSubject: x\r\n\r\nhello\r\n.\r",
      "BDAT 1\r\naBDAT 10 LAST\r\n123456789",
      "BDAT 3\r\nabc",
    ]) {
      const client = await openTransaction();
      client.write(part);
      await client.line();
      client.close();
      await server.sessionEnd();
    }
    expect(server.submissions).to.deep.equal([]);
  });

  it("answers a 10 MB line once, keeps none of it, and goes on", async () => {
    await start();
    const client = await open();
    await client.reply();
    client.write(Buffer.alloc(10 * 1024 ** 2, "A"));
    expect(await client.line()).to.equal("500 5.5.2 Line too long");
    client.write("\r\n");
    expect(await client.say("NOOP")).to.equal("250 2.0.0 OK");
    expect(Math.max(...server.rows().map((row) => row.length))).to.be.below(600);
  });

  it("keeps the settings that it started with", async () => {
    await start();
    const client = await open();
    await client.reply();
    await client.say("HELO client.example");
    server.connectors = () => [{ ...server.defaultConnector, permissionGroups: ["AnonymousUsers"] }];
    expect(await client.say("MAIL FROM:<a@client.example>")).to.match(/^530 /);
    const later = await openTransaction();
    expect(await later.say("DATA")).to.match(/^354 /);
  });

  it("is served by the connector whose range fits its address best", async () => {
    await start();
    const relay = { ...server.defaultConnector, name: "Relay", remoteIpRanges: ["127.0.0.9"], banner: "220 relay" };
    server.connectors = () => [server.defaultConnector, relay];
    expect(await (await open("127.0.0.9")).line()).to.equal("220 relay");
    expect(await (await open("127.0.0.8")).line()).to.match(/Microsoft ESMTP/);
  });

  it("is served by a connector that was made later, from the next connection on", async () => {
    await start();
    const before = await open("127.0.0.9");
    expect(await before.line()).to.match(/Microsoft ESMTP/);
    const relay = { ...server.defaultConnector, name: "Relay", remoteIpRanges: ["127.0.0.9"], banner: "220 relay" };
    server.connectors = () => [server.defaultConnector, relay];
    expect(await before.say("NOOP")).to.equal("250 2.0.0 OK");
    expect(await (await open("127.0.0.9")).line()).to.equal("220 relay");
    expect(await (await open("127.0.0.8")).line()).to.match(/Microsoft ESMTP/);
    for (const client of clients) client.close();
    const ended = [await server.sessionEnd(), await server.sessionEnd(), await server.sessionEnd()];
    expect(ended.map(({ connectorId }) => connectorId).sort()).to.deep.equal([
      "Ex2007EE\\Default Ex2007EE",
      "Ex2007EE\\Default Ex2007EE",
      "Ex2007EE\\Relay",
    ]);
  });

  it("serves a connection by none of the connectors that are not enabled, or gone", async () => {
    await start();
    const relay = { ...server.defaultConnector, name: "Relay", remoteIpRanges: ["127.0.0.9"], banner: "220 relay" };
    server.connectors = () => [server.defaultConnector, { ...relay, enabled: false }];
    expect(await (await open("127.0.0.9")).line()).to.match(/Microsoft ESMTP/);
    server.connectors = () => [];
    expect(await (await open()).line()).to.match(/^421 Service not available/);
  });

  it("waits before it says that a recipient does not exist", async () => {
    server = fakeEdge(presentations, { tarpitIntervalMs: 1000 });
    listener = await listen(server);
    const client = await openTransaction();
    const before = performance.now();
    expect(await client.say("RCPT TO:<ghost@proexchange.local>")).to.equal("550 5.1.1 User unknown");
    expect(performance.now() - before).to.be.within(990, 3000);
    expect(server.rows().slice(-2)[0]).to.equal("*,Tarpit for '0.00:00:01',");
  });

  it("takes an Edge server's time-outs from its connector", async () => {
    const [connector] = edgeReceiveConnectors("Edge1", "127.0.0.1:0");
    expect(connector).to.include({ connectionTimeoutMs: 300_000, connectionInactivityTimeoutMs: 60_000 });
    for (const changes of [{ connectionInactivityTimeoutMs: 60 }, { connectionTimeoutMs: 60 }]) {
      server = fakeEdge(presentations, changes);
      listener = await listen(server);
      const client = await open();
      await client.reply();
      expect(await client.rest()).to.deep.equal(["421 4.4.1 Connection timed out"]);
      await listener.close();
    }
  });

  it("turns away whom no connector serves, without a session", async () => {
    await start({ remoteIpRanges: ["10.0.0.0/8"] });
    const client = await open();
    expect(await client.rest()).to.deep.equal(["421 Service not available, closing transmission channel"]);
    expect(server.events).to.deep.equal([]);
  });

  it("turns away connections beyond the limit of one source, and beyond the connector's own", async () => {
    await start({
      maxInboundConnection: 3,
      maxInboundConnectionPerSource: 2,
      maxInboundConnectionPercentagePerSource: 100,
    });
    const refusal =
      "421 4.3.2 The maximum number of concurrent connections has exceeded a limit, closing transmission channel";
    const [first] = [await open(), await open("127.0.0.3")];
    await first?.line();
    expect(await (await open()).line()).to.equal(refusal); // one of the two that are free is one too many for this source
    expect(server.events.find((event) => event.kind === "event")).to.deep.include({
      id: 1021,
      parameters: ["Default Ex2007EE", "127.0.0.1", "1"],
    });
  });

  it("counts a connection no longer once it has gone", async () => {
    await start({ maxInboundConnection: 1 });
    const first = await open();
    await first.line();
    expect(await (await open()).line()).to.match(/^421 4\.3\.2/);
    await server.sessionEnd();
    first.close();
    await server.sessionEnd();
    expect(await (await open()).line()).to.match(/^220 /);
  });

  it("treats an externally secured peer as trusted, but for organization headers", async () => {
    await start({ authMechanism: ["ExternalAuthoritative"], permissionGroups: ["ExchangeServers"] });
    const client = await openTransaction();
    expect(await client.say("RCPT TO:<x@elsewhere.example>")).to.equal("250 2.1.5 Recipient OK");
    client.write("BDAT 37 LAST\r\nX-MS-Exchange-Organization-SCL: 9\r\n\r\n");
    await client.reply();
    expect(server.submissions[0]?.content.toString()).not.to.contain("SCL");
  });

  it("strips nothing from a message and marks nothing in it where the host is somebody else's", async () => {
    server = { ...fakeServer(presentations, anonymous), role: "foreign" };
    listener = await listen(server);
    const client = await openTransaction();
    const header = "X-MS-Exchange-Organization-SCL: 9\r\nMessage-ID: <a@b>\r\n\r\n";
    client.write(`BDAT ${header.length} LAST\r\n${header}`);
    await client.reply();
    const content = server.submissions[0]?.content.toString() ?? "";
    expect(content).to.match(/^Received: /);
    expect(content.slice(content.indexOf("X-MS"))).to.equal(header);
  });

  it("says goodbye to every client when the listener closes, wherever they are", async () => {
    await start();
    const idle = await open();
    const shaking = await open();
    const leaving = await open();
    for (const client of clients) await client.reply();
    await shaking.say("EHLO client.example");
    await shaking.say("STARTTLS");
    await leaving.say("QUIT");
    const closed = (listener as Listener).close();
    expect(await idle.rest()).to.deep.equal(["421 Service not available, closing transmission channel"]);
    await shaking.rest();
    await closed;
    expect(server.sessions()).to.have.length(3);
  });

  it("makes no rows where the connector keeps no log, and one record all the same", async () => {
    await start({ protocolLoggingLevel: "None" });
    const client = await open();
    await client.reply();
    await client.say("QUIT");
    expect((await server.sessionEnd()).connectorId).to.equal("Ex2007EE\\Default Ex2007EE");
    expect(server.rows()).to.deep.equal([]);
  });

  it("ends a session whose client closes only its own half", async () => {
    await start();
    const socket = connect({ host: "127.0.0.1", port: (listener as Listener).endpoint.port, allowHalfOpen: true });
    socket.resume();
    await once(socket, "connect");
    socket.end("HELO half.example\r\nNOOP");
    await once(socket, "end");
    expect((await server.sessionEnd()).peerName).to.equal("half.example");
    socket.destroy();
  });

  it("hears none of the commands that a client pipelines behind QUIT", async () => {
    await start();
    const client = await open();
    await client.reply();
    client.write("QUIT\r\nHELO late.example\r\n");
    expect(await client.rest()).to.deep.equal(["221 2.0.0 Service closing transmission channel"]);
    expect((await server.sessionEnd()).peerName).to.equal("");
  });

  it("answers two hundred pipelined commands, each once", async () => {
    await start();
    const client = await open();
    await client.reply();
    client.write(`${"NOOP\r\n".repeat(250)}QUIT\r\n`);
    expect(await client.rest()).to.have.length(251);
  });

  it("does not listen where something else does, and says what to do", async () => {
    await start();
    const failure = await startListener(server, (listener as Listener).endpoint).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(LabError);
    expect(failure).to.include({ code: "RECEIVE_CANNOT_LISTEN" });
    expect((failure as LabError).message).to.match(/something else listens there$/);
  });
});
