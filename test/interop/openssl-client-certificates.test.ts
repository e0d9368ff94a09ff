import { X509Certificate } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type Endpoint, formatEndpoint } from "../../src/smtp/index.ts";
import { fact } from "../helpers/facts.ts";
import { declaredTopology, startTestLab, type TestLab, usePlace } from "../helpers/lab.ts";
import { freeEndpoint } from "../helpers/postfix.ts";
import { type ClientCertificate, startSClient } from "../helpers/s-client.ts";
import { runTool, withTool } from "../helpers/tools.ts";

const hub = "Ex2007EE";
const edge = "EDGE1";
const organization = "proexchange.example";
const hubFqdn = `${hub}.${organization}`;
const connector = `"${edge}\\Default internal receive connector ${edge}"`;
const partner = "mail.woodgrove.example";
const names = [partner, "woodgrove.example"];
const dave = "dave@woodgrove.example";

describe("openssl s_client, with and without a certificate, and an Edge server", () => {
  before(withTool("openssl"));
  const place = usePlace();
  let lab: TestLab;
  let endpoint: Endpoint;

  before(async () => {
    const nowhere = formatEndpoint(await freeEndpoint()); // nobody is sent to: the hosts are here for their certificates
    const host = (domain: string, certificate: { issuer: string; names: string[]; flaw?: "expired" }) => ({
      domains: [domain],
      at: nowhere,
      certificate,
    });
    const issuer = "Woodgrove Issuing";
    const topology = declaredTopology(
      {
        organization: "proexchange",
        domains: [organization],
        sites: { SiteA: {} },
        servers: {
          [hub]: { site: "SiteA", roles: ["HubTransport", "Mailbox"] },
          [edge]: {
            roles: ["EdgeTransport"],
            subscription: "SiteA",
            protocolLogging: "Verbose",
            trusts: ["Woodgrove Root"],
          },
        },
        mailboxes: { anna: { server: hub } },
      },
      {
        authorities: { "Woodgrove Root": {}, [issuer]: { issuedBy: "Woodgrove Root" } },
        hosts: {
          [partner]: host("woodgrove.example", { issuer, names }),
          "expired.example.com": host("expired.example", { issuer, names, flaw: "expired" }),
          "mail.fabrikam.example": host("fabrikam.example", { issuer, names: ["mail.fabrikam.example"] }),
        },
      },
    );
    lab = await startTestLab(place, { topology });
    await lab.shell(hub, "Set-TransportConfig -TLSReceiveDomainSecureList woodgrove.example");
    await lab.shell(hub, "Start-EdgeSynchronization");
    await lab.shell(edge, `Set-ReceiveConnector ${connector} -DomainSecureEnabled $true -TarpitInterval 00:00:00`);
    const found = lab.listeners().find(({ server }) => server === edge);
    if (!found) throw new Error(`${edge} listens nowhere`);
    endpoint = found.endpoint;
  });

  /** Says EHLO and MAIL inside TLS, and more, if there is more; what is heard, and what the Edge server made of it. */
  async function tell(
    ehlo: string,
    presents: ClientCertificate | undefined,
    [sender, ...more]: readonly [sender: string, ...more: string[]],
  ) {
    const before = lab.facts.sessions().length;
    const events = lab.facts.events().length;
    const client = startSClient(place, endpoint, { ehlo, presents });
    expect(await client.say(`EHLO ${ehlo}`)).to.match(/^250 /);
    const replies = [];
    for (const line of [`MAIL FROM:<${sender}>`, ...more]) replies.push(await client.say(line));
    await client.quit();
    const session = await fact(lab.facts, () => lab.facts.sessions()[before]);
    await lab.settled();
    const rows = (await lab.rows(edge, "SmtpReceive")).filter(({ sessionId }) => sessionId === session.sessionId);
    const raised = lab.facts.events().slice(events);
    return { replies, session, rows, events: raised.map(({ id, parameters }) => [id, ...parameters]) };
  }

  /** A self-signed certificate of openssl's making. */
  async function selfMade(name: string, subject: string, alternatives: readonly string[]): Promise<ClientCertificate> {
    const [key, certificate] = [join(place.path, `${name}.key`), join(place.path, `${name}.pem`)];
    const names = `subjectAltName=${alternatives.map((one) => `DNS:${one}`).join(",")}`;
    await openssl("req", "-x509", ...newKey, key, "-subj", subject, "-addext", names, "-out", certificate);
    return { certificate, key };
  }

  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout"];
  async function openssl(...parameters: string[]): Promise<void> {
    const { code, output } = await runTool("openssl", parameters);
    if (code !== 0) throw new Error(`openssl ${parameters.join(" ")} failed:\n${output}`);
  }

  /** The certificate that ADAM has for the Hub, with its key, carried off from the Hub's own store. */
  async function hubCertificate(): Promise<ClientCertificate & { thumbprint: string }> {
    const folder = join(place.path, "data/servers", hub, "certificates");
    const [stored = "", ...others] = (await readdir(folder)).filter((name) => name.endsWith(".json"));
    expect(others).to.deep.equal([]);
    const { certificate: pem } = JSON.parse(await readFile(join(folder, stored), "utf8")) as { certificate: string };
    const thumbprint = stored.replace(".json", "");
    const certificate = await place.write("hub.pem", pem);
    return { certificate, key: join(folder, `${thumbprint}.key`), thumbprint };
  }

  describe("that knows a Hub by its certificate", () => {
    const relayed = ["RCPT TO:<carol@fabrikam.example>"];
    const anna = `anna@${organization}`;

    it("take whoever presents it, under the Hub's name, for that Hub, and let it relay", async () => {
      const { thumbprint, ...presents } = await hubCertificate();
      const { replies, session, rows, events } = await tell(hubFqdn, presents, [anna, ...relayed]);
      expect(replies).to.deep.equal(["250 2.1.0 Sender OK", "250 2.1.5 Recipient OK"]);
      expect(session.authentication).to.deep.equal({ by: "direct-trust", identity: hubFqdn });
      expect(session.tls?.received?.thumbprint).to.equal(thumbprint);
      const received = rows.slice(rows.findIndex(({ context }) => context === "Received certificate"));
      expect(received[1]).to.include({ data: thumbprint, context: "Certificate thumbprint" });
      const [permissions] = received.filter(({ context }) => context === "Set Session Permissions");
      expect(permissions?.data).to.include("SMTPAcceptAnyRecipient").and.to.include("AcceptOrganizationHeaders");
      expect(events).to.deep.equal([]);
    });

    it("refuse the Hub's name without a certificate", async () => {
      const { replies, session, events } = await tell(hubFqdn, undefined, [anna]);
      expect(replies).to.deep.equal(["454 4.7.0 Temporary authentication failure"]);
      expect(session.authentication.by).to.equal("none");
      expect(events.map(([id]) => id)).to.deep.equal([1036]);
    });

    it("refuse it with a certificate of the same subject and names that somebody else has made", async () => {
      const original = new X509Certificate(await readFile((await hubCertificate()).certificate));
      const copy = await selfMade("copy", `/${original.subject}`, [hub, hubFqdn]);
      const made = new X509Certificate(await readFile(copy.certificate));
      expect([made.subject, made.subjectAltName]).to.deep.equal([original.subject, original.subjectAltName]);

      const { replies, session, events } = await tell(hubFqdn, copy, [anna]);
      expect(replies).to.deep.equal(["454 4.7.0 Temporary authentication failure"]);
      expect(session.tls?.received?.subject).to.equal(original.subject);
      expect(session.authentication.by).to.equal("none");
      expect(events.map(([id]) => id)).to.deep.equal([1036]);
    });

    it("refuse relay to whoever claims nothing, whatever it presents", async () => {
      const stranger = await selfMade("stranger", "/CN=mail.fabrikam.example", ["mail.fabrikam.example"]);
      const { replies, events } = await tell("mail.fabrikam.example", stranger, ["eve@fabrikam.example", ...relayed]);
      expect(replies).to.deep.equal(["250 2.1.0 Sender OK", "550 5.7.1 Unable to relay"]);
      expect(events).to.deep.equal([]);
    });
  });

  describe("that has a Domain Security partner", () => {
    const refused = ["454 4.7.5 Certificate validation failure"];
    const connectorName = `Default internal receive connector ${edge}`;

    /** What the lab has made for a host that it does not start. */
    async function madeFor(host: string): Promise<ClientCertificate> {
      const file = (name: string): string => join(place.path, "data/world", host, "tls", name);
      const both = await readFile(file("certificate.pem"), "utf8");
      const chain = await place.write(`${host}-chain.pem`, both.slice(both.lastIndexOf("-----BEGIN")));
      return { certificate: file("certificate.pem"), key: file("key.pem"), chain };
    }
    const validationOf = (rows: readonly { context: string }[]): string[] =>
      rows.map(({ context }) => context).filter((context) => context.includes("validation status"));

    it("take mail of the partner's domain from whoever presents its issued certificate", async () => {
      const { replies, session, rows, events } = await tell(partner, await madeFor(partner), [dave]);
      expect(replies).to.deep.equal(["250 2.1.0 Sender OK"]);
      expect(session.authentication).to.deep.equal({ by: "chain", identity: "woodgrove.example" });
      expect(validationOf(rows)).to.deep.equal(["Client certificate chain validation status: 'Valid'"]);
      expect(events).to.deep.equal([]);
    });

    it("refuse it without a certificate", async () => {
      const { replies, session, events } = await tell(partner, undefined, [dave]);
      expect(replies).to.deep.equal(refused);
      expect(session.authentication.by).to.equal("none");
      expect(events).to.deep.equal([[11013, "woodgrove.example", connectorName]]);
    });

    it("refuse it with one that has expired", async () => {
      const { replies, session, rows, events } = await tell(partner, await madeFor("expired.example.com"), [dave]);
      expect(replies).to.deep.equal(refused);
      expect(session.authentication.by).to.equal("none");
      expect(validationOf(rows)).to.deep.equal(["Client certificate chain validation status: 'CertificateExpired'"]);
      expect(events).to.deep.equal([[11014, "woodgrove.example", connectorName, "CertificateExpired"]]);
    });

    it("refuse it with another name's certificate of the same authority", async () => {
      const { replies, session, rows, events } = await tell(partner, await madeFor("mail.fabrikam.example"), [dave]);
      expect(replies).to.deep.equal(refused);
      expect(session.authentication.by).to.equal("none");
      expect(validationOf(rows)).to.deep.equal(["Client certificate chain validation status: 'SubjectMismatch'"]);
      expect(events).to.deep.equal([[11015, "woodgrove.example", connectorName]]);
    });

    it("refuse it with one that an authority of the same name has issued, made by openssl", async () => {
      const { replies, session, rows, events } = await tell(partner, await issuedByImpostor(), [dave]);
      expect(replies).to.deep.equal(refused);
      expect(session.authentication.by).to.equal("none");
      expect(validationOf(rows)).to.deep.equal(["Client certificate chain validation status: 'UntrustedRoot'"]);
      expect(events).to.deep.equal([[11014, "woodgrove.example", connectorName, "UntrustedRoot"]]);
    });

    /** Issued for the partner's names below a root that calls itself Woodgrove Root. */
    async function issuedByImpostor(): Promise<ClientCertificate> {
      const file = (name: string): string => join(place.path, `impostor-${name}`);
      const root = { certificate: file("root.pem"), key: file("root.key") };
      const [request, certificate, key] = [file("request.pem"), file("leaf.pem"), file("leaf.key")];
      await openssl("req", "-x509", ...newKey, root.key, "-subj", "/CN=Woodgrove Root", "-out", root.certificate);
      await openssl("req", ...newKey, key, "-subj", `/CN=${partner}`, "-out", request);
      const extensions = await place.write(
        "impostor-extensions",
        `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}\nextendedKeyUsage=clientAuth,serverAuth\n`,
      );
      const by = ["-CA", root.certificate, "-CAkey", root.key, "-CAcreateserial", "-extfile", extensions];
      await openssl("x509", "-req", "-in", request, ...by, "-out", certificate);
      return { certificate, key, chain: root.certificate };
    }
  });
});
