import { expect } from "chai";
import type { SendConnector } from "../../../src/directory/index.ts";
import type { NextHopSolution } from "../../../src/transport/mail-item.ts";
import { type CertificateSpec, type MadeCertificate, makeCertificate } from "../certificates/make.ts";
import { type FakeServer, type FakeServerOptions, fakeServers } from "./fake-server.ts";
import { lastErrorOf, newDelivery, newSender, openChannel, putConnector, type Sender, storeOf } from "./sender.ts";

const content = Buffer.from("Subject: Hello\r\n\r\nHi\r\n");
const solution: NextHopSolution = {
  deliveryType: "DnsConnectorDelivery",
  nextHopDomain: "fabrikam.example",
  connector: "Internet",
};
const authority = (commonName: string, issuer?: MadeCertificate): Promise<MadeCertificate> =>
  makeCertificate({ commonName, names: [], authority: true, usage: null, to: "2018-01-01" }, issuer);

describe("a session with a domain-secured domain", () => {
  const { start, stop } = fakeServers();
  after(stop);

  let root: MadeCertificate;
  let intermediate: MadeCertificate;
  let foreign: MadeCertificate;
  let own: MadeCertificate;
  before(async () => {
    root = await authority("Root");
    intermediate = await authority("Intermediate", root);
    foreign = await authority("Somebody else's");
    own = await makeCertificate({ commonName: "mail.proexchange.example", names: ["mail.proexchange.example"] }, root);
  });

  /** A partner's certificate, with whatever the test is about. */
  const partners = (spec: CertificateSpec = {}, issuer: MadeCertificate | undefined = root) =>
    makeCertificate({ commonName: "mail.fabrikam.example", names: ["mail.fabrikam.example"], ...spec }, issuer);

  /** A partner's mail host. */
  const startPartner = (presents: readonly MadeCertificate[], options: FakeServerOptions = {}): Promise<FakeServer> =>
    start({ presents, asksForCertificate: true, ...options });

  /** An Edge server that secures mail to fabrikam.example, where these are the mail exchangers of that domain. */
  function securing(
    servers: readonly FakeServer[],
    connector: Partial<SendConnector> = {},
    changes: Parameters<typeof newSender>[0] = {},
  ): Sender {
    const sender = newSender({
      name: "Edge1",
      fqdn: "edge1.perimeter.example",
      role: "edge",
      store: storeOf(own),
      trust: { roots: [root.certificate] },
      ...changes,
    });
    sender.organization.put("transportConfig", {
      tlsSendDomainSecureList: ["Fabrikam.example"],
      tlsReceiveDomainSecureList: [],
      internalSmtpServers: [],
    });
    putConnector(sender, {
      name: "Internet",
      fqdn: "mail.proexchange.example",
      domainSecureEnabled: true,
      ...connector,
    });
    const exchangers = servers.map(({ endpoint }, n) => {
      sender.names.setHost(`mx${n}.fabrikam.example`, 25, endpoint);
      return { host: `mx${n}.fabrikam.example`, preference: n };
    });
    for (const domain of ["fabrikam.example", "contoso.example"]) sender.names.setMailExchangers(domain, exchangers);
    return sender;
  }

  it("goes where both certificates hold, and leaves the rows of both", async () => {
    const certificate = await partners();
    const server = await startPartner([certificate]);
    const sender = securing([server]);
    const channel = await openChannel(sender, solution);
    await channel.deliver(newDelivery(["bob@fabrikam.example"]), content);
    await channel.close();

    const rows = sender.shown();
    const tls = rows.slice(rows.indexOf(">,STARTTLS,"), rows.lastIndexOf(">,EHLO mail.proexchange.example,"));
    expect(tls).to.deep.equal([
      ">,STARTTLS,",
      "<,220 2.0.0 SMTP server ready,",
      "*,,Sending certificate",
      "*,CN=mail.proexchange.example,Certificate subject",
      "*,CN=Root,Certificate issuer name",
      `*,${own.certificate.serialNumber},Certificate serial number`,
      `*,${own.certificate.thumbprint},Certificate thumbprint`,
      "*,mail.proexchange.example,Certificate alternate names",
      "*,,Received certificate",
      `*,${certificate.certificate.thumbprint},Certificate thumbprint`,
      "*,,Server certificate chain validation status: 'Valid'",
    ]);
    expect(server.sessions[0]?.clientCertificate).to.equal(own.certificate.thumbprint);
    expect(server.sessions[0]?.contents).to.deep.equal([content.toString()]);
    expect(sender.records[0]).to.deep.include({
      authentication: { by: "chain", identity: "fabrikam.example" },
      failure: undefined,
    });
    expect(sender.records[0]?.tls).to.deep.include({ presented: own.certificate.thumbprint });
    expect(sender.decisions.map(({ about }) => about)).to.deep.equal(["starttls-certificate", "peer-certificate"]);
  });

  it("takes a chain that the partner sends along", async () => {
    const leaf = await partners({}, intermediate);
    const sender = securing([await startPartner([leaf, intermediate])]);
    await (await openChannel(sender, solution)).close();
    expect(sender.records[0]?.authentication.by).to.equal("chain");
  });

  it("strips the headers of the organization", async () => {
    const server = await startPartner([await partners()]);
    const channel = await openChannel(securing([server]), solution);
    const within = Buffer.concat([Buffer.from("X-MS-Exchange-Organization-SCL: -1\r\n"), content]);
    await channel.deliver(newDelivery(["bob@fabrikam.example"]), within);
    await channel.close();
    expect(server.sessions[0]?.contents).to.deep.equal([content.toString()]);
  });

  describe("says nothing more after the handshake, and waits, where the partner's certificate", () => {
    const cases: readonly [what: string, status: string, present: () => Promise<readonly MadeCertificate[]>][] = [
      ["has expired", "CertificateExpired", async () => [await partners({ from: "2007-01-01", to: "2008-02-01" })]],
      ["is not valid yet", "CertificateNotYetValid", async () => [await partners({ from: "2008-06-01" })]],
      ["signs itself", "UntrustedRoot", async () => [await makeCertificate({ names: ["fabrikam.example"] })]],
      ["is from an authority that nobody trusts", "UntrustedRoot", async () => [await partners({}, foreign), foreign]],
      ["comes without its chain", "PartialChain", async () => [await partners({}, intermediate)]],
      [
        "is for another domain",
        "SubjectMismatch",
        async () => [await partners({ commonName: "contoso.example", names: ["contoso.example"] })],
      ],
      ["is not for servers", "InvalidUsage", async () => [await partners({ usage: "clientAuth" })]],
    ];
    for (const [what, status, present] of cases)
      it(`${what}: ${status}`, async () => {
        const server = await startPartner(await present());
        const sender = securing([server]);
        const lastError = await lastErrorOf(sender, solution);
        await server.sessions[0]?.ended;
        expect(lastError).to.contain(`responded with: "454 4.7.5 Certificate validation failure, Reason:${status}."`);
        expect(server.sessions[0]?.encrypted).to.equal("");
        expect(server.sessions[0]?.inTheClear).to.equal("EHLO mail.proexchange.example\r\nSTARTTLS\r\n");
        expect(sender.raised()).to.deep.equal([[11017, "fabrikam.example", "Internet", status]]);
        expect(sender.shown().slice(-2)).to.deep.equal([
          `*,,Server certificate chain validation status: '${status}'`,
          "-,,Local",
        ]);
        expect(sender.records[0]).to.deep.include({ authentication: { by: "none", identity: "" } });
      });
  });

  it("goes on to the next mail exchanger where one is not trusted", async () => {
    const bad = await startPartner([await partners({}, foreign)]);
    const good = await startPartner([await partners()]);
    const sender = securing([bad, good]);
    await (await openChannel(sender, solution)).close();
    expect(good.sessions[0]?.lines.at(-1)).to.equal("QUIT");
    expect(bad.sessions[0]?.encrypted).to.equal("");
  });

  describe("never is in the clear", () => {
    it("where the partner offers no TLS: it hears EHLO and QUIT", async () => {
      const server = await startPartner([await partners()], { offersInTheClear: ["SIZE"] });
      const sender = securing([server]);
      expect(await lastErrorOf(sender, solution)).to.contain('"451 5.7.3 STARTTLS is required to send mail."');
      expect(server.sessions[0]?.inTheClear).to.equal("EHLO mail.proexchange.example\r\nQUIT\r\n");
      expect(sender.raised()).to.deep.equal([[11016, "fabrikam.example", "Internet"]]);
    });

    it("where the partner refuses it", async () => {
      const answer = (line: string): string | undefined => (line === "STARTTLS" ? "454 4.7.0 No" : undefined);
      const server = await startPartner([await partners()], { answer });
      const sender = securing([server]);
      expect(await lastErrorOf(sender, solution)).to.contain('"454 4.7.0 No."');
      expect(sender.raised()).to.deep.equal([[2015, "Internet", "fabrikam.example", "mx0.fabrikam.example"]]);
      expect(server.sessions[0]?.lines.at(-1)).to.equal("QUIT");
    });
  });

  describe("without a certificate of its own", () => {
    for (const [what, store] of [
      ["has none", () => storeOf()],
      ["has one for another name", async () => storeOf(await makeCertificate({ names: ["edge1.perimeter.example"] }))],
    ] as const)
      it(`goes no further than EHLO where it ${what}`, async () => {
        const server = await startPartner([await partners()]);
        const sender = securing([server], {}, { store: await store() });
        expect(await lastErrorOf(sender, solution)).to.contain(
          '"454 4.7.5 No certificate for mail.proexchange.example could be found."',
        );
        expect(server.sessions[0]?.inTheClear).to.equal("EHLO mail.proexchange.example\r\nQUIT\r\n");
        const name = "mail.proexchange.example";
        expect(sender.raised()).to.deep.equal([[12014, name, "Internet", name]]);
      });
  });

  for (const [what, changes] of [
    ["is not domain-secure", { domainSecureEnabled: false }],
    ["ignores STARTTLS", { ignoreStartTls: true }],
  ] as const)
    it(`does not begin over a connector that ${what}, though it would be opportunistic TLS for others`, async () => {
      const server = await startPartner([await partners()]);
      const sender = securing([server], changes);
      expect(await lastErrorOf(sender, solution)).to.equal(
        `451 5.7.3 Domain fabrikam.example is in TLSSendDomainSecureList, but Send connector Internet ${what}`,
      );
      expect(server.sessions).to.deep.equal([]);
      await (await openChannel(sender, { ...solution, nextHopDomain: "contoso.example" })).close();
      expect(server.sessions).to.have.length(1);
    });

  it("is opportunistic, with nobody judged, for a domain that is not listed", async () => {
    const server = await startPartner([await partners({}, foreign)]);
    const sender = securing([server]);
    await (await openChannel(sender, { ...solution, nextHopDomain: "contoso.example" })).close();
    expect(sender.records[0]?.authentication.by).to.equal("none");
    expect(server.sessions[0]?.clientCertificate).to.equal(undefined);
  });

  it("is none to a smart host: its recipients wait there, and the others' mail goes", async () => {
    const server = await start();
    const sender = securing([]);
    putConnector(sender, {
      name: "Relay",
      dnsRoutingEnabled: false,
      smartHosts: ["[127.0.0.1]"],
      port: server.endpoint.port,
    });
    const relay: NextHopSolution = {
      deliveryType: "SmartHostConnectorDelivery",
      nextHopDomain: "[127.0.0.1]",
      connector: "Relay",
    };
    const channel = await openChannel(sender, relay);
    const to = ["a@contoso.example", "bob@fabrikam.example", "c@contoso.example"];
    const outcome = await channel.deliver(newDelivery(to), content);
    const none = await channel.deliver(newDelivery(["bob@Fabrikam.example"]), content);
    await channel.close();

    expect(outcome.kind === "answered" && outcome.recipients.map(({ kind }) => kind)).to.deep.equal([
      "delivered",
      "deferred",
      "delivered",
    ]);
    expect(none.kind === "answered" && none.recipients.map(({ kind, reply }) => [kind, reply.code])).to.deep.equal([
      ["deferred", 451],
    ]);
    expect(server.sessions[0]?.encrypted).not.to.match(/fabrikam/i);
    expect(server.sessions[0]?.contents).to.have.length(1);
  });
});
