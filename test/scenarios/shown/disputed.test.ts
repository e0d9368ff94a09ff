import { expect } from "chai";
import { answering } from "../../helpers/answering.ts";
import { declaredTopology, startTestLab, type TestLab, usePlace } from "../../helpers/lab.ts";

const se = "Ex2007SE";
const ee = "Ex2007EE";

type Options = Partial<Parameters<typeof declaredTopology>[0]>;

/** Two Hubs, and mail from one to the other. */
const declared = (options: Options, skew = {}) =>
  declaredTopology(
    {
      organization: "proexchange",
      domains: ["proexchange.local"],
      clock: "2008-05-12T10:00:00Z",
      sites: { SiteA: {}, SiteB: {} },
      siteLinks: [{ name: "A-B", sites: ["SiteA", "SiteB"] }],
      servers: {
        [ee]: { site: "SiteA", roles: ["HubTransport", "Mailbox"], protocolLogging: "Verbose" },
        [se]: { site: "SiteB", roles: ["HubTransport", "Mailbox"], protocolLogging: "Verbose" },
      },
      mailboxes: { anna: { server: se }, bob: { server: ee } },
      skew,
      ...options,
    },
    {},
  );

/** The services of a server's certificates, in any order, and which one the directory publishes. */
async function services(lab: TestLab, server: string): Promise<string[]> {
  const held = await lab.server(server).exchangeCertificates();
  return held.map(({ services, internalTransport }) => `${services.join(",")}${internalTransport ? " published" : ""}`);
}

describe("a lab in which SMTP has one certificate only (smtpCertificates: one)", () => {
  const place = usePlace();
  let lab: TestLab;
  before(async () => void (lab = await startTestLab(place, { topology: declared({ smtpCertificates: "one" }) })));

  it("takes SMTP from the one that had it", async () => {
    await answering(lab, ee, "Y").run("New-ExchangeCertificate -Services SMTP,POP");
    expect(await services(lab, ee)).to.have.members(["POP,SMTP published", ""]);
    await lab.sendAndSettle();
    expect(await lab.inbox("bob")).to.have.length(1);
  });

  it("leaves SMTP where it is after a no, and gives the other services", async () => {
    const before = await services(lab, ee);
    expect(before.filter((one) => one.endsWith("SMTP published"))).to.have.length(1);
    await answering(lab, ee, "N").run("New-ExchangeCertificate -Services SMTP,UM");
    expect(await services(lab, ee)).to.have.members([...before, "UM"]);
  });
});

describe("a lab in which SMTP may have several certificates", () => {
  const place = usePlace();

  it("leaves SMTP with the one that had it", async () => {
    const lab = await startTestLab(place, { topology: declared({}) });
    await lab.shell(ee, "New-ExchangeCertificate -Services SMTP -Force");
    expect(await services(lab, ee)).to.have.members(["SMTP published", "SMTP"]);
  });
});

for (const [option, what] of [
  ["choose", "loses TLS with strangers to the newer one, which it may not use"],
  ["skip", "goes on with the older one"],
] as const)
  describe(`a lab in which certificates are chosen that are not enabled for SMTP (notEnabledForSmtp: ${option})`, () => {
    const place = usePlace();

    it(what, async () => {
      const lab = await startTestLab(place, { topology: declared({ notEnabledForSmtp: option }) });
      const [own] = await lab.server(ee).exchangeCertificates();
      await lab.advance(60_000);
      await lab.shell(ee, "New-ExchangeCertificate -Services None");
      await lab.shell(ee, `Set-ReceiveConnector "${ee}\\Client ${ee}" -TarpitInterval 00:00:00`);
      const outcome = await lab.outsideSend({
        by: { kind: "client", via: ee, connector: "Client", ehlo: "client.example", tls: "opportunistic" },
        from: "carol@fabrikam.example",
        to: ["bob@proexchange.local"],
        subject: "Hello",
        text: "",
      });
      const failures = (await lab.rows(ee, "SmtpReceive")).filter(({ context }) => /TLS negotiation/.test(context));
      const events = lab.facts.events().filter(({ server }) => server === ee);
      if (option === "choose") {
        expect(outcome.presented).to.equal(undefined);
        expect(failures.map(({ context }) => context)).to.deep.equal([
          "TLS negotiation failed with error NoCredentials",
        ]);
        expect(events.map(({ id }) => id)).to.deep.equal([12018]);
      } else {
        expect(outcome.presented).to.equal(own?.thumbprint);
        expect(failures).to.deep.equal([]);
        expect(events).to.deep.equal([]);
      }
      await lab.sendAndSettle();
      expect(await lab.inbox("bob")).to.have.length(1);
    });
  });

for (const [option, level] of [
  [{}, "Warning"],
  [{ event1035: "error" }, "Error"],
] as const)
  describe(`a lab with ${JSON.stringify(option)}`, () => {
    const place = usePlace();

    it(`writes down an authentication that failed as ${level}`, async () => {
      const lab = await startTestLab(place, { topology: declared(option, { [se]: "+6m" }) });
      await lab.sendAndSettle();
      const events = await lab.server(ee).events({ ids: [1035] });
      expect(events.map((event) => event.level)).to.deep.equal([level]);
    });
  });

for (const [option, words] of [
  [{}, "Overwrite the existing default SMTP certificate?"],
  [{ overwriteQuestion: "existing" }, "Overwrite existing default SMTP certificate?"],
] as const)
  describe(`the question about the default certificate in a lab with ${JSON.stringify(option)}`, () => {
    const place = usePlace();

    it(`is "${words}"`, async () => {
      const lab = await startTestLab(place, { topology: declared(option) });
      const failure: unknown = await lab.shell(ee, "New-ExchangeCertificate").catch((thrown: unknown) => thrown);
      expect(failure).to.be.instanceOf(Error).and.have.property("message").include(words);
    });
  });
