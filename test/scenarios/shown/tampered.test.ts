import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { installDefaultCertificate, openCertificateStore, openKeySource } from "../../../src/certificates/index.ts";
import type { Endpoint } from "../../../src/smtp/index.ts";
import { startTestLab, type TestLab, usePlace } from "../../helpers/lab.ts";
import { startManInTheMiddle, startRecordingProxy, type Tampering } from "../../helpers/recording-proxy.ts";
import { makeCertificate } from "../../unit/certificates/make.ts";

const [ee, se] = ["Ex2007EE", "Ex2007SE"];

/** What only somebody with the right to it may ever hear. */
const message = { subject: "The budget", text: "Sell everything by Friday" };
const secrets = /MAIL FROM|RCPT TO|BDAT|DATA|budget|Sell everything|anna|bob/i;

/** A certificate that says what Ex2007EE's says, under another key. */
const lookalike = () => makeCertificate({ commonName: ee, names: [ee, `${ee}.proexchange.local`], keyBits: 2048 });

describe("an impostor at the address of Ex2007EE", () => {
  const place = usePlace();
  let lab: TestLab;
  let at: Endpoint;
  let sent: string;

  before(async () => {
    lab = await startTestLab(place);
    at = lab.endpoint(ee);
    await lab.shell(se, `Set-TransportServer ${se} -IntraOrgConnectorProtocolLoggingLevel Verbose`);
    await lab.stopServer(ee);
    sent = await lab.sendAndSettle(message);
  });

  /** Lets Ex2007SE try once against an smtp-server that takes whatever it is given. Returns all that it heard, in the clear or not. */
  async function tryAgainst(options: SMTPServerOptions, tampering?: Tampering): Promise<string[]> {
    const heard: string[] = [];
    const hear = (_: unknown, ...words: unknown[]): void => void heard.push(words.join(" "));
    const { pem, keyPair } = await lookalike();
    const server = new SMTPServer({
      key: keyPair.privateKeyPem,
      cert: pem,
      authOptional: true,
      logger: { trace: hear, debug: hear, info: hear, warn: hear, error: hear, fatal: hear },
      ...options,
    });
    server.on("error", () => {}); // clients that hang up in mid-handshake
    const listening = server.listen(0, "127.0.0.1");
    await once(listening, "listening");
    const bound = listening.address();
    const port = typeof bound === "object" && bound ? bound.port : 0;
    const proxy = await startRecordingProxy(at, { address: "127.0.0.1", port }, tampering);
    try {
      await lab.shell(se, `Retry-Queue "${se}\\1"`);
      await lab.settled();
    } finally {
      await proxy.close();
      await new Promise<void>((closed) => server.close(() => closed()));
    }
    expect(proxy.connections, "connections to the impostor").to.have.length(1);
    expect(proxy.heard("client").replace(/\x16\x03.*/s, "")).not.to.match(secrets);
    return heard.filter((line) => line.startsWith("C:")).map((line) => line.slice(3));
  }

  async function expectToWait(lastError: RegExp): Promise<void> {
    const [queue] = (await lab.server(se).queues()).filter(({ messages }) => messages.includes(sent));
    expect(queue).to.include({ status: "Retry", messageCount: 1, nextHopDomain: "SiteA" });
    expect(queue?.lastError).to.match(lastError);
    expect(await lab.inbox("bob")).to.deep.equal([]);
    expect(await lab.inbox("anna"), "a bounce").to.deep.equal([]);
  }

  it("with another certificate of the same name hears nothing after the handshake, and the mail waits", async () => {
    expect(await tryAgainst({})).to.deep.equal([`EHLO ${se}.proexchange.local`, "STARTTLS"]);
    await expectToWait(/454 4\.7\.5 Certificate validation failure/);
    const rows = await lab.rows(se, "SmtpSend");
    expect(rows.map(({ context }) => context)).to.include("Received certificate");
  });

  it("that offers no STARTTLS hears EHLO and QUIT, and the mail waits", async () => {
    const heard = await tryAgainst({ disabledCommands: ["STARTTLS"] });
    expect(heard).to.deep.equal([`EHLO ${se}.proexchange.local`, "QUIT"]);
    await expectToWait(/STARTTLS is required to send mail/);
  });

  it("that blots STARTTLS out of somebody else's reply hears no more than that", async () => {
    const heard = await tryAgainst({}, { replace: (text) => text.replace("STARTTLS", "XXXXXXXA") });
    expect(heard).to.deep.equal([`EHLO ${se}.proexchange.local`, "QUIT"]);
    await expectToWait(/STARTTLS is required to send mail/);
  });

  it("that refuses STARTTLS hears QUIT next, and the mail waits", async () => {
    const refusal = "454 4.7.0 TLS not available due to temporary reason\r\n";
    const heard = await tryAgainst({}, { answer: (text) => (/^STARTTLS/.test(text) ? refusal : undefined) });
    expect(heard).to.deep.equal([`EHLO ${se}.proexchange.local`, "QUIT"]);
    await expectToWait(/454 4\.7\.0 TLS not available/);
  });

  it("that takes STARTTLS and goes on in the clear gets a ClientHello and nothing else", async () => {
    const lie = "220 2.0.0 SMTP server ready\r\n250 2.0.0 OK\r\n";
    await tryAgainst({}, { answer: (text) => (/^STARTTLS/.test(text) ? lie : undefined) });
    await expectToWait(/451 4\.4\.0/);
  });

  it("has never made Ex2007SE say MAIL", async () => {
    const said = (await lab.rows(se, "SmtpSend")).filter(({ event }) => event === ">").map(({ data }) => data);
    expect(said.filter((line) => !/^(EHLO|STARTTLS|QUIT)/.test(line))).to.deep.equal([]);
    expect(said).to.include("STARTTLS");
  });

  it("that says nothing at all does not keep the lab from ending", async () => {
    const silent = createServer().listen({ host: at.address, port: at.port });
    await once(silent, "listening");
    const connected = once(silent, "connection");
    await lab.shell(se, `Retry-Queue "${se}\\1"`);
    const [socket] = (await connected) as [Socket];
    await lab.close();
    socket.destroy();
    silent.close();
    expect(await readdir(join(place.path, "data/mailboxes")).catch(() => [])).to.deep.equal([]);
  });
});

