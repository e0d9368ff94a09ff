import { expect } from "chai";
import { declaredTopology, startTestLab, type TestLab, usePlace } from "../helpers/lab.ts";

const everybody = "AnonymousUsers,ExchangeUsers,ExchangeServers,ExchangeLegacyServers";

describe("a message's journey through two sites", () => {
  const place = usePlace();
  let lab: TestLab;

  before(async () => {
    lab = await startTestLab(place, {
      topology: declaredTopology({
        id: "journey",
        organization: "proexchange",
        domains: ["proexchange.local"],
        sites: { SiteA: null, SiteB: null, Island: null },
        siteLinks: [{ name: "A-B", sites: ["SiteA", "SiteB"], cost: 10 }],
        servers: {
          HubA1: { site: "SiteA", roles: ["HubTransport"], protocolLogging: "Verbose" },
          HubA2: { site: "SiteA", roles: ["HubTransport"], protocolLogging: "Verbose" },
          MbxA: { site: "SiteA", roles: ["Mailbox"] },
          HubB: { site: "SiteB", roles: ["HubTransport", "Mailbox"], protocolLogging: "Verbose" },
          HubI: { site: "Island", roles: ["HubTransport", "Mailbox"], protocolLogging: "Verbose" },
        },
        mailboxes: {
          anna: { server: "HubB" },
          bob: { server: "MbxA", addresses: ["b@proexchange.local"] },
          carl: { server: "HubB" },
          robinson: { server: "HubI" },
        },
      }),
    });
  });

  it("ends in the mailbox whatever address and case the sender used, once for a recipient named twice", async () => {
    await lab.sendAndSettle({ to: ["B@PROEXCHANGE.local", "bob"] });
    expect(await lab.delivered("bob")).to.have.lengthOf(1);
  });

  it("turns round the Hubs of the target site", async () => {
    const before = lab.facts.sessions().length;
    for (let turn = 0; turn < 4; turn++) await lab.sendAndSettle();
    const receivers = lab.facts
      .sessions()
      .slice(before)
      .filter(({ side }) => side === "receive")
      .map(({ server }) => server);
    expect(receivers.slice(0, 2).sort()).to.deep.equal(["HubA1", "HubA2"]);
    expect(receivers.slice(2, 4)).to.deep.equal(receivers.slice(0, 2));
  });

  it("sends one copy for two recipients of one site, and none to the sender's own site", async () => {
    const before = lab.facts.sessions().length;
    const id = await lab.sendAndSettle({ to: ["bob", "carl"] });
    expect((await lab.delivered("carl")).filter(({ internetMessageId }) => internetMessageId === id)).to.have.lengthOf(
      1,
    );
    expect(
      lab.facts
        .sessions()
        .slice(before)
        .filter(({ side }) => side === "send"),
    ).to.have.lengthOf(1);
  });

  it("comes back to its sender as a report for a recipient that does not exist, and reaches the others", async () => {
    const id = await lab.sendAndSettle({ to: ["nobody@proexchange.local", "bob"], subject: "Anyone?" });
    const report = (await lab.inbox("anna")).at(-1) ?? "";
    expect(report).to.include("Subject: Undeliverable: Anyone?").and.include("Return-Path: <>");
    expect(report).to.include("#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##");
    expect((await lab.delivered("bob")).map(({ internetMessageId }) => internetMessageId)).to.include(id);
  });

  it("waits in the Unreachable queue for a recipient in a site that no link leads to, and for domains of others", async () => {
    const island = await lab.sendAndSettle({ to: ["robinson"] });
    const foreign = await lab.sendAndSettle({ to: ["someone@fabrikam.example"] });
    const queue = (await lab.server("HubB").queues()).find(({ deliveryType }) => deliveryType === "Unreachable");
    expect(queue?.messages).to.include.members([island, foreign]);
    expect(lab.facts.events().map(({ id }) => id)).to.include(5007);
    expect(await lab.delivered("robinson")).to.deep.equal([]);
  });

  it("reports success to a sender that asked for it by DSN, across the sites", async () => {
    await lab.shell("HubA1", `Set-ReceiveConnector "HubA1\\Default HubA1" -PermissionGroups ${everybody}`);
    await lab.dialog("HubA1", "Default", [
      "S: 220 *",
      "C: EHLO client.example",
      "S: 250-DSN",
      "S: 250 *",
      "C: MAIL FROM:<anna@proexchange.local> RET=HDRS ENVID=e-42",
      "S: 250 2.1.0 Sender OK",
      "C: RCPT TO:<carl@proexchange.local> NOTIFY=SUCCESS ORCPT=rfc822;c+2Ba@proexchange.local",
      "S: 250 2.1.5 Recipient OK",
      "C: DATA",
      "S: 354 *",
      "C: Subject: Did it arrive?",
      "C: ",
      "C: Hi.",
      "C: .",
      "S: 250 2.6.0 *",
      "C: QUIT",
      "S: 221 *",
    ]);
    await lab.settled();
    const report = (await lab.inbox("anna")).at(-1) ?? "";
    expect(report).to.include("Action: delivered").and.include("Original-Envelope-Id: e-42");
    expect(report).to.match(/Original-Recipient: rfc822;\s*c\+a@proexchange\.local/);
  });

  it("goes nowhere over a Hub that has no usable certificate any more, and says why", async () => {
    const queueOf = async () =>
      (await lab.server("HubB").queues()).find(({ nextHopDomain }) => nextHopDomain === "SiteA");
    for (const hub of ["HubA1", "HubA2"])
      await lab.shell(hub, `Set-ReceiveConnector "${hub}\\Default ${hub}" -AuthMechanism Integrated`);
    const id = await lab.sendAndSettle({ subject: "Patience" });
    const queue = await queueOf();
    expect(queue).to.include({ status: "Retry", messageCount: 1 });
    expect(queue?.lastError).to.include("STARTTLS is required to send mail");
    for (const hub of ["HubA1", "HubA2"])
      await lab.shell(
        hub,
        `Set-ReceiveConnector "${hub}\\Default ${hub}" -AuthMechanism Tls,Integrated,BasicAuth,BasicAuthRequireTLS,ExchangeServer`,
      );
    await lab.shell("HubB", `Retry-Queue "${queue?.identity ?? ""}"`);
    await lab.settled();
    expect((await lab.delivered("bob")).map(({ internetMessageId }) => internetMessageId)).to.include(id);
  });
});
