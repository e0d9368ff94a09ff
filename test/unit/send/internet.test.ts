import { expect } from "chai";
import type { SendConnector } from "../../../src/directory/index.ts";
import type { NextHopSolution } from "../../../src/transport/mail-item.ts";
import { openSend } from "../../../src/transport/send/index.ts";
import { makeCertificate } from "../certificates/make.ts";
import { type FakeServer, fakeServers } from "./fake-server.ts";
import {
  lastErrorOf,
  newDelivery,
  newSender,
  openChannel,
  putConnector,
  type Sender,
  storeOf,
  type TestView,
} from "./sender.ts";

const content = Buffer.from("Subject: Hello\r\n\r\nHi\r\n");
const solution: NextHopSolution = {
  deliveryType: "DnsConnectorDelivery",
  nextHopDomain: "fabrikam.example",
  connector: "Internet",
};
const edge = { name: "Edge1", fqdn: "edge1.perimeter.example", role: "edge" } as const;

/** An Edge server with a connector to the Internet, where these are the mail exchangers of fabrikam.example, in order. */
function sending(
  servers: readonly FakeServer[],
  connector: Partial<SendConnector> = {},
  changes: Parameters<typeof newSender>[0] = {},
): Sender {
  const sender = newSender({ ...edge, ...changes });
  putConnector(sender, { name: "Internet", ...connector });
  servers.forEach(({ endpoint }, n) => void sender.names.setHost(`mx${n}.fabrikam.example`, 25, endpoint));
  const exchangers = servers.map((_, n) => ({ host: `mx${n}.fabrikam.example`, preference: n }));
  sender.names.setMailExchangers("fabrikam.example", exchangers);
  return sender;
}

async function deliver(sender: Sender, body = content, to: readonly string[] = ["bob@fabrikam.example"]) {
  const channel = await openChannel(sender, solution);
  const outcome = await channel.deliver(newDelivery(to), body);
  await channel.close();
  return outcome;
}