describe("a man in the middle under hubTrust: exchange, where certificates only encrypt", () => {
  const place = usePlace();
  let lab: TestLab;
  let heard: (from?: "client" | "server") => string;
  let sent: string;
  let getOutOfTheWay: () => void;

  before(async () => {
    lab = await startTestLab(place, { topology: { hubTrust: "exchange" } });
    const { pem, keyPair } = await lookalike();
    const identity = { key: keyPair.privateKeyPem, cert: pem };
    const middle = await startManInTheMiddle({ address: "127.0.0.1", port: 0 }, lab.endpoint(ee), identity);
    place.atEnd(() => middle.close());
    heard = middle.heard;
    getOutOfTheWay = lab.intercept(ee, middle.endpoint);
    await lab.shell(se, `Set-TransportServer ${se} -IntraOrgConnectorProtocolLoggingLevel Verbose`);
    sent = await lab.sendAndSettle(message);
  });

  it("reads the session up to X-EXPS", () => {
    expect(heard("server").match(/^250-X-EXPS EXCHANGEAUTH/gm)).to.have.length(1);
    expect(heard("client")).to.match(/^X-EXPS EXCHANGEAUTH [A-Za-z0-9+/=]{40,}\r$/m);
  });

  it("cannot use what he relays: it is bound to the handshake that Ex2007SE had", () => {
    expect(heard("server"))
      .to.match(/^454 4\.7\.0 Temporary authentication failure/m)
      .and.not.to.match(/^235/m);
    const failures = lab.facts.events().filter(({ server, id }) => server === ee && id === 1035);
    expect(failures.map(({ parameters }) => parameters[2])).to.deep.equal(["ExchangeAuth"]);
  });

  it("hears no sender, no recipient and no text, and the mail waits", async () => {
    expect(heard("client").replace(/^X-EXPS.*$/m, "")).not.to.match(secrets);
    const [queue] = (await lab.server(se).queues()).filter(({ messages }) => messages.includes(sent));
    expect(queue).to.include({ status: "Retry", messageCount: 1 });
    expect(queue?.lastError).to.include("Temporary authentication failure");
    expect(await lab.inbox("bob")).to.deep.equal([]);
  });

  it("was all that stood in the way: with him gone the mail goes through", async () => {
    getOutOfTheWay();
    await lab.shell(se, `Retry-Queue "${se}\\1"`);
    await lab.settled();
    expect(await lab.inbox("bob")).to.have.length(1);
  });
});

