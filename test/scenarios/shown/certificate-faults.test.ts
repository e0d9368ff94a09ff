import { expect } from "chai";
import { certificateCatalogue } from "../../../src/certificates/index.ts";
import { declaredTopology, type Place, startTestLab, type TestLab, usePlace } from "../../helpers/lab.ts";

type ExpectedOutcomes = (typeof certificateCatalogue)[number]["expected"];
type Servers = Parameters<typeof declaredTopology>[0]["servers"];
type World = Parameters<typeof declaredTopology>[1];
type Outcome = ExpectedOutcomes[keyof ExpectedOutcomes];

/** By a Send connector of its own each. */
const kinds = ["opportunistic", "required", "domainSecured"] as const;
const connectors = { opportunistic: "", required: "-RequireTLS $true", domainSecured: "-DomainSecureEnabled $true" };

const names = certificateCatalogue.map(({ name }) => name);
const host = (name: string): string => `mail.${name}.domainsecured.example`;
const domain = (name: string, kind: string): string => `${name}.${kind.toLowerCase()}.example`;

/** What a queue's last error says, in the words of the catalogue. */
function wordFor(lastError: string | null | undefined): Outcome {
  const [, status] = /Certificate validation failure, Reason:(\w+)/.exec(lastError ?? "") ?? [];
  if (status !== undefined) return status as Outcome;
  if (/Failed to establish appropriate TLS channel/.test(lastError ?? "")) return "no handshake";
  return /STARTTLS is required/.test(lastError ?? "") ? "no TLS" : (`unknown: ${lastError}` as Outcome);
}

const waitingIn = async (lab: TestLab, server: string, nextHop: string): Promise<Outcome> =>
  wordFor((await lab.server(server).queues()).find(({ nextHopDomain }) => nextHopDomain === nextHop)?.lastError);

/** A lab of one site with these servers, in the world of that; anna has her mailbox on HUB1. */
const startLabOf = (place: Place, servers: Servers, world: World): Promise<TestLab> =>
  startTestLab(place, {
    topology: declaredTopology(
      {
        id: "certificate-faults",
        organization: "proexchange",
        domains: ["proexchange.local"],
        clock: "2008-05-12T10:00:00Z",
        keys: "p256",
        sites: { SiteA: {} },
        servers,
        mailboxes: { anna: { server: "HUB1" } },
      },
      world,
    ),
  });

/** The Hub that is there in each of them. */
const hub1 = { site: "SiteA", roles: ["HubTransport", "Mailbox"] } satisfies Servers[string];

const table = (of: (entry: (typeof certificateCatalogue)[number]) => unknown): unknown =>
  Object.fromEntries(certificateCatalogue.map((entry) => [entry.name, of(entry)]));

describe("an outside host that presents a certificate of the catalogue", () => {
  const place = usePlace();
  let lab: TestLab;

  before(async function () {
    this.timeout(60_000); // forty-five hosts, and a message to each in three ways
    const hosts = names.map((name) => {
      const domains = kinds.map((kind) => domain(name, kind));
      return [host(name), { domains, certificate: name }] as const;
    });
    const certificates = [{ issuer: "Woodgrove Root" }];
    const world = { authorities: { "Woodgrove Root": {} }, hosts: Object.fromEntries(hosts) };
    lab = await startLabOf(place, { HUB1: { ...hub1, certificates, trusts: ["Woodgrove Root"] } }, world);
    for (const kind of kinds)
      await lab.shell(
        "HUB1",
        `New-SendConnector ${kind} -AddressSpaces *.${kind.toLowerCase()}.example -DNSRoutingEnabled $true ${connectors[kind]}`,
      );
    const secured = names.map((name) => domain(name, "domainSecured"));
    await lab.shell("HUB1", `Set-TransportConfig -TLSSendDomainSecureList ${secured.join(",")}`);
    for (const name of names)
      await lab.send({
        from: "anna",
        to: kinds.map((kind) => `dave@${domain(name, kind)}`),
        subject: name,
        text: "",
      });
    await lab.settled();
  });

  for (const kind of kinds)
    it(`gets, or does not get, mail as the catalogue says: ${kind}`, async () => {
      const outcomes: Record<string, Outcome> = {};
      for (const name of names) {
        const arrived = (await lab.delivered(`dave@${domain(name, kind)}`)).length > 0;
        const [session] = lab.facts
          .sessions()
          .filter(({ peerName, connectorId }) => peerName === host(name) && connectorId === kind);
        outcomes[name] = arrived
          ? session?.tls
            ? "delivered"
            : "in the clear"
          : await waitingIn(lab, "HUB1", domain(name, kind));
      }
      expect(outcomes).to.deep.equal(table(({ expected }) => expected[kind]));
    });
});

