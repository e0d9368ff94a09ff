import { expect } from "chai";
import { declaredTopology, startTestLab, type TestLab, usePlace } from "../../helpers/lab.ts";

describe("Setup with /NoSelfSignedCertificates", () => {
  const place = usePlace();
  let lab: TestLab;
  before(async () => {
    lab = await startTestLab(place, {
      topology: declaredTopology({
        organization: "proexchange",
        domains: ["proexchange.local"],
        sites: { SiteA: null },
        servers: {
          CAS1: { site: "SiteA", roles: ["ClientAccess", "UnifiedMessaging"], noSelfSignedCertificates: true },
          EX1: { site: "SiteA", roles: ["HubTransport", "ClientAccess", "Mailbox"], noSelfSignedCertificates: true },
          UM1: { site: "SiteA", roles: ["UnifiedMessaging"] },
        },
      }),
    });
  });

  const services = async (server: string) =>
    (await lab.server(server).exchangeCertificates()).map((certificate) => certificate.services);

  it("leaves Client Access and Unified Messaging without a certificate, and a Hub with one for SMTP", async () => {
    expect(await services("CAS1")).to.deep.equal([]);
    expect(await services("EX1")).to.deep.equal([["SMTP"]]);
    expect(await services("UM1")).to.deep.equal([["UM"]]);
  });

  it("is told in the journal, with what is in the clear now", () => {
    const told = lab.facts.decisions().filter(({ about }) => about === "setup-certificate");
    expect(told.map(({ server, outcome }) => `${server}: ${outcome}`).sort()).to.deep.equal([
      "CAS1: none",
      "EX1: SMTP",
      "UM1: UM",
    ]);
    const steps = told.find(({ server }) => server === "EX1")?.steps.map(({ text }) => text);
    expect(steps?.[0]).to.match(/^ClientAccess gets none; in the clear until it has one: IIS .*POP .*IMAP/);
  });

  it("is told by Get-ExchangeCertificate, until a certificate is enabled for the service", async () => {
    const clear = async () => (await lab.server("EX1").servicesInTheClear()).map(({ service }) => service);
    expect(await clear()).to.deep.equal(["IMAP", "POP", "IIS"]);
    expect(await lab.shell("EX1", "Get-ExchangeCertificate")).to.include(
      "WARNING: No certificate is enabled for POP on EX1: not encrypted there: POP3 clients.",
    );
    await lab.shell("EX1", "Get-ExchangeCertificate | Enable-ExchangeCertificate -Services POP,IMAP");
    expect(await clear()).to.deep.equal(["IIS"]);
  });
});
