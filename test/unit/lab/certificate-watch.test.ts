import { expect } from "chai";
import { heldClock } from "../../../src/base/index.ts";
import { defaultDisputedRules, type DisputedRules, type StoredCertificate } from "../../../src/certificates/index.ts";
import { defaultSendConnector, hubReceiveConnectors } from "../../../src/directory/index.ts";
import { ServerJournal, watchCertificates } from "../../../src/lab/server/certificate-watch.ts";
import type { InstalledServer } from "../../../src/lab/server/install.ts";
import { serverObject } from "../../helpers/objects.ts";
import { makeCertificate } from "../certificates/make.ts";
import { TestView } from "../send/sender.ts";

const dayMs = 86_400_000;

/** A Hub that has one certificate, enabled for SMTP, and what its Application log is told. */
async function hub(start: string, disputed: Partial<DisputedRules> = {}) {
  const { certificate } = await makeCertificate({ commonName: "EX1", names: ["EX1", "ex1.contoso.com"] });
  let store: readonly StoredCertificate[] = [certificate];
  const organization = new TestView().put("server", {
    ...serverObject({ name: "EX1", fqdn: "ex1.contoso.com" }),
    internalTransportCertificateThumbprint: certificate.thumbprint,
  });
  for (const connector of hubReceiveConnectors("EX1", { default: "127.0.0.1:25", client: "127.0.0.1:587" }))
    organization.put("receiveConnector", connector);
  const clock = heldClock(new Date(start));
  const journal = new ServerJournal();
  const told: string[] = [];
  journal.on("event", ({ at, id, parameters }) =>
    told.push([at.toISOString().slice(0, 13), id, ...parameters].join(" ").replace(certificate.thumbprint, "<T>")),
  );
  const server = { name: "EX1", fqdn: "ex1.contoso.com", store: { list: () => store }, trust: { roots: [] } };
  const watch = () =>
    watchCertificates({
      server: server as unknown as InstalledServer,
      clock,
      journal,
      organization,
      disputed: { ...defaultDisputedRules, ...disputed },
    });
  return {
    certificate,
    organization,
    clock,
    journal,
    told,
    watch,
    keep: (certificates: readonly StoredCertificate[]) => void (store = certificates),
    advanceDays: (days: number) => clock.advance(new Date(clock.now().getTime() + days * dayMs)),
  };
}

// Its certificate ends at the beginning of 2009.
describe("the watch over a server's certificates", () => {
  it("says nothing until thirty days before the end, and then once a day", async () => {
    const { told, watch, advanceDays } = await hub("2008-11-29T08:00:00Z");
    watch();
    await advanceDays(2);
    expect(told).to.deep.equal([]);
    await advanceDays(3);
    expect(told).to.deep.equal([
      "2008-12-02T08 12017 <T> 712",
      "2008-12-02T08 12018 CN=EX1 <T> 712",
      "2008-12-03T08 12017 <T> 688",
      "2008-12-03T08 12018 CN=EX1 <T> 688",
      "2008-12-04T08 12017 <T> 664",
      "2008-12-04T08 12018 CN=EX1 <T> 664",
    ]);
  });

  it("tells of an expiry when the service starts, and every day, once for all connectors of one name", async () => {
    const { told, watch, advanceDays } = await hub("2009-02-01T08:00:00Z");
    watch();
    await advanceDays(1);
    expect(told).to.deep.equal([
      "2009-02-01T08 12015 <T>",
      "2009-02-01T08 12016 ex1.contoso.com",
      "2009-02-02T08 12015 <T>",
      "2009-02-02T08 12016 ex1.contoso.com",
    ]);
  });

  it("tells of a STARTTLS certificate that is withdrawn when it expires, connector by connector", async () => {
    const { told, watch } = await hub("2009-02-01T08:00:00Z", { expiredStartTls: "withdraw" });
    watch();
    expect(told).to.deep.equal([
      "2009-02-01T08 12015 <T>",
      "2009-02-01T08 12014 ex1.contoso.com Client EX1 ex1.contoso.com",
      "2009-02-01T08 12014 ex1.contoso.com Default EX1 ex1.contoso.com",
    ]);
  });

  it("tells of a certificate that is published and gone, and of none that is published", async () => {
    const { told, watch, keep, organization } = await hub("2008-06-01T08:00:00Z");
    keep([]);
    watch();
    organization.put("server", serverObject({ name: "EX1", fqdn: "ex1.contoso.com" }));
    watch();
    expect(told.map((line) => line.slice(14))).to.deep.equal([
      "12013 <T>",
      "12014 ex1.contoso.com Client EX1 ex1.contoso.com",
      "12014 ex1.contoso.com Default EX1 ex1.contoso.com",
      "12012",
    ]);
  });

  it("looks at what a domain-secure Send connector of this server would present, and at no other", async () => {
    const { told, watch, organization } = await hub("2008-06-01T08:00:00Z");
    const partner = { ...defaultSendConnector, domainSecureEnabled: true, fqdn: "mail.contoso.com" };
    organization.put("sendConnector", { ...partner, name: "Ours", sourceTransportServers: ["EX1"] });
    organization.put("sendConnector", { ...partner, name: "Theirs", sourceTransportServers: ["EX2"] });
    organization.put("sendConnector", { ...partner, name: "Off", sourceTransportServers: ["EX1"], enabled: false });
    watch();
    expect(told).to.deep.equal(["2008-06-01T08 12014 mail.contoso.com Ours mail.contoso.com"]);
  });

  it("ends when it is told to", async () => {
    const { told, watch, advanceDays } = await hub("2008-11-29T08:00:00Z");
    watch()();
    await advanceDays(30);
    expect(told).to.deep.equal([]);
  });
});

describe("a server's journal", () => {
  const event = (at: string, id: number, ...parameters: string[]) =>
    ({ kind: "event", server: "EX1", at: new Date(at), id, parameters }) as const;

  it("reports an event about a certificate once a day, however many hours remain and whoever raises it", () => {
    const journal = new ServerJournal();
    const heard: string[] = [];
    journal.on("event", ({ at, id, parameters }) => heard.push(`${at.toISOString()} ${id} ${parameters.join(" ")}`));
    journal.report(event("2008-12-24T08:00:00Z", 12017, "AB", "190"));
    journal.report(event("2008-12-24T09:00:00Z", 12017, "AB", "189"));
    journal.report(event("2008-12-24T09:00:00Z", 12017, "CD", "189"));
    journal.report(event("2008-12-24T09:00:00Z", 12018, "CN=EX1", "AB", "189"));
    journal.report(event("2008-12-24T10:00:00Z", 12018, "CN=EX1", "AB", "188"));
    journal.report(event("2008-12-25T00:00:00Z", 12017, "AB", "174"));
    expect(heard).to.deep.equal([
      "2008-12-24T08:00:00.000Z 12017 AB 190",
      "2008-12-24T09:00:00.000Z 12017 CD 189",
      "2008-12-24T09:00:00.000Z 12018 CN=EX1 AB 189",
      "2008-12-25T00:00:00.000Z 12017 AB 174",
    ]);
  });

  it("reports every other event as often as it is raised", () => {
    const journal = new ServerJournal();
    let heard = 0;
    journal.on("event", () => void heard++);
    for (let turn = 0; turn < 3; turn++) journal.report(event("2008-12-24T08:00:00Z", 1035, "LogonDenied"));
    expect(heard).to.equal(3);
  });
});
