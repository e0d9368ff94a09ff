import { expect } from "chai";
import { makeCertificate, type MadeCertificate } from "../certificates/make.ts";
import { fakeEdge, type FakeServer, fakeServer, makePresentations, type Presentations } from "./fake-server.ts";
import { derOf, identityOf, ReceiveLab, sendContent } from "./lab.ts";

const hub = "Ex2007SE.proexchange.local";
const otherHub = "Ex2007XX.proexchange.local";
const edge = "Edge1.perimeter.example";
const refusal = "454 4.7.0 Temporary authentication failure";
const allRights =
  "*,SMTPSubmit SMTPAcceptAnyRecipient SMTPAcceptAuthenticationFlag SMTPAcceptAnySender SMTPAcceptAuthoritativeDomainSender BypassAntiSpam BypassMessageSizeLimit SMTPSendEXCH50 SMTPAcceptEXCH50 AcceptRoutingHeaders AcceptForestHeaders AcceptOrganizationHeaders SendRoutingHeaders SendForestHeaders SendOrganizationHeaders,Set Session Permissions";

describe("direct trust between Hub and Edge servers, on the receiving side", () => {
  let presentations: Presentations;
  let own: MadeCertificate;
  let other: MadeCertificate;
  let lab: ReceiveLab;

  before(async () => {
    presentations = await makePresentations();
    own = await makeCertificate({ commonName: "Ex2007SE", names: ["Ex2007SE", hub] });
    other = await makeCertificate({ commonName: "Ex2007SE", names: ["Ex2007SE", hub] });
  });
  afterEach(() => lab.close());

  /** A server whose directory publishes `own` for the Hub Ex2007SE and for the Edge server Edge1. */
  async function start(server: FakeServer): Promise<void> {
    server.published.set("Ex2007SE", derOf(own));
    server.published.set("Edge1", derOf(own));
    lab = await ReceiveLab.start(server);
  }

  for (const verb of ["STARTTLS", "X-ANONYMOUSTLS"]) {
    it(`lets a Hub in on an Edge server that presents the certificate published for it, by ${verb}`, async () => {
      await start(fakeEdge(presentations));
      const client = await lab.openSecured(hub, identityOf(own), { verb });
      expect(await client.say("MAIL FROM:<anyone@elsewhere.example> SIZE=99999999")).to.equal("250 2.1.0 Sender OK");
      expect(await client.say("RCPT TO:<someone@elsewhere.example>")).to.equal("250 2.1.5 Recipient OK");
      client.close();
      const { authentication } = await lab.server.sessionEnd();
      expect(authentication).to.deep.equal({ by: "direct-trust", identity: hub });
      expect(lab.verdicts()).to.deep.equal(["trusted: it is published"]);
      expect(lab.events()).to.deep.equal([]);
    });
  }

  it("lets an Edge server in on a Hub in the same way", async () => {
    await start(fakeServer(presentations));
    const client = await lab.openSecured("EDGE1.perimeter.example", identityOf(own));
    expect(await client.say("MAIL FROM:<a@client.example>")).to.equal("250 2.1.0 Sender OK");
    client.close();
    expect((await lab.server.sessionEnd()).authentication).to.deep.equal({ by: "direct-trust", identity: edge });
  });

  it("logs the rights it gives behind the EHLO, and nothing more", async () => {
    await start(fakeEdge(presentations));
    const client = await lab.openSecured(hub, identityOf(own));
    client.close();
    await lab.server.sessionEnd();
    const rows = lab.server.rows();
    const second = rows.lastIndexOf(`<,EHLO ${hub},`);
    expect(rows.slice(second + 1, second + 4)).to.deep.equal([
      allRights,
      ">,250-Edge1.perimeter.example Hello [127.0.0.1],",
      ">,250-SIZE,",
    ]);
    expect(rows.filter((row) => row.endsWith("authenticated"))).to.deep.equal([]);
  });

  it("keeps the organization headers that a trusted server brings, and adds them where it brings none", async () => {
    await start(fakeEdge(presentations));
    const client = await lab.openSecured(hub, identityOf(own));
    const brought = "X-MS-Exchange-Organization-AuthAs: Anonymous\r\nX-MS-Exchange-Organization-SCL: 5\r\n";
    for (const header of [brought, "Subject: none\r\n"]) {
      await client.say("MAIL FROM:<anna@proexchange.local>");
      await sendContent(client, "x@elsewhere.example", header);
    }
    const contents = lab.server.submissions.map(({ content }) => content.toString());
    expect(contents[0]?.match(/^X-MS.*$/gm)).to.deep.equal(brought.trim().split("\r\n"));
    expect(contents[1]?.match(/^X-MS.*$/gm)).to.deep.equal([
      "X-MS-Exchange-Organization-AuthAs: Internal",
      "X-MS-Exchange-Organization-AuthMechanism: 04",
      "X-MS-Exchange-Organization-AuthSource: Edge1.perimeter.example",
    ]);
  });

  for (const [what, offered] of [
    ["another certificate of the same names", () => identityOf(other)],
    ["no certificate", () => undefined],
  ] as const) {
    it(`takes no mail from a client that presents ${what}, and says so once`, async () => {
      await start(fakeEdge(presentations));
      const client = await lab.openSecured(hub, offered());
      expect(await client.say("MAIL FROM:<anna@proexchange.local>")).to.equal(refusal);
      await client.say(`EHLO ${hub}`);
      expect(await client.say("MAIL FROM:<>")).to.equal(refusal);
      client.close();
      expect((await lab.server.sessionEnd()).authentication.by).to.equal("none");
      expect(lab.events()).to.deep.equal([`1036,${offered() ? "CN=Ex2007SE" : "none"},127.0.0.1`]);
      expect(lab.verdicts()[0]).to.equal("untrusted: Ex2007SE has another");
      expect(lab.server.rows()).not.to.include(allRights);
    });
  }

  it("takes none from it by another name either: it is never treated as anonymous", async () => {
    await start(fakeEdge(presentations));
    const client = await lab.openSecured(hub, identityOf(other));
    expect(lab.events()).to.deep.equal(["1036,CN=Ex2007SE,127.0.0.1"]);
    await client.say("EHLO client.example");
    expect(await client.say("MAIL FROM:<a@client.example>")).to.equal(refusal);
  });

  it("takes none from a server that presents the certificate of another", async () => {
    await start(fakeEdge(presentations));
    const client = await lab.openSecured(otherHub, identityOf(own));
    expect(await client.say("MAIL FROM:<anna@proexchange.local>")).to.equal(refusal);
    expect(lab.events()).to.deep.equal(["1036,CN=Ex2007SE,127.0.0.1"]);
  });

  it("takes none from a trusted server that calls itself another afterwards", async () => {
    await start(fakeEdge(presentations));
    const client = await lab.openSecured(hub, identityOf(own));
    await client.say(`EHLO ${otherHub}`);
    expect(await client.say("MAIL FROM:<anna@proexchange.local>")).to.equal(refusal);
    await client.say(`EHLO ${hub}`);
    expect(await client.say("MAIL FROM:<anna@proexchange.local>")).to.equal("250 2.1.0 Sender OK");
    expect(lab.events()).to.deep.equal(["1036,CN=Ex2007SE,127.0.0.1"]);
    expect(lab.verdicts()).to.deep.equal(["trusted: it is published"]); // once in a session
  });

  it("believes no judge that trusts a client without a certificate", async () => {
    const server = fakeEdge(presentations);
    server.judgeExchangePeer = () => ({ outcome: { kind: "trusted", reason: "anybody is" }, steps: [] });
    await start(server);
    const client = await lab.openSecured(hub);
    expect(await client.say("MAIL FROM:<anna@proexchange.local>")).to.equal(refusal);
  });

  it("judges nobody where the connector does not have the ExchangeServer mechanism", async () => {
    await start(fakeEdge(presentations, { authMechanism: ["Tls"] }));
    const client = await lab.openSecured("client.example", identityOf(own), { helloInside: hub });
    expect(await client.say("MAIL FROM:<anna@proexchange.local>")).to.equal(refusal);
    expect(lab.verdicts()).to.deep.equal([]);
  });

  it("gives a trusted server no rights where the connector gives Exchange servers none", async () => {
    await start(fakeEdge(presentations, { permissionGroups: ["AnonymousUsers"] }));
    const client = await lab.openSecured(hub, identityOf(own));
    expect(await client.say("MAIL FROM:<anna@proexchange.local>")).to.equal("550 5.7.1 Command not allowed");
  });

  it("raises the events of the judgement", async () => {
    const server = fakeEdge(presentations);
    const parameters = ["CN=Ex2007SE"];
    server.judgeExchangePeer = () => ({
      outcome: { kind: "trusted", reason: "it is published" },
      steps: [{ source: "bb430753#direct-trust", text: "expired", event: { id: 12019, parameters } }],
    });
    await start(server);
    await lab.openSecured(hub, identityOf(own));
    expect(lab.events()).to.deep.equal(["12019,CN=Ex2007SE"]);
  });

  it("leaves Hubs among themselves to X-EXPS, whatever certificate they have", async () => {
    await start(fakeServer(presentations));
    const client = await lab.openSecured(hub, identityOf(own));
    expect(await client.say("MAIL FROM:<anna@proexchange.local>")).to.equal(refusal);
    expect(await client.say("X-EXPS EXCHANGEAUTH Z29vZA==")).to.equal("235 YW5zd2Vy");
    expect(await client.say("MAIL FROM:<anna@proexchange.local>")).to.equal("250 2.1.0 Sender OK");
    expect(lab.verdicts()).to.deep.equal([]);
  });
});
