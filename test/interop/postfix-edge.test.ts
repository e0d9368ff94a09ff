import { join } from "node:path";
import { expect } from "chai";
import { type Endpoint, formatEndpoint, type SessionRecord } from "../../src/smtp/index.ts";
import { fact } from "../helpers/facts.ts";
import { declaredTopology, type Place, startTestLab, type TestLab, usePlace } from "../helpers/lab.ts";
import { freeEndpoint, type Postfix, startPostfix } from "../helpers/postfix.ts";
import { withTool } from "../helpers/tools.ts";

const hub = "Ex2007EE";
const edge = "EDGE1";
const connector = `"${edge}\\Default internal receive connector ${edge}"`;
const organization = "proexchange.example";
const anna = `anna@${organization}`;

/** The organization: anna on a Hub, and an Edge server that is subscribed to it. Lab time is the real one. */
const labWith = (server: { certificates?: { issuer: string; names: string[] }[]; trusts?: string[] }) => ({
  organization: "proexchange",
  domains: [organization],
  sites: { SiteA: {} },
  servers: {
    [hub]: { site: "SiteA", roles: ["HubTransport" as const, "Mailbox" as const] },
    [edge]: {
      roles: ["EdgeTransport" as const],
      subscription: "SiteA",
      protocolLogging: "Verbose" as const,
      ...server,
    },
  },
  mailboxes: { anna: { server: hub } },
});

/** The way to the Edge server, in Postfix's words. */
function wayTo(lab: TestLab): string {
  const found = lab.listeners().find(({ server }) => server === edge);
  if (!found) throw new Error(`${edge} listens nowhere`);
  return `[${found.endpoint.address}]:${found.endpoint.port}`;
}

/** The Edge server's record of the session in which it handed a message over, or took it. */
const sessionWith = (lab: TestLab, side: "send" | "receive", id: string): Promise<SessionRecord> =>
  fact(lab.facts, () =>
    lab.facts.sessions().find((one) => one.side === side && one.server === edge && one.messages.includes(id)),
  );

/** The events that the Edge server has raised about a domain, by id. */
const eventsAbout = (lab: TestLab, domain: string): number[] =>
  lab.facts
    .events()
    .filter(({ parameters }) => parameters.includes(domain))
    .map(({ id }) => id);

/** Sets what only Hubs may set, and has EdgeSync bring it to the Edge server. */
async function configure(lab: TestLab, ...lines: string[]): Promise<void> {
  for (const line of [...lines, "Start-EdgeSynchronization"]) await lab.shell(hub, line);
}

/** Where the lab has left what a server elsewhere takes part in TLS with. */
const tlsFile = (place: Place, host: string, name: string): string =>
  join(place.path, "data/world", host, "tls", `${name}.pem`);

/** Postfix's parameters for it, as a client (`smtp`) or as a server (`smtpd`). */
const presents = (end: "smtp" | "smtpd", place: Place, host: string): Record<string, string> => ({
  [`${end}_tls_cert_file`]: tlsFile(place, host, "certificate"),
  [`${end}_tls_key_file`]: tlsFile(place, host, "key"),
});

