import { expect } from "chai";
import { makeCertificate, type MadeCertificate } from "../certificates/make.ts";
import { fakeEdge, type FakeServer, fakeServer, makePresentations, type Presentations } from "./fake-server.ts";
import { derOf, identityOf, ReceiveLab } from "./lab.ts";

describe("what a Receive connector learns of a client's certificate", () => {
  let presentations: Presentations;
  let own: MadeCertificate;
  let lab: ReceiveLab;

  before(async () => {
    presentations = await makePresentations();
    own = await makeCertificate({ commonName: "client", names: ["client.example"] });
  });
  afterEach(() => lab.close());

  const start = async (server: FakeServer): Promise<void> => {
    lab = await ReceiveLab.start(server);
  };
  /** What one session that offers a certificate comes to: the thumbprint that was received, and the rows that say so. */
  async function received(
    hello: string,
    verb = "STARTTLS",
  ): Promise<{ thumbprint: string | undefined; rows: string[] }> {
    const client = await lab.openSecured(hello, identityOf(own), { verb });
    client.close();
    const { tls } = await lab.server.sessionEnd();
    const rows = lab.server.rows();
    const block = rows.findIndex((row) => row.endsWith("Certificate alternate names"));
    return { thumbprint: tls?.received?.thumbprint, rows: rows.slice(block + 1, block + 3) };
  }

  for (const verb of ["STARTTLS", "X-ANONYMOUSTLS"]) {
    it(`asks a Hub for it on an Edge server, and an Edge server on a Hub, by ${verb}`, async () => {
      const { thumbprint } = own.certificate;
      await start(fakeEdge(presentations));
      const rows = ["*,,Received certificate", `*,${thumbprint},Certificate thumbprint`];
      expect(await received("Ex2007SE.proexchange.local", verb)).to.deep.equal({ thumbprint, rows });
      await lab.close();
      await start(fakeServer(presentations));
      expect(await received("EDGE1.perimeter.example", verb)).to.deep.equal({ thumbprint, rows });
    });

    it(`asks no Hub for it on a Hub, by ${verb}`, async () => {
      await start(fakeServer(presentations, { domainSecureEnabled: true }));
      const { thumbprint, rows } = await received("Ex2007SE.proexchange.local", verb);
      expect(thumbprint).to.equal(undefined);
      expect(rows[0]).to.equal("<,EHLO Ex2007SE.proexchange.local,");
    });
  }

  it("asks anybody for it by STARTTLS where the connector is domain-secure", async () => {
    await start(fakeEdge(presentations));
    expect((await received("client.example")).thumbprint).to.equal(own.certificate.thumbprint);
  });

  it("asks no stranger by X-ANONYMOUSTLS, nor where the connector is not domain-secure", async () => {
    await start(fakeEdge(presentations));
    expect((await received("client.example", "X-ANONYMOUSTLS")).thumbprint).to.equal(undefined);
    await lab.close();
    await start(fakeEdge(presentations, { domainSecureEnabled: false }));
    expect((await received("client.example")).thumbprint).to.equal(undefined);
  });

  it("records what it is", async () => {
    await start(fakeEdge(presentations));
    const client = await lab.openSecured("client.example", identityOf(own));
    client.close();
    expect((await lab.server.sessionEnd()).tls?.received).to.deep.equal({
      thumbprint: own.certificate.thumbprint,
      subject: "CN=client",
      selfSigned: true,
      notAfter: own.certificate.notAfter,
    });
  });

  it("changes nothing for a client that it does not know, nor for one that has none", async () => {
    await start(fakeEdge(presentations));
    for (const offered of [identityOf(own), undefined]) {
      const client = await lab.openSecured("client.example", offered);
      expect(await client.say("MAIL FROM:<a@client.example>")).to.equal("250 2.1.0 Sender OK");
      expect(await client.say("RCPT TO:<x@elsewhere.example>")).to.match(/^550 5\.7\.1/);
      client.close();
      const { tls, authentication } = await lab.server.sessionEnd();
      expect(tls?.received?.thumbprint).to.equal(offered && own.certificate.thumbprint);
      expect(authentication.by).to.equal("none");
    }
    expect(lab.events()).to.deep.equal([]);
  });

  for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
    it(`keeps the client's own certificate first and then what came with it, in ${maxVersion}`, async () => {
      const root = await makeCertificate({ commonName: "root", authority: true, usage: null });
      const between = await makeCertificate({ commonName: "between", authority: true, usage: null }, root);
      const leaf = await makeCertificate({ commonName: "leaf", names: ["secured.example"] }, between);
      const server = fakeEdge(presentations);
      server.securedDomains.set("secured.example", derOf(leaf));
      const judged: (readonly Buffer[])[] = [];
      const { judgePartner } = server;
      server.judgePartner = (domain, presented) => {
        judged.push(presented);
        return judgePartner(domain, presented);
      };
      await start(server);
      const client = await lab.openSecured("client.example", { ...identityOf(leaf, between), maxVersion });
      await client.say("MAIL FROM:<a@secured.example>");
      expect(judged).to.deep.equal([[derOf(leaf), derOf(between)]]);
    });
  }
});