describe("Ex2007EE with another certificate than the directory publishes", () => {
  const place = usePlace();
  let lab: TestLab;

  before(async () => {
    const first = await startTestLab(place);
    await first.close();
    const folder = join(place.path, "data/servers", ee, "certificates");
    const store = await openCertificateStore(folder);
    const keys = openKeySource({ folder: await place.folder("keys"), mode: "p256" });
    const server = { name: ee, fqdn: `${ee}.proexchange.local`, services: ["SMTP"] as const };
    for (const { thumbprint } of store.list()) await store.remove(thumbprint);
    await installDefaultCertificate(store, server, keys, new Date("2008-05-12T10:00:00Z"));
    await keys.close();
    lab = await startTestLab(place, { keepLogs: true });
  });

  it("gets no mail from Ex2007SE, and says why", async () => {
    const [own] = await lab.server(ee).exchangeCertificates();
    expect(own).to.include({ subject: `CN=${ee}`, hasPrivateKey: true, internalTransport: false });
    const sent = await lab.sendAndSettle(message);
    expect(await lab.inbox("bob")).to.deep.equal([]);
    const [queue] = (await lab.server(se).queues()).filter(({ messages }) => messages.includes(sent));
    expect(queue).to.include({ status: "Retry", messageCount: 1 });
    expect(queue?.lastError).to.include("STARTTLS is required to send mail");
    expect(lab.facts.events().map(({ server, id }) => `${server} ${id}`)).to.include(`${ee} 12013`);
  });
});

describe("a client that says it is an Exchange server", () => {
  const place = usePlace();
  let lab: TestLab;
  const hello = [`C: EHLO ${se}.proexchange.local`, "S: 250 *"];
  const refused = ["C: MAIL FROM:<anna@proexchange.local>", "S: 454 4.7.0 Temporary authentication failure"];
  const events = () => lab.facts.events().filter(({ server }) => server === ee);

  before(async () => {
    lab = await startTestLab(place);
    const groups = "AnonymousUsers,ExchangeUsers,ExchangeServers,ExchangeLegacyServers";
    await lab.shell(
      ee,
      `Set-ReceiveConnector "${ee}\\Default ${ee}" -PermissionGroups ${groups} -TarpitInterval 00:00:00`,
    );
  });

  it("is not taken for anybody else, though anonymous clients are welcome", async () => {
    await lab.dialog(ee, "Default", ["S: 220 *", ...hello, ...refused, "C: RSET", "S: 250 *", ...refused]);
  });

  it("is not taken for anybody else inside TLS either", async () => {
    await lab.dialog(ee, "Default", ["S: 220 *", ...hello, "C: STARTTLS", "S: 220 *", "TLS", ...hello, ...refused]);
  });

  it("raises event 1035 when it offers a forged X-EXPS blob, and is refused all the same", async () => {
    const before = events().length;
    const forged = Buffer.from(JSON.stringify({ from: `${se}.proexchange.local` })).toString("base64");
    const offer = [`C: X-EXPS EXCHANGEAUTH ${forged}`, "S: 454 4.7.0 Temporary authentication failure"];
    const secured = ["S: 220 *", ...hello, "C: STARTTLS", "S: 220 *", "TLS", ...hello];
    await lab.dialog(ee, "Default", [...secured, ...offer, ...refused]);
    const raised = events().slice(before);
    expect(raised.map(({ id, parameters }) => [id, parameters[2]])).to.deep.equal([[1035, "ExchangeAuth"]]);
  });

  it("is somebody else's business under another name: the same session is then accepted", async () => {
    const other = ["S: 220 *", "C: EHLO mail.fabrikam.example", "S: 250 *"];
    await lab.dialog(ee, "Default", [...other, "C: MAIL FROM:<anna@fabrikam.example>", "S: 250 2.1.0 Sender OK"]);
  });
});