describe("Postfix as an Internet partner", () => {
  before(withTool("postfix"));
  const place = usePlace();
  const [name, carol] = ["mail.fabrikam.example", "carol@fabrikam.example"];
  let lab: TestLab;
  let postfix: Postfix;

  before(async function () {
    this.timeout(60_000); // lab and Postfix both start here
    const at = await freeEndpoint();
    const host = { domains: ["fabrikam.example"], at: formatEndpoint(at), certificate: "self-signed" as const };
    lab = await startTestLab(place, { topology: declaredTopology(labWith({}), { hosts: { [name]: host } }) });
    await configure(lab, `Set-SendConnector "EdgeSync - SiteA to Internet" -ProtocolLoggingLevel Verbose`);
    await lab.shell(edge, `Set-ReceiveConnector ${connector} -TarpitInterval 00:00:00`);
    postfix = await startPostfix(place, {
      name,
      at,
      mailboxes: [carol],
      transports: { [organization]: `smtp:${wayTo(lab)}` },
      settings: {
        ...presents("smtpd", place, name),
        smtpd_tls_security_level: "may",
        smtp_tls_security_level: "encrypt",
      },
    });
  });

  it("takes mail from the Edge server over TLS, and nothing that stays in the organization", async () => {
    const id = await lab.sendAndSettle({ from: "anna", to: [carol], subject: "Greetings" });
    expect(await postfix.fateOf(id)).to.deep.equal({ status: "sent", said: "delivered to maildir" });
    const [content = "", ...more] = await postfix.inbox(carol);
    expect(more).to.deep.equal([]);
    const [header = ""] = content.split("\n\n");
    expect(header).to.match(/^Received: from EDGE1\.proexchange\.example .*\n\t\(using TLSv1\.3 /m);
    expect(header).to.match(/^Subject: Greetings$/m);
    expect(header).not.to.match(/X-MS-Exchange-Organization/i);

    const session = await sessionWith(lab, "send", id);
    expect(session.tls).to.include({ verb: "STARTTLS", protocol: "TLSv1.3" });
    expect(session.tls?.received?.thumbprint).to.equal(lab.outsideHosts()[0]?.certificates[0]?.thumbprint);
    expect(session.authentication.by).to.equal("none");
    const rows = (await lab.rows(edge, "SmtpSend")).filter(({ sessionId }) => sessionId === session.sessionId);
    expect(rows.map(({ event, data }) => `${event} ${data}`))
      .to.include("> STARTTLS")
      .and.to.include("< 220 2.0.0 Ready to start TLS");
  });

  it("sends to a mailbox over TLS, though it cannot know whose certificate the Edge server presents", async () => {
    const { status, said } = await postfix.send({ from: carol, to: anna, subject: "Thank you" });
    expect(said).to.match(/^250 2\.6\.0 <.*> Queued mail for delivery$/);
    expect(status).to.equal("sent");
    await postfix.logs(/ Untrusted TLS connection established to .*: TLSv1\.3 with cipher /);
    await lab.settled();
    const [content = "", ...more] = await lab.inbox("anna");
    expect(more).to.deep.equal([]);
    expect(content)
      .to.match(/^Subject: Thank you\r$/m)
      .and.to.match(/^X-MS-Exchange-Organization-AuthAs: Anonymous\r$/m);
    expect(content.replaceAll(/\r\n /g, " ")).to.match(
      /^Received: from mail\.fabrikam\.example \(127\.255\.[\d.]+\) by EDGE1\.proexchange\.example .* \(TLS\) /m,
    );
  });

  it("hears at once that a mailbox is not there, and tells the sender", async () => {
    const { status, said } = await postfix.send({ from: carol, to: `nobody@${organization}`, subject: "Anybody?" });
    expect(status).to.equal("bounced");
    expect(said).to.match(/ said: 550 5\.1\.1 User unknown \(in reply to RCPT TO command\)/);
    const [, report] = await postfix.logs(/ sender non-delivery notification: (\w+)\n/);
    await postfix.logs(new RegExp(`${report}: to=<${carol}>.* status=sent \\(delivered to maildir\\)\n`));
    const words = /^Final-Recipient: .*nobody@[\s\S]*^Diagnostic-Code: smtp; 550 5\.1\.1 User unknown$/m;
    expect((await postfix.inbox(carol)).filter((content) => words.test(content))).to.have.length(1);
  });
});

describe("Postfix as a Domain Security partner", () => {
  before(withTool("postfix"));
  const place = usePlace();
  const dave = "dave@woodgrove.example";
  const erin = "erin@litware.example";
  let lab: TestLab;
  let woodgrove: Postfix;
  let litware: Postfix;
  let bare: Postfix;

  before(async function () {
    this.timeout(60_000); // lab and Postfix both start here
    const places = await Promise.all([freeEndpoint(), freeEndpoint(), freeEndpoint()]);
    const host = (domain: string, place: Endpoint, issuer: string) => ({
      domains: [domain],
      at: formatEndpoint(place),
      certificate: { issuer, names: [`mail.${domain}`, domain] },
    });
    const world = {
      authorities: {
        "Proexchange Root": {},
        "Proexchange Issuing": { issuedBy: "Proexchange Root" },
        "Woodgrove Root": {},
        "Woodgrove Issuing": { issuedBy: "Woodgrove Root" },
        "Litware Root": {},
      },
      hosts: {
        "mail.woodgrove.example": host("woodgrove.example", places[0], "Woodgrove Issuing"),
        "mail.litware.example": host("litware.example", places[1], "Litware Root"),
      },
    };
    const server = {
      certificates: [{ issuer: "Proexchange Issuing", names: [`EDGE1.${organization}`, organization] }],
      trusts: ["Proexchange Root", "Woodgrove Root"],
    };
    lab = await startTestLab(place, { topology: declaredTopology(labWith(server), world) });
    const domains = "woodgrove.example,litware.example";
    await configure(
      lab,
      `Set-TransportConfig -TLSSendDomainSecureList ${domains} -TLSReceiveDomainSecureList ${domains}`,
      `Set-SendConnector "EdgeSync - SiteA to Internet" -DomainSecureEnabled $true`,
    );
    await lab.shell(edge, `Set-ReceiveConnector ${connector} -DomainSecureEnabled $true -TarpitInterval 00:00:00`);

    const partner = (name: string, at: Endpoint, mailbox: string, clientCertificate: Record<string, string>) =>
      startPostfix(place, {
        name,
        at,
        mailboxes: [mailbox],
        transports: { [organization]: `smtp:${wayTo(lab)}` },
        settings: {
          ...presents("smtpd", place, `mail.${mailbox.split("@")[1]}`),
          ...clientCertificate,
          // In: whoever shows no certificate of an authority that it knows, is not served.
          smtpd_tls_security_level: "encrypt",
          smtpd_tls_ask_ccert: "yes",
          smtpd_tls_req_ccert: "yes",
          smtpd_tls_CAfile: tlsFile(place, "mail.woodgrove.example", "authorities"),
          // Out: only to a certificate with the name of the organization's Edge server.
          smtp_tls_policy_maps: `inline:{ { ${wayTo(lab)} = verify match=EDGE1.${organization} } }`,
          smtp_tls_security_level: "verify",
          smtp_tls_CAfile: tlsFile(place, "mail.woodgrove.example", "authorities"),
        },
      });
    const withCertificate = (name: string) => presents("smtp", place, name);
    [woodgrove, litware, bare] = await Promise.all([
      partner("mail.woodgrove.example", places[0], dave, withCertificate("mail.woodgrove.example")),
      partner("mail.litware.example", places[1], erin, withCertificate("mail.litware.example")),
      partner("bare.woodgrove.example", places[2], dave, {}),
    ]);
  });

  it("takes mail from the Edge server, which has verified it and which it has verified", async () => {
    const id = await lab.sendAndSettle({ from: "anna", to: [dave], subject: "Contract" });
    expect(await woodgrove.fateOf(id)).to.deep.equal({ status: "sent", said: "delivered to maildir" });
    await woodgrove.logs(/ Trusted TLS connection established from .*: TLSv1\.3 with cipher /);
    const [content = "", ...more] = await woodgrove.inbox(dave);
    expect(more).to.deep.equal([]);
    expect(content).to.match(
      /\(Client CN "EDGE1\.proexchange\.example", Issuer "Proexchange Issuing" \(verified OK\)\)/,
    );
    const session = await sessionWith(lab, "send", id);
    expect(session.authentication.by).to.equal("chain");
    const made = lab.outsideHosts().find(({ name }) => name === "mail.woodgrove.example")?.certificates[0];
    expect(session.tls?.received?.thumbprint).to.equal(made?.thumbprint);
  });

  it("sends to the Edge server, which it has verified, and what it sends is marked as a partner's", async () => {
    const { status, said } = await woodgrove.send({ from: dave, to: anna, subject: "Signed" });
    expect(said).to.match(/^250 2\.6\.0 <(.*)> Queued mail for delivery$/);
    expect(status).to.equal("sent");
    await woodgrove.logs(/ Verified TLS connection established to .*: TLSv1\.3 with cipher /);
    await lab.settled();
    const [content = "", ...more] = await lab.inbox("anna");
    expect(more).to.deep.equal([]);
    expect(content).to.match(/^Subject: Signed\r$/m);
    expect(content).to.match(/^X-MS-Exchange-Organization-AuthAs: Partner\r$/m);
    expect(content).to.match(/^X-MS-Exchange-Organization-AuthDomain: woodgrove\.example\r$/m);
    const session = await sessionWith(lab, "receive", said.split(" ")[2] ?? "");
    expect(session.authentication).to.deep.equal({ by: "chain", identity: "woodgrove.example" });
  });

  it("is refused without its certificate, and keeps its mail", async () => {
    const before = (await lab.inbox("anna")).length;
    const { status, said } = await bare.send({ from: dave, to: anna, subject: "Unsigned" });
    expect(said).to.match(/ said: 454 4\.7\.5 Certificate validation failure \(in reply to MAIL FROM command\)/);
    expect(status).to.equal("deferred");
    await lab.settled();
    expect(await lab.inbox("anna")).to.have.length(before);
    expect(eventsAbout(lab, "woodgrove.example")).to.deep.equal([11013]);
  });

  it("whose authority the Edge server does not trust gets no mail: it waits on the Edge server", async () => {
    const id = await lab.sendAndSettle({ from: "anna", to: [erin], subject: "Offer" });
    const waiting = (await lab.server(edge).queues()).filter(({ messages }) => messages.includes(id));
    expect(waiting).to.have.length(1);
    expect(waiting[0]).to.include({ status: "Retry", nextHopDomain: "litware.example" });
    expect(waiting[0]?.lastError).to.match(/454 4\.7\.5 Certificate validation failure/);
    await litware.logs(/ lost connection after STARTTLS from /); // as far as the Edge server needs to see who is there
    expect(litware.log()).not.to.include(id);
    expect(await litware.inbox(erin)).to.deep.equal([]);
    expect(eventsAbout(lab, "litware.example")).to.include(11017);
  });

  it("whose authority the Edge server does not trust is refused, and keeps its mail", async () => {
    const before = (await lab.inbox("anna")).length;
    const { status, said } = await litware.send({ from: erin, to: anna, subject: "Question" });
    expect(said).to.match(/ said: 454 4\.7\.5 Certificate validation failure \(in reply to MAIL FROM command\)/);
    expect(status).to.equal("deferred");
    await lab.settled();
    expect(await lab.inbox("anna")).to.have.length(before);
    expect(eventsAbout(lab, "litware.example")).to.include(11014);
  });
});