describe("a Hub that presents a certificate of the catalogue to another", () => {
  const place = usePlace();
  let lab: TestLab;
  before(async () => void (lab = await startTestLab(place, { topology: { keys: "p256" } })));

  /** Whether mail from Ex2007SE arrives, now that Ex2007EE has that certificate; what waits then is let go. */
  async function outcomeOf(flaw: string, published: boolean): Promise<Outcome> {
    const before = (await lab.inbox("bob")).length;
    await lab.setFault({ on: "Ex2007EE", certificate: { issuer: null, names: [], flaw }, published });
    await lab.sendAndSettle();
    const arrived = (await lab.inbox("bob")).length > before;
    const outcome = arrived ? "delivered" : await waitingIn(lab, "Ex2007SE", "SiteA");
    await lab.clearFault("Ex2007EE");
    if (!arrived) await lab.shell("Ex2007SE", String.raw`Retry-Queue "Ex2007SE\1"`);
    await lab.settled();
    expect(await lab.inbox("bob"), flaw).to.have.length(before + 1);
    return outcome;
  }

  for (const { name, expected } of certificateCatalogue)
    it(`gets mail, or does not, where the directory names it: ${name}, ${expected.directTrust}`, async () => {
      expect(await outcomeOf(name, true)).to.equal(expected.directTrust);
    });

  it("has its own back whatever was done to the other one meanwhile", async () => {
    const [own] = await lab.server("Ex2007EE").exchangeCertificates();
    await lab.setFault({ on: "Ex2007EE", certificate: { issuer: null, names: [], flaw: "expired" } });
    const [faulty] = await lab.server("Ex2007EE").exchangeCertificates();
    await lab.shell("Ex2007EE", "New-ExchangeCertificate -Force");
    await lab.server("Ex2007EE").removeExchangeCertificate(faulty?.thumbprint ?? "");
    await lab.clearFault("Ex2007EE");
    const now = await lab.server("Ex2007EE").exchangeCertificates();
    expect(now.find(({ internalTransport }) => internalTransport)?.thumbprint).to.equal(own?.thumbprint);
  });

  it("gets none by a certificate that the directory does not name, however sound", async () => {
    expect(await outcomeOf("sound", false)).to.equal("no TLS");
  });
});

describe("a partner who presents a certificate of the catalogue when he sends", () => {
  const place = usePlace();
  let lab: TestLab;
  before(async () => {
    const hosts = { "mail.woodgrove.example": { domains: ["woodgrove.example"], certificate: "sound" } };
    const world = { authorities: { "Woodgrove Root": {} }, hosts };
    lab = await startLabOf(place, { HUB1: { ...hub1, trusts: ["Woodgrove Root"] } }, world);
    const groups = "-PermissionGroups AnonymousUsers,Partners -TarpitInterval 00:00:00";
    await lab.shell("HUB1", String.raw`Set-ReceiveConnector "HUB1\Default HUB1" -DomainSecureEnabled $true ${groups}`);
    await lab.shell("HUB1", "Set-TransportConfig -TLSReceiveDomainSecureList woodgrove.example");
  });

  /** What the Hub makes of mail in dave's name: nothing against it, or the status in event 11014. */
  async function statusOf(certificate: string): Promise<string> {
    await lab.setFault({
      on: "mail.woodgrove.example",
      certificate: { issuer: undefined, names: [], flaw: certificate },
    });
    const before = lab.facts.events().length;
    const { refused } = await lab.outsideSend({
      by: { kind: "host", host: "mail.woodgrove.example" },
      from: "dave@woodgrove.example",
      to: ["anna@proexchange.local"],
      subject: certificate,
      text: "",
    });
    if (refused.length === 0) return "accepted";
    const event = lab.facts
      .events()
      .slice(before)
      .find(({ id }) => [11013, 11014, 11015].includes(id));
    return `${event?.id} ${event?.parameters.at(-1)}`;
  }

  it("is judged as he would be where he receives, but for what a certificate is for", async () => {
    expect({
      sound: await statusOf("sound"),
      "client-eku-only": await statusOf("client-eku-only"),
      revoked: await statusOf("revoked"),
      "missing-intermediate": await statusOf("missing-intermediate"),
      "no-private-key": await statusOf("no-private-key"),
    }).to.deep.equal({
      sound: "accepted",
      "client-eku-only": "accepted",
      revoked: "11014 CertificateRevoked",
      "missing-intermediate": "11014 PartialChain",
      "no-private-key": "11013 Default HUB1",
    });
  });
});

