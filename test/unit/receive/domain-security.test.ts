import { expect } from "chai";
import { makeCertificate, type MadeCertificate } from "../certificates/make.ts";
import {
  type ConnectorChanges,
  fakeEdge,
  type FakeServer,
  fakeServer,
  makePresentations,
  type Presentations,
} from "./fake-server.ts";
import { derOf, identityOf, ReceiveLab, sendContent } from "./lab.ts";
import type { RawClient } from "./raw-client.ts";

const connector = "Default internal receive connector Edge1";
const accepted = "250 2.1.0 Sender OK";
const refused = "454 4.7.5 Certificate validation failure";
const partnerRights = "*,SMTPSubmit AcceptRoutingHeaders,Set Session Permissions";
const anonymousRights =
  "*,SMTPSubmit SMTPAcceptAnySender SMTPAcceptAuthoritativeDomainSender AcceptRoutingHeaders,Set Session Permissions";

describe("Domain Security, on the receiving side", () => {
  let presentations: Presentations;
  let own: MadeCertificate;
  let other: MadeCertificate;
  let lab: ReceiveLab;

  before(async () => {
    presentations = await makePresentations();
    own = await makeCertificate({ commonName: "mail.secured.example", names: ["secured.example"] });
    other = await makeCertificate({ commonName: "mail.safe.example", names: ["safe.example"] });
  });
  afterEach(() => lab.close());

  /** A server for which secured.example and safe.example are secured domains, each with its certificate. */
  async function start(server: FakeServer): Promise<void> {
    server.securedDomains.set("secured.example", derOf(own));
    server.securedDomains.set("safe.example", derOf(other));
    lab = await ReceiveLab.start(server);
  }
  const startEdge = (changes: ConnectorChanges = {}): Promise<void> => start(fakeEdge(presentations, changes));
  const partner = (): Promise<RawClient> => lab.openSecured("mail.secured.example", identityOf(own));
  const mail = (client: RawClient, from: string): Promise<string> => client.say(`MAIL FROM:<${from}>`);
  /** The X-MS headers of the last message that was taken. */
  const marks = (): string[] =>
    lab.server.submissions
      .at(-1)
      ?.content.toString()
      .match(/^X-MS.*$/gm) ?? [];

  it("takes mail from a secured domain whose certificate holds, as a partner's, and marks it", async () => {
    await startEdge();
    const client = await partner();
    expect(await mail(client, "a@Secured.Example")).to.equal(accepted);
    expect(await sendContent(client, "b@proexchange.local")).to.match(/^250 2\.6\.0/);
    expect(marks()).to.deep.equal([
      "X-MS-Exchange-Organization-AuthAs: Partner",
      "X-MS-Exchange-Organization-AuthDomain: secured.example",
      "X-MS-Exchange-Organization-AuthSource: Edge1.perimeter.example",
    ]);
    const chain = { by: "chain", identity: "secured.example" };
    expect(lab.server.submissions[0]?.session.authentication).to.deep.equal(chain);
    expect([...(lab.server.submissions[0]?.session.permissions ?? [])]).to.deep.equal([
      "SMTPSubmit",
      "AcceptRoutingHeaders",
    ]);
    client.close();
    expect((await lab.server.sessionEnd()).authentication).to.deep.equal(chain);
    expect(lab.verdicts()).to.deep.equal(["trusted: its chain holds"]);
    expect(lab.events()).to.deep.equal([]);
  });

  it("logs a partner's rights between MAIL and its reply, and the session's own again behind the message", async () => {
    await startEdge();
    const client = await partner();
    await mail(client, "a@secured.example");
    await sendContent(client, "b@proexchange.local");
    const rows = lab.server.rows();
    const begin = rows.indexOf("<,MAIL FROM:<a@secured.example>,");
    expect(rows[begin + 1]).to.equal("*,,Client certificate chain validation status: 'Valid'");
    expect(rows[begin + 2]).to.equal(partnerRights);
    expect(rows[begin + 3]).to.match(/receiving message$/);
    expect(rows.slice(-2)[0]).to.equal(anonymousRights);
    expect(rows.at(-1)).to.match(/^>,250 2\.6\.0/);
  });

  it("gives a partner no right to relay, nor to write to somebody who does not exist", async () => {
    await startEdge();
    const client = await partner();
    await mail(client, "a@secured.example");
    expect(await client.say("RCPT TO:<x@elsewhere.example>")).to.equal("550 5.7.1 Unable to relay");
    expect(await client.say("RCPT TO:<ghost@proexchange.local>")).to.equal("550 5.1.1 User unknown");
  });

  it("strips what a partner may not bring", async () => {
    await startEdge();
    const client = await partner();
    await mail(client, "a@secured.example");
    await sendContent(client, "b@proexchange.local", "X-MS-Exchange-Organization-SCL: -1\r\n");
    expect(marks().join()).not.to.contain("SCL");
  });

  it("refuses it in the clear", async () => {
    await startEdge();
    const client = await lab.open();
    await client.say("EHLO mail.secured.example");
    expect(await mail(client, "a@secured.example")).to.equal("451 5.7.3 Must issue a STARTTLS command first");
    expect(await mail(client, "a@elsewhere.example")).to.equal(accepted);
    expect(lab.events()).to.deep.equal([`11012,secured.example,${connector}`]);
  });

  it("refuses it from a client without a certificate, whatever the judge says", async () => {
    const server = fakeEdge(presentations);
    server.judgePartner = () => ({
      outcome: { kind: "trusted", reason: "anybody is", status: "Valid" },
      steps: [],
    });
    await start(server);
    const client = await lab.openSecured("mail.secured.example");
    expect(await mail(client, "a@secured.example")).to.equal(refused);
    expect(lab.events()).to.deep.equal([`11013,secured.example,${connector}`]);
    expect(lab.server.rows()).to.include("*,,Client certificate chain validation status: 'EmptyCertificate'");
  });

  it("refuses it where the certificate is not to be trusted, and tells its status", async () => {
    await startEdge();
    const client = await lab.openSecured("mail.secured.example", identityOf(other));
    expect(await mail(client, "a@secured.example")).to.equal(refused);
    expect(lab.events()).to.deep.equal([`11014,secured.example,${connector},UntrustedRoot`]);
    expect(lab.verdicts()).to.deep.equal(["untrusted: its root is not trusted"]);
    expect(lab.server.rows()).to.include("*,,Client certificate chain validation status: 'UntrustedRoot'");
    expect(lab.server.rows()).not.to.include(partnerRights);
  });

  it("refuses it where the certificate does not name the domain", async () => {
    const server = fakeEdge(presentations);
    server.judgePartner = () => ({
      outcome: { kind: "untrusted", reason: "it names others", status: "SubjectMismatch" },
      steps: [],
    });
    await start(server);
    expect(await mail(await partner(), "a@secured.example")).to.equal(refused);
    expect(lab.events()).to.deep.equal([`11015,secured.example,${connector}`]);
  });

  it("refuses it where the connector gives partners no right", async () => {
    await startEdge({ permissionGroups: ["AnonymousUsers", "ExchangeServers"] });
    const client = await partner();
    expect(await mail(client, "a@secured.example")).to.equal("550 5.7.1 Command not allowed");
    expect(await mail(client, "a@elsewhere.example")).to.equal(accepted);
  });

  it("takes it where only partners are let in, and nobody else's", async () => {
    await startEdge({ permissionGroups: ["Partners"] });
    const client = await partner();
    expect(await mail(client, "a@elsewhere.example")).to.equal("530 5.7.1 Client was not authenticated");
    expect(await mail(client, "a@secured.example")).to.equal(accepted);
  });

  it("refuses it at a connector that is not domain-secure, and says that the settings do not fit", async () => {
    await startEdge({ domainSecureEnabled: false });
    expect(await mail(await partner(), "a@secured.example")).to.equal(refused);
    expect(lab.events()).to.deep.equal([`11011,secured.example,${connector}`]);
  });

  it("says nothing of such settings where nobody unknown may send anyway", async () => {
    await start(fakeServer(presentations));
    expect(await mail(await partner(), "a@secured.example")).to.equal("530 5.7.1 Client was not authenticated");
    expect(lab.events()).to.deep.equal([]);
  });

  it("asks nothing of the null sender, who belongs to no domain", async () => {
    await startEdge();
    lab.server.securedDomains.set("", derOf(own));
    const client = await lab.open();
    await client.say("EHLO mail.secured.example");
    expect(await mail(client, "")).to.equal(accepted);
  });

  it("asks nothing of an Exchange server that brings such mail on, and keeps its mark", async () => {
    const server = fakeEdge(presentations);
    server.published.set("Ex2007SE", derOf(other));
    await start(server);
    const client = await lab.openSecured("Ex2007SE.proexchange.local", identityOf(other));
    expect(await mail(client, "a@secured.example")).to.equal(accepted);
    const mark = [
      "X-MS-Exchange-Organization-AuthAs: Partner",
      "X-MS-Exchange-Organization-AuthDomain: secured.example",
    ];
    await sendContent(client, "x@elsewhere.example", `${mark.join("\r\n")}\r\n`);
    expect(marks()).to.deep.equal(mark);
  });

  it("asks nothing of somebody who logged on, nor of a peer that is believed without proof", async () => {
    const server = fakeServer(presentations, { authMechanism: ["BasicAuth"] });
    server.securedDomains.set("proexchange.local", derOf(own));
    await start(server);
    const user = await lab.open();
    await user.say("EHLO client.example");
    await user.say("AUTH LOGIN YW5uYQ==");
    await user.say("c2VjcmV0");
    expect(await mail(user, "anna@proexchange.local")).to.equal(accepted);
    await sendContent(user, "b@proexchange.local");
    expect(marks()).to.deep.equal([
      "X-MS-Exchange-Organization-AuthAs: Internal",
      "X-MS-Exchange-Organization-AuthMechanism: 06",
      "X-MS-Exchange-Organization-AuthSource: Ex2007EE.proexchange.local",
    ]);
    await lab.close();

    const believed: ConnectorChanges = {
      authMechanism: ["ExternalAuthoritative"],
      permissionGroups: ["ExchangeServers"],
    };
    await start(fakeServer(presentations, believed));
    const gateway = await lab.open();
    await gateway.say("EHLO client.example");
    expect(await mail(gateway, "a@secured.example")).to.equal(accepted);
    await sendContent(gateway, "b@proexchange.local");
    expect(marks()[0]).to.equal("X-MS-Exchange-Organization-AuthAs: Internal");
  });

  describe("with several messages in one session", () => {
    it("judges each by its own sender: a partner's rights end with its message", async () => {
      await startEdge();
      const client = await partner();
      await mail(client, "a@secured.example");
      await sendContent(client, "b@proexchange.local");
      expect(await mail(client, "a@elsewhere.example")).to.equal(accepted);
      await sendContent(client, "b@proexchange.local");
      expect(marks()).to.deep.equal([
        "X-MS-Exchange-Organization-AuthAs: Anonymous",
        "X-MS-Exchange-Organization-AuthSource: Edge1.perimeter.example",
      ]);
      expect(lab.server.submissions[1]?.session.authentication.by).to.equal("none");
      expect(await mail(client, "a@safe.example")).to.equal(refused);
      expect(await mail(client, "a@secured.example")).to.equal(accepted);
      client.close();
      expect((await lab.server.sessionEnd()).authentication.identity).to.equal("secured.example");
    });

    for (const [what, how] of [
      ["RSET", (client: RawClient) => client.say("RSET")],
      ["EHLO", (client: RawClient) => client.say("EHLO mail.secured.example")],
      [
        "content that is refused",
        async (client: RawClient) => {
          await client.say("RCPT TO:<b@proexchange.local>");
          expect(await client.say("BDAT 8 LAST\r\nA: 1\r\n\r")).to.match(/^552 5\.3\.4/);
        },
      ],
    ] as const) {
      it(`is itself again after ${what}`, async () => {
        await startEdge({ maxHeaderSizeBytes: 1 });
        const client = await partner();
        await mail(client, "a@secured.example");
        await how(client);
        const rows = lab.server.rows().filter((row) => row.endsWith("Set Session Permissions"));
        expect(rows).to.deep.equal([anonymousRights, partnerRights, anonymousRights]);
      });
    }

    it("is itself again when its MAIL is refused after all", async () => {
      await startEdge();
      const client = await partner();
      expect(await client.say("MAIL FROM:<a@secured.example> SIZE=99999999")).to.match(/^552 5\.3\.4/);
      const rows = lab.server.rows().filter((row) => row.endsWith("Set Session Permissions"));
      expect(rows).to.deep.equal([anonymousRights, partnerRights, anonymousRights]);
    });

    it("may still log on between its messages, and then is who it logged on as", async () => {
      await startEdge({ authMechanism: ["Tls", "BasicAuth"], permissionGroups: ["ExchangeUsers", "Partners"] });
      const client = await partner();
      await mail(client, "a@secured.example");
      expect(await client.say("AUTH LOGIN")).to.match(/^503/);
      await sendContent(client, "b@proexchange.local");
      await client.say("AUTH LOGIN YW5uYQ==");
      expect(await client.say("c2VjcmV0")).to.match(/^235/);
      client.close();
      expect((await lab.server.sessionEnd()).authentication.by).to.equal("password");
    });
  });
});
