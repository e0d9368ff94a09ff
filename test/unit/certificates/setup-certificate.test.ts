import { expect } from "chai";
import { decideSetupCertificate, servicesForRoles, servicesInTheClear } from "../../../src/certificates/index.ts";

describe("servicesForRoles", () => {
  it("adds up what each role needs, and knows that a Mailbox-only server gets no certificate", () => {
    expect(servicesForRoles(["HubTransport", "ClientAccess", "Mailbox"])).to.deep.equal(["IMAP", "POP", "IIS", "SMTP"]);
    expect(servicesForRoles(["HubTransport", "ClientAccess", "UnifiedMessaging"])).to.deep.equal([
      "IMAP",
      "POP",
      "UM",
      "IIS",
      "SMTP",
    ]);
    expect(servicesForRoles(["EdgeTransport"])).to.deep.equal(["SMTP"]);
    expect(servicesForRoles(["UnifiedMessaging"])).to.deep.equal(["UM"]);
    expect(servicesForRoles(["Mailbox"])).to.equal(undefined);
  });
});

describe("decideSetupCertificate", () => {
  const texts = (...given: Parameters<typeof decideSetupCertificate>): string[] =>
    decideSetupCertificate(...given).steps.map(({ text }) => text);

  it("makes one certificate for all roles of a server, and none for a Mailbox server alone", () => {
    expect(decideSetupCertificate(["HubTransport", "ClientAccess", "UnifiedMessaging"], false).outcome).to.deep.equal([
      "IMAP",
      "POP",
      "UM",
      "IIS",
      "SMTP",
    ]);
    expect(decideSetupCertificate(["Mailbox"], false).outcome).to.equal(undefined);
    expect(texts(["Mailbox"], false)).to.deep.equal(["no self-signed one is made"]);
  });

  it("spares Client Access and Unified Messaging where it is told to, and says what then is in the clear", () => {
    expect(decideSetupCertificate(["ClientAccess", "UnifiedMessaging"], true).outcome).to.equal(undefined);
    expect(texts(["ClientAccess", "UnifiedMessaging"], true)).to.deep.equal([
      "ClientAccess gets none; in the clear until it has one: IIS (Outlook Web Access, ActiveSync, Outlook Anywhere, Web Services), POP (POP3 clients), IMAP (IMAP4 clients)",
      "UnifiedMessaging gets none; in the clear until it has one: UM (Unified Messaging and its gateways)",
      "no self-signed one is made",
    ]);
  });

  it("makes a Hub's certificate for SMTP all the same", () => {
    const { outcome } = decideSetupCertificate(["HubTransport", "ClientAccess", "Mailbox"], true);
    expect(outcome).to.deep.equal(["SMTP"]);
    expect(texts(["HubTransport", "ClientAccess"], true).at(-1)).to.equal("a self-signed one is made for SMTP");
  });
});

describe("servicesInTheClear", () => {
  const services = (...given: Parameters<typeof servicesInTheClear>): string[] =>
    servicesInTheClear(...given).map(({ service }) => service);

  it("are those of Client Access and Unified Messaging that no certificate is enabled for", () => {
    const roles = ["HubTransport", "ClientAccess", "UnifiedMessaging"] as const;
    expect(services(roles, [])).to.deep.equal(["IMAP", "POP", "UM", "IIS"]);
    expect(services(roles, [{ services: ["SMTP", "IIS"] }, { services: ["UM"] }])).to.deep.equal(["IMAP", "POP"]);
    expect(services(["HubTransport", "Mailbox"], [])).to.deep.equal([]);
  });
});