describe("a session to the Internet", () => {
  const { start, stop } = fakeServers();
  after(stop);

  it("takes STARTTLS where it is offered, and records the certificate that it does not judge", async () => {
    const server = await start();
    const sender = sending([server], { fqdn: "mail.proexchange.example" });
    await deliver(sender);
    const rows = sender.shown();
    expect(rows.filter((row) => row.startsWith(">"))).to.deep.equal([
      ">,EHLO mail.proexchange.example,",
      ">,STARTTLS,",
      ">,EHLO mail.proexchange.example,",
      `>,MAIL FROM:<anna@proexchange.local> SIZE=${content.length},`,
      ">,RCPT TO:<bob@fabrikam.example>,",
      `>,BDAT ${content.length} LAST,`,
      ">,QUIT,",
    ]);
    expect(rows).to.include.members(["*,,Received certificate", `*,${server.thumbprint},Certificate thumbprint`]);
    expect(rows.join("\n")).not.to.contain("Sending certificate");
    expect(server.sessions[0]?.inTheClear).to.equal("EHLO mail.proexchange.example\r\nSTARTTLS\r\n");
    expect(sender.records[0]).to.deep.include({
      connectorId: "Internet",
      authentication: { by: "none", identity: "" },
      failure: undefined,
    });
    expect(sender.records[0]?.tls).to.deep.include({ verb: "STARTTLS", presented: undefined });
    expect(sender.records[0]?.tls?.received?.thumbprint).to.equal(server.thumbprint);
    expect(sender.decisions[0]).to.deep.include({
      about: "peer-certificate",
      outcome: "trusted: no identity is asked for",
    });
    const told = sender.decisions[0]?.steps.map(({ text }) => text).join("\n");
    expect(told)
      .to.match(/self-signed/)
      .and.match(/lacks the expected name/);
  });

  it("shows a stranger no certificate, though it is asked for one and has one", async () => {
    const own = await makeCertificate({ commonName: "Edge1", names: ["edge1.perimeter.example"] });
    const server = await start({ asksForCertificate: true });
    const sender = sending([server], { domainSecureEnabled: true }, { store: storeOf(own) });
    await deliver(sender);
    expect(server.sessions[0]?.encrypted).to.contain("MAIL FROM");
    expect(server.sessions[0]?.clientCertificate).to.equal(undefined);
  });

  it("goes in the clear where STARTTLS is not offered", async () => {
    const server = await start({ offersInTheClear: ["SIZE"] });
    const sender = sending([server]);
    expect(await deliver(sender)).to.deep.include({ kind: "answered" });
    expect(server.sessions[0]?.lines).to.deep.equal([
      "EHLO edge1.perimeter.example",
      `MAIL FROM:<anna@proexchange.local> SIZE=${content.length}`,
      "RCPT TO:<bob@fabrikam.example>",
      "DATA",
      "QUIT",
    ]);
    expect(sender.records[0]?.tls).to.equal(undefined);
    expect(sender.raised()).to.deep.equal([]);
  });

  for (const refusal of ["454 4.7.0 TLS not available", "502 5.5.1 Never heard of it"])
    it(`goes in the clear where STARTTLS is answered with ${refusal.slice(0, 3)}`, async () => {
      const server = await start({ answer: (line) => (line === "STARTTLS" ? refusal : undefined) });
      expect(await deliver(sending([server]))).to.deep.include({ kind: "answered" });
      expect(server.sessions[0]?.lines.slice(0, 3)).to.deep.equal([
        "EHLO edge1.perimeter.example",
        "STARTTLS",
        `MAIL FROM:<anna@proexchange.local> SIZE=${content.length}`,
      ]);
    });

  for (const [what, answer, said] of [
    ["a farewell", "421 4.3.2 Going", "421 4.3.2 Going"],
    ["nonsense", "250 2.0.0 OK", "250 2.0.0 OK"],
  ] as const)
    it(`does not go on where STARTTLS is answered with ${what}`, async () => {
      const server = await start({ answer: (line) => (line === "STARTTLS" ? answer : undefined) });
      expect(await lastErrorOf(sending([server]), solution)).to.contain(`"${said}."`);
      expect(server.sessions[0]?.inTheClear).not.to.contain("MAIL");
    });

  describe("whose handshake fails", () => {
    for (const [what, options] of [
      ["since there is none", { noHandshake: true }],
      [
        "since the peer knows TLS 1.0 only",
        { tls: { minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" } },
      ],
    ] as const)
      it(`${what}: is a failed host, and never in the clear`, async () => {
        const server = await start(options);
        const sender = sending([server]);
        const lastError = await lastErrorOf(sender, solution);
        expect(lastError).to.contain('"454 4.7.0 Failed to establish appropriate TLS channel."');
        expect(server.sessions).to.have.length(1);
        expect(server.sessions[0]?.inTheClear).to.equal("EHLO edge1.perimeter.example\r\nSTARTTLS\r\n");
        expect(sender.raised(), "nothing was required").to.deep.equal([]);
      });

    it("goes on to the next mail exchanger", async () => {
      const [bad, good] = [await start({ noHandshake: true }), await start()];
      const sender = sending([bad, good]);
      await deliver(sender);
      expect(sender.records.map(({ failure }) => failure?.slice(0, 9))).to.deep.equal(["454 4.7.0", undefined]);
      expect(good.sessions[0]?.contents).to.have.length(1);
    });

    it("is cured by IgnoreSTARTTLS", async () => {
      const server = await start({ noHandshake: true });
      await deliver(sending([server], { ignoreStartTls: true }));
      expect(server.sessions[0]?.lines).not.to.include("STARTTLS");
      expect(server.sessions[0]?.contents).to.have.length(1);
    });
  });

  describe("that requires TLS", () => {
    const required = { requireTls: true };

    it("goes nowhere without it: the peer hears EHLO and QUIT, and event 2015 says so", async () => {
      const server = await start({ offersInTheClear: ["SIZE"] });
      const sender = sending([server], required);
      expect(await lastErrorOf(sender, solution)).to.contain('"451 5.7.3 STARTTLS is required to send mail."');
      expect(server.sessions[0]?.inTheClear).to.equal("EHLO edge1.perimeter.example\r\nQUIT\r\n");
      expect(sender.raised()).to.deep.equal([[2015, "Internet", "fabrikam.example", "mx0.fabrikam.example"]]);
    });

    it("goes nowhere where it is refused", async () => {
      const server = await start({ answer: (line) => (line === "STARTTLS" ? "454 4.7.0 No" : undefined) });
      const sender = sending([server], required);
      expect(await lastErrorOf(sender, solution)).to.contain('"454 4.7.0 No."');
      expect(server.sessions[0]?.lines).to.deep.equal(["EHLO edge1.perimeter.example", "STARTTLS", "QUIT"]);
      expect(sender.raised().map(([id]) => id)).to.deep.equal([2015]);
    });

    it("goes nowhere where its handshake fails", async () => {
      const server = await start({ noHandshake: true });
      const sender = sending([server], required);
      expect(await lastErrorOf(sender, solution)).to.contain('"454 4.7.0 Failed to establish');
      expect(sender.raised().map(([id]) => id)).to.deep.equal([2015]);
    });

    it("goes on to the next mail exchanger, which has it", async () => {
      const [without, good] = [await start({ offersInTheClear: ["SIZE"] }), await start()];
      await deliver(sending([without, good], required));
      expect(good.sessions[0]?.encrypted).to.contain("MAIL FROM");
      expect(without.sessions[0]?.inTheClear).not.to.contain("MAIL");
    });

    it("judges nobody all the same", async () => {
      const sender = sending([await start()], required);
      await deliver(sender);
      expect(sender.records[0]?.authentication.by).to.equal("none");
    });

    it("goes nowhere with HELO", async () => {
      const server = await start();
      const sender = sending([server], { ...required, forceHelo: true });
      expect(await lastErrorOf(sender, solution)).to.contain('"451 5.7.3 STARTTLS is required to send mail."');
      expect(server.sessions[0]?.lines).to.deep.equal(["HELO edge1.perimeter.example", "QUIT"]);
    });
  });

  it("says HELO where it must, and uses no extension, though the peer boasts of them", async () => {
    const boasting = "250-fake.example\r\n250-SIZE\r\n250-STARTTLS\r\n250 CHUNKING";
    const server = await start({ answer: (line) => (line.startsWith("HELO") ? boasting : undefined) });
    await deliver(sending([server], { forceHelo: true }));
    expect(server.sessions[0]?.lines).to.deep.equal([
      "HELO edge1.perimeter.example",
      "MAIL FROM:<anna@proexchange.local>",
      "RCPT TO:<bob@fabrikam.example>",
      "DATA",
      "QUIT",
    ]);
  });

  it("goes to the connector's port", async () => {
    const server = await start();
    const sender = sending([], { port: 2525 });
    sender.names.setHost("mx.fabrikam.example", 2525, server.endpoint);
    sender.names.setMailExchangers("fabrikam.example", [{ host: "mx.fabrikam.example", preference: 1 }]);
    await deliver(sender);
    expect(server.sessions[0]?.contents).to.have.length(1);
  });

  it("will never be, where the domain does not exist", async () => {
    expect(await openSend(sending([]))(solution)).to.deep.equal({
      failed: { code: 554, enhanced: "5.4.4", lines: ["SMTPSEND.DNS.NonExistentDomain; nonexistent domain"] },
    });
  });

  describe("tells", () => {
    it("who refused, by its name", async () => {
      const server = await start({ answer: (line) => (line.startsWith("RCPT") ? "550 5.1.1 Unknown" : undefined) });
      const outcome = await deliver(sending([server]));
      expect(outcome.kind === "answered" && outcome.recipients[0]).to.deep.include({
        kind: "failed",
        remoteServer: "mx0.fabrikam.example",
      });
    });

    it("that mail has failed which a stranger will not have without a log-on", async () => {
      const refusal = "530 5.7.1 Client was not authenticated";
      const server = await start({ answer: (line) => (line.startsWith("MAIL") ? refusal : undefined) });
      const outcome = await deliver(sending([server]));
      expect(outcome.kind === "answered" && outcome.recipients[0]?.kind).to.equal("failed");
    });

    it("who took it, where nobody will report its delivery", async () => {
      const [silent, reporting] = [await start({ offersEncrypted: ["SIZE"] }), await start()];
      const relayedTo = async (server: FakeServer): Promise<unknown> => {
        const outcome = await deliver(sending([server]));
        return outcome.kind === "answered" && outcome.recipients[0];
      };
      expect(await relayedTo(silent)).to.deep.include({ kind: "delivered", relayedTo: "mx0.fabrikam.example" });
      expect(await relayedTo(reporting)).not.to.have.property("relayedTo");
    });
  });

  describe("lets out no header of the organization", () => {
    const within =
      "X-MS-Exchange-Organization-SCL: -1\r\nSubject: Hello\r\nx-ms-exchange-FOREST-a: 1\r\n 2\r\n\r\nHi\r\n";

    for (const [how, offers] of [
      ["BDAT", undefined],
      ["DATA", ["SIZE"]],
    ] as const)
      it(`by ${how}, and announces the size of what is left`, async () => {
        const server = await start(offers ? { offersInTheClear: offers } : {});
        await deliver(sending([server]), Buffer.from(within));
        const left = "Subject: Hello\r\n\r\nHi\r\n";
        expect(server.sessions[0]?.contents).to.deep.equal([left]);
        expect(server.sessions[0]?.lines).to.include(`MAIL FROM:<anna@proexchange.local> SIZE=${left.length}`);
      });

    for (const smartHostAuthMechanism of ["None", "ExternalAuthoritative"] as const)
      it(`to a smart host with ${smartHostAuthMechanism}`, async () => {
        const server = await start();
        const sender = sending([]);
        putConnector(sender, {
          name: "Internet",
          dnsRoutingEnabled: false,
          smartHosts: [`[${server.endpoint.address}]`],
          port: server.endpoint.port,
          smartHostAuthMechanism,
        });
        const channel = await openChannel(sender, { ...solution, deliveryType: "SmartHostConnectorDelivery" });
        await channel.deliver(newDelivery(["bob@fabrikam.example"]), Buffer.from(within));
        await channel.close();
        expect(server.sessions[0]?.contents).to.deep.equal(["Subject: Hello\r\n\r\nHi\r\n"]);
      });
  });

  it("knows its connector by name in any case, as it is when the session begins", async () => {
    const server = await start({ offersInTheClear: ["SIZE"] });
    const sender = sending([server]);
    const view: TestView = sender.organization;
    const [connector] = view.objects("sendConnector");
    await (await openChannel(sender, { ...solution, connector: "INTERNET" })).close();
    if (connector) view.put("sendConnector", { ...connector, requireTls: true });
    expect(await lastErrorOf(sender, solution)).to.contain("STARTTLS is required");
  });
});