describe("an Edge server with a certificate of the catalogue", () => {
  const place = usePlace();
  let lab: TestLab;
  before(async () => {
    const edge = { roles: ["EdgeTransport" as const], subscription: "SiteA", certificate: "expired" };
    const hosts = { "mail.fabrikam.example": { domains: ["fabrikam.example"] } };
    lab = await startLabOf(place, { HUB1: hub1, EDGE1: edge }, { hosts });
  });
  const own = async () =>
    (await lab.server("EDGE1").exchangeCertificates()).map(({ status, internalTransport }) => ({
      status,
      internalTransport,
    }));
  const arrived = async () => (await lab.delivered("dave@fabrikam.example")).length;
  const send = async () => {
    await lab.send({ from: "anna", to: ["dave@fabrikam.example"], subject: "Hello", text: "" });
    await lab.settled();
  };

  it("has it from the start, in place of the one that Setup makes, and published", async () => {
    expect(await own()).to.deep.equal([{ status: "DateInvalid", internalTransport: true }]);
    await send();
    expect(await arrived()).to.equal(1);
  });

  it("is known by another one where that is published, and goes on", async () => {
    await lab.setFault({ on: "EDGE1", certificate: { issuer: null, names: [], flaw: "wrong-host" } });
    expect(await own()).to.deep.equal([{ status: "Valid", internalTransport: true }]);
    await send();
    expect(await arrived()).to.equal(2);
  });

  it("is a stranger to the Hubs with one that only it knows of, and itself again once it has its own back", async () => {
    await lab.setFault({ on: "EDGE1", certificate: { issuer: null, names: [], flaw: "sound" }, published: false });
    await send();
    expect(await arrived()).to.equal(2);
    const [queue] = (await lab.server("HUB1").queues()).filter(({ messageCount }) => messageCount > 0);
    expect(queue?.lastError).to.match(/454 4\.7\.5 Certificate validation failure/);
    await lab.clearFault("EDGE1");
    await lab.clearFault("EDGE1"); // nothing to give back
    expect(await own()).to.deep.equal([{ status: "DateInvalid", internalTransport: true }]);
    await lab.shell("HUB1", `Retry-Queue "${queue?.identity}"`);
    await lab.settled();
    expect(await arrived()).to.equal(3);
  });
});

describe("Get-ExchangeCertificate and certificates of the catalogue", () => {
  const place = usePlace();
  const statuses = {
    sound: "Valid",
    "self-signed": "Valid",
    expired: "DateInvalid",
    "expired-issuer": "DateInvalid",
    revoked: "Revoked",
    "no-revocation-list": "RevocationCheckFailure",
    "unknown-issuer": "Untrusted",
    "missing-intermediate": "Untrusted",
    "client-eku-only": "Invalid",
    "name-constrained": "Invalid",
    "weak-key-768": "Invalid",
  } as const;

  it("shows the status that follows from what is wrong with each", async () => {
    const certificates = Object.keys(statuses).map((flaw) => ({
      issuer: "Proexchange Root",
      flaw,
      names: [`${flaw}.example`],
    }));
    const servers = { HUB1: { ...hub1, certificates, trusts: ["Proexchange Root"] } };
    const lab = await startLabOf(place, servers, { authorities: { "Proexchange Root": {} } });
    const shown = await lab.server("HUB1").exchangeCertificates();
    const statusOf = (flaw: string) => shown.find(({ subject }) => subject === `CN=${flaw}.example`)?.status;
    expect(Object.fromEntries(Object.keys(statuses).map((flaw) => [flaw, statusOf(flaw)]))).to.deep.equal(statuses);
  });
});
