import { expect } from "chai";
import { fakeEdge, fakeServer, subscription } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";

describe("a cmdlet that not every server has", () => {
  for (const cmdlet of ["Get-AdSite", "Start-EdgeSynchronization", "Test-EdgeSynchronization"])
    it(`is refused on an Edge Transport server: ${cmdlet}`, async () => {
      const edge = fakeEdge();
      const refusal = await refusalOf(edge, cmdlet);
      expect(refusal.code).to.equal("COMMAND_NOT_ON_THIS_ROLE");
      expect(refusal.message).to.include("on Edge1, which has the role EdgeTransport");
      expect(edge.asked).to.deep.equal([]);
    });

  it("is refused where EdgeSync does not run: on a server of the organization that is no Hub", async () => {
    const fake = fakeServer();
    const mailboxOnly = { ...fake, api: { ...fake.api, roles: ["Mailbox" as const] } };
    expect((await refusalOf(mailboxOnly, "Start-EdgeSynchronization")).message).to.include(
      "only Hub Transport servers",
    );
    expect(await run(mailboxOnly, "Get-AdSite")).to.have.length(2);
  });
});

describe("an Edge Transport server that is subscribed", () => {
  const name = "x";
  const changing: readonly [string, Parameters<typeof run>[2]][] = [
    ["New-SendConnector", { Name: name, AddressSpaces: ["*"] }],
    ["New-AcceptedDomain", { Name: name, DomainName: "fabrikam.com" }],
    ["Set-AcceptedDomain", { Identity: "proexchange.local", DomainType: "InternalRelay" }],
    ["New-RemoteDomain", { Name: name, DomainName: "fabrikam.com" }],
    ["Set-RemoteDomain", { Identity: "Default", NDREnabled: false }],
    ["Set-MessageClassification", { Identity: "ExAttachmentRemoved", DisplayName: "Gone" }],
    ["Set-TransportConfig", { InternalSMTPServers: ["10.0.0.1"] }],
    ["Remove-MessageClassification", { Identity: "ExAttachmentRemoved" }],
  ];
  for (const [cmdlet, parameters] of changing)
    it(`says what its server says of ${cmdlet}: EdgeSync manages it`, async () => {
      const edge = fakeEdge();
      edge.subscriptions.push(subscription("Edge1"));
      const before = structuredClone(edge.configuration);
      expect((await refusalOf(edge, cmdlet, parameters)).code).to.equal("EDGE_MANAGED_BY_SUBSCRIPTION");
      expect(edge.configuration).to.deep.equal(before);
    });

  it("shows what it has, and keeps its own Receive connectors", async () => {
    const edge = fakeEdge();
    edge.subscriptions.push(subscription("Edge1"));
    for (const noun of ["AcceptedDomain", "RemoteDomain", "MessageClassification"])
      expect(await run(edge, `Get-${noun}`), noun).to.have.length(1);
    await run(edge, "Set-ReceiveConnector", {
      Identity: String.raw`Edge1\Default internal receive connector Edge1`,
      MaxHopCount: 7,
    });
    expect(edge.connectors[0]?.maxHopCount).to.equal(7);
  });
});
