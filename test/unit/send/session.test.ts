import { expect } from "chai";
import { defaultTransportSettings, type ExchangeServer } from "../../../src/directory/index.ts";
import { makeCertificate } from "../certificates/make.ts";
import { defaultOffers, type FakeServer, fakeServers } from "./fake-server.ts";
import {
  lastErrorOf,
  newDelivery,
  newSender,
  openChannel,
  openTo,
  publishing,
  putHubs,
  putServer,
  refusalOf,
  siteB,
} from "./sender.ts";

const content = Buffer.from("Subject: Hello\r\n\r\n.hidden\r\nHi\r\n");

describe("a Send session", () => {
  const { start, stop } = fakeServers();
  after(stop);

  it("leaves the canonical rows", async () => {
    const server = await start();
    const sender = newSender();
    const channel = await openTo(sender, server);
    const outcome = await channel.deliver(newDelivery(["bob@proexchange.local"]), content);
    await channel.close();

    expect(outcome).to.deep.equal({
      kind: "answered",
      recipients: [
        { kind: "delivered", reply: { code: 250, enhanced: "2.6.0", lines: ["<m@fake> Queued mail for delivery"] } },
      ],
    });
    const ehlo = (offers: readonly string[]): string[] => [
      ">,EHLO Ex2007SE.proexchange.local,",
      "<,250-fake.example Hello [127.0.0.1],",
      ...offers.map((offer, n) => `<,250${n === offers.length - 1 ? " " : "-"}${offer},`),
    ];
    expect(sender.shown()).to.deep.equal([
      "*,,attempting to connect",
      "+,,",
      "<,220 fake.example Microsoft ESMTP MAIL Service ready at Mon, 12 May 2008 10:00:00 +0000,",
      ...ehlo(defaultOffers.inTheClear),
      ">,STARTTLS,",
      "<,220 2.0.0 SMTP server ready,",
      "*,,Received certificate",
      `*,${server.thumbprint},Certificate thumbprint`,
      ...ehlo(defaultOffers.encrypted),
      ">,X-EXPS EXCHANGEAUTH,",
      ">,<Binary Data>,",
      "<,235 <authentication response>,",
      "*,1407,sending message",
      `>,MAIL FROM:<anna@proexchange.local> SIZE=${content.length},`,
      ">,RCPT TO:<bob@proexchange.local>,",
      "<,250 2.1.0 Sender OK,",
      "<,250 2.1.5 Recipient OK,",
      `>,BDAT ${content.length} LAST,`,
      "<,250 2.6.0 <m@fake> Queued mail for delivery,",
      ">,QUIT,",
      "<,221 2.0.0 Service closing transmission channel,",
      "-,,Local",
    ]);
    expect(sender.rows.map((row) => row.sequence)).to.deep.equal(sender.rows.map((_, n) => n));
    expect(sender.rows[0]?.local).to.equal(undefined);
    expect(sender.rows[1]?.local?.address).to.equal("127.0.0.1");
    expect(server.sessions[0]?.contents).to.deep.equal([content.toString()]);
  });

  it("records what was encrypted, who answered and what was handed over", async () => {
    const server = await start();
    const sender = newSender();
    const channel = await openTo(sender, server);
    await channel.deliver(newDelivery(["bob@proexchange.local"]), content);
    await channel.close();

    expect(sender.records).to.have.length(1);
    const [record] = sender.records;
    expect(record).to.deep.include({
      side: "send",
      server: "Ex2007SE",
      connectorId: "Intra-Organization SMTP Send Connector",
      peerName: "fake.example",
      authentication: { by: "x-exps", identity: "PROEXCHANGE\\HUB1$" },
      messages: ["<hello@Ex2007SE.proexchange.local>"],
      failure: undefined,
    });
    expect(record?.tls).to.deep.include({ verb: "STARTTLS", presented: undefined });
    expect(record?.tls?.protocol).to.match(/^TLSv1\.[23]$/);
    expect(record?.tls?.received).to.deep.include({
      thumbprint: server.thumbprint,
      subject: "CN=fake",
      selfSigned: true,
    });
  });

  it("uses X-ANONYMOUSTLS where the lab asks for it", async () => {
    const server = await start();
    const sender = newSender({ intraOrgTls: "x-anonymoustls" });
    await (await openTo(sender, server)).close();
    expect(server.sessions[0]?.lines).to.include("X-ANONYMOUSTLS").and.not.include("STARTTLS");
    expect(sender.records[0]?.tls?.verb).to.equal("X-ANONYMOUSTLS");
  });

  it("writes no row where the connector does not log, and the same record", async () => {
    const server = await start();
    const sender = newSender();
    putServer(sender, sender.name, undefined, { transport: defaultTransportSettings });
    await (await openTo(sender, server)).close();
    expect(sender.rows).to.deep.equal([]);
    expect(sender.records[0]?.tls?.received?.thumbprint).to.equal(server.thumbprint);
  });

  it("takes the logging level when it begins", async () => {
    const server = await start();
    const sender = newSender();
    const channel = await openTo(sender, server);
    putServer(sender, sender.name, undefined, { transport: defaultTransportSettings });
    await channel.close();
    expect(sender.shown().at(-1)).to.equal("-,,Local");
  });

  describe("judges the peer's certificate", () => {
    it("before it says another word: an untrusted server receives nothing after the handshake", async () => {
      const server = await start();
      const sender = newSender();
      const { certificate: other } = await makeCertificate();
      putServer(sender, "Hub1", server, { site: "SiteB", ...publishing(other) });
      const refusal = await lastErrorOf(sender, siteB);
      await server.sessions[0]?.ended;

      const reason =
        `Hub1.proexchange.local presented certificate ${server.thumbprint} (CN=fake), ` +
        `but the directory publishes ${other.thumbprint} for it`;
      expect(refusal).to.contain(`responded with: "454 4.7.5 Certificate validation failure, Reason:${reason}."`);
      expect(server.sessions[0]?.encrypted).to.equal("");
      expect(sender.shown().slice(-3)).to.deep.equal([
        "*,,Received certificate",
        `*,${server.thumbprint},Certificate thumbprint`,
        "-,,Local",
      ]);
      expect(sender.records[0]).to.deep.include({ authentication: { by: "none", identity: "" } });
      expect(sender.records[0]?.failure).to.match(/^454 4\.7\.5/);
      expect(sender.raised()).to.deep.equal([[2018, "CN=fake", "127.0.0.1"]]);
      expect(sender.decisions[0]).to.deep.include({
        about: "peer-certificate",
        subject: "08CA822E1320D000",
        outcome: `untrusted: ${reason}`,
      });
    });

    it("by what is published when it is presented: a server that is gone by then is trusted no more", async () => {
      const sender = newSender();
      const server = await start({
        answer: (line) => {
          if (line === "STARTTLS") sender.organization.remove("server", hub1 as ExchangeServer);
          return undefined;
        },
      });
      const [hub1] = putHubs(sender, server);
      expect(await lastErrorOf(sender, siteB)).to.contain("the directory publishes none for it");
      expect(server.sessions[0]?.encrypted).to.equal("");
    });

    it("and tells that a published one has expired, which changes nothing", async () => {
      const expired = await makeCertificate({ commonName: "Hub1", from: "2006-01-01", to: "2007-01-01" });
      const server = await start({ presents: [expired] });
      const sender = newSender();
      await (await openTo(sender, server)).close();
      expect(sender.raised()).to.deep.equal([[12019, "CN=Hub1"]]);
      expect(sender.records[0]?.failure).to.equal(undefined);
    });

    it("not at all where the lab trusts as Exchange does between Hubs", async () => {
      const server = await start();
      const sender = newSender({ hubTrust: "exchange" });
      putServer(sender, "Hub1", server, { site: "SiteB", ...publishing((await makeCertificate()).certificate) });
      await (await openChannel(sender, siteB)).close();
      expect(sender.decisions.at(-1)?.outcome).to.equal("trusted: no identity is asked for");
    });
  });

  describe("never speaks in the clear", () => {
    it("to a server that offers no TLS: it hears EHLO and QUIT", async () => {
      const server = await start({ offersInTheClear: ["PIPELINING", "CHUNKING", "X-EXPS EXCHANGEAUTH"] });
      const sender = newSender();
      expect(await refusalOf(sender, server)).to.contain('"451 5.7.3 STARTTLS is required to send mail."');
      expect(server.sessions[0]?.inTheClear).to.equal("EHLO Ex2007SE.proexchange.local\r\nQUIT\r\n");
      expect(sender.shown().slice(-3)).to.deep.equal([
        ">,QUIT,",
        "<,221 2.0.0 Service closing transmission channel,",
        "-,,Local",
      ]);
      expect(sender.events.map(({ id }) => id)).to.deep.equal([2015]);
    });

    it("to a server that refuses STARTTLS", async () => {
      const server = await start({
        answer: (line) => (line === "STARTTLS" ? "454 4.7.0 TLS not available" : undefined),
      });
      const sender = newSender();
      expect(await refusalOf(sender, server)).to.contain('"454 4.7.0 TLS not available."');
      expect(server.sessions[0]?.lines.at(-1)).to.equal("QUIT");
      expect(sender.events.map(({ id }) => id)).to.deep.equal([2015]);
    });

    it("to a server whose handshake fails", async () => {
      const server = await start({ noHandshake: true });
      const sender = newSender();
      expect(await refusalOf(sender, server)).to.contain('"454 4.7.0 Failed to establish appropriate TLS channel."');
      expect(server.sessions[0]?.inTheClear).to.match(/STARTTLS\r\n$/);
      expect(sender.shown().slice(-3)).to.deep.equal([
        "<,220 2.0.0 SMTP server ready,",
        "*,,TLS negotiation failed with error InvalidToken",
        "-,,Local",
      ]);
      expect(sender.events.map(({ id }) => id)).to.deep.equal([2015]);
    });

    it("even when somebody answers for the encrypted session before it exists", async () => {
      const injected = "250-fake.example\r\n250 X-EXPS EXCHANGEAUTH\r\n235 well-met";
      const server = await start({
        answer: (line) => (line === "STARTTLS" ? `220 2.0.0 SMTP server ready\r\n${injected}` : undefined),
        offersEncrypted: ["PIPELINING"],
      });
      const sender = newSender();
      // Were the injected replies believed, EHLO and X-EXPS would have been answered well already.
      expect(await refusalOf(sender, server)).to.contain('"451 5.7.3 Cannot achieve Exchange Server authentication."');
      expect(server.sessions[0]?.lines.slice(-2)).to.deep.equal(["EHLO Ex2007SE.proexchange.local", "QUIT"]);
      expect(sender.shown().join("\n")).not.to.contain("well-met").and.not.contain("235");
    });
  });

  describe("authenticates before any mail goes", () => {
    it("bound to the TLS session and the certificate that it saw", async () => {
      const server = await start();
      const bindings: { channelBinding: Buffer; serverCertificateSha256: string }[] = [];
      const sender = newSender({
        authenticate: (_, session) => {
          bindings.push(session);
          return { blob: "YmxvYg==", checkAnswer: () => true };
        },
      });
      await (await openTo(sender, server)).close();
      await (await openTo(sender, server)).close();
      expect(server.sessions[0]?.lines).to.include("X-EXPS EXCHANGEAUTH YmxvYg==");
      expect(bindings[0]?.serverCertificateSha256).to.equal(server.certificate.fingerprint256.replaceAll(":", ""));
      expect(bindings[0]?.channelBinding).to.have.length(32);
      expect(bindings[0]?.channelBinding.equals(bindings[1]?.channelBinding as Buffer)).to.equal(false);
    });

    it("and goes no further where X-EXPS EXCHANGEAUTH is not offered", async () => {
      const server = await start({ offersEncrypted: ["PIPELINING", "X-EXPS GSSAPI NTLM"] });
      const refusal = await refusalOf(newSender(), server);
      expect(refusal).to.contain('"451 5.7.3 Cannot achieve Exchange Server authentication."');
      expect(server.sessions[0]?.lines.at(-1)).to.equal("QUIT");
    });

    for (const [what, reply, said] of [
      ["is refused", "454 4.7.0 Temporary authentication failure", "454 4.7.0 Temporary authentication failure"],
      ["meets a server that cannot prove itself", "235 2.7.0 who-am-i", "454 4.7.0 Temporary authentication failure"],
      ["is refused for good", "535 5.7.3 Authentication unsuccessful", "535 5.7.3 Authentication unsuccessful"],
    ] as const)
      it(`and gives up when it ${what}`, async () => {
        const server = await start({ answer: (line) => (line.startsWith("X-EXPS") ? reply : undefined) });
        const sender = newSender();
        expect(await refusalOf(sender, server)).to.contain(`responded with: "${said}."`);
        expect(sender.shown()).to.include("*,,Outbound Authentication failed with LogonDenied");
        expect(sender.events.map(({ id, parameters }) => [id, ...parameters])).to.deep.equal([
          [
            2017,
            "LogonDenied",
            "Intra-Organization SMTP Send Connector",
            "ExchangeAuth",
            "SMTPSVC/Hub1.proexchange.local",
          ],
        ]);
        expect(server.sessions[0]?.lines.filter((line) => line.startsWith("MAIL"))).to.deep.equal([]);
        expect(sender.shown().join("\n")).not.to.contain("who-am-i").and.not.contain("c2VjcmV0");
      });
  });

  describe("that cannot begin", () => {
    it("leaves one row and one record when the connection is refused", async () => {
      const server: FakeServer = await start();
      await server.close();
      const sender = newSender();
      expect(await refusalOf(sender, server)).to.contain('"421 4.2.1 Unable to connect."');
      expect(sender.shown()).to.deep.equal(["*,,attempting to connect"]);
      expect(sender.records).to.have.length(1);
      expect(sender.records[0]).to.deep.include({
        local: undefined,
        tls: undefined,
        failure: "421 4.2.1 Unable to connect",
      });
    });

    it("tells what the server greeted it with", async () => {
      const server = await start({ banner: "421 4.3.2 System not accepting network messages" });
      const sender = newSender();
      expect(await refusalOf(sender, server)).to.contain('"421 4.3.2 System not accepting network messages."');
      expect(sender.shown().slice(2)).to.deep.equal([
        "<,421 4.3.2 System not accepting network messages,",
        "-,,Remote",
      ]);
    });

    it("says goodbye to a server that greets it with 554", async () => {
      const server = await start({ banner: "554 5.7.1 No" });
      const sender = newSender();
      expect(await refusalOf(sender, server)).to.contain('"554 5.7.1 No."');
      expect(sender.shown().slice(-3)[0]).to.equal(">,QUIT,");
    });

    it("does not wait for ever for a greeting", async () => {
      const server = await start({ pieces: () => [] });
      const sender = newSender({ timeouts: { greetingMs: 50 } });
      expect(await refusalOf(sender, server)).to.contain('"421 4.4.1 Connection timed out."');
      expect(sender.shown().slice(1)).to.deep.equal(["+,,", "-,,Local"]);
    });

    it("tells that the peer hung up in the middle", async () => {
      const server = await start({
        answer: (line, encrypted) => (encrypted && line.startsWith("EHLO") ? "drop" : undefined),
      });
      const sender = newSender();
      expect(await refusalOf(sender, server)).to.contain('"421 4.4.2 Connection dropped due to SocketError."');
      expect(sender.shown().at(-1)).to.equal("-,,Remote");
    });

    it("keeps a peer's control characters out of LastError", async () => {
      const server = await start({ banner: "554 5.7.1 No\u0007\u001b[31m way." });
      expect(await refusalOf(newSender(), server)).to.contain('"554 5.7.1 No [31m way."');
    });
  });

  it("sends from the address it was given", async () => {
    const server = await start();
    const sender = newSender({ localAddress: "127.0.0.1" });
    await (await openTo(sender, server)).close();
    expect(sender.records[0]?.local?.address).to.equal("127.0.0.1");
  });

  it("does not open where its name leads nowhere", async () => {
    const sender = newSender();
    expect(await refusalOf(sender, undefined)).to.contain('"421 4.2.1 Unable to connect."');
    expect(sender.records).to.deep.equal([]);
  });
});
