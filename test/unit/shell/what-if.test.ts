import { expect } from "chai";
import { cmdlets } from "../../../src/commands/index.ts";
import { runLine } from "../../../src/shell/index.ts";
import { type FakeServer, fakeEdge, fakeServer, subscription } from "../../helpers/fake-server.ts";

/** Lines that would change something, as they stand. Certificates have tests of their own. */
const lines = [
  "New-AcceptedDomain Contoso -DomainName contoso.com",
  "Remove-AcceptedDomain Fabrikam -Confirm:$false",
  "Set-AcceptedDomain Fabrikam -MakeDefault $true",
  "New-EdgeSubscription Edge1.xml -Site SiteA",
  "Remove-EdgeSubscription Edge1 -Confirm:$false",
  "Enable-ExchangeCertificate 6F029E0D20605DB1233016B787C4503FD0002C01 -Services UM",
  "New-ExchangeCertificate -Force",
  "Remove-ExchangeCertificate 6F029E0D20605DB1233016B787C4503FD0002C01 -Confirm:$false",
  "New-MessageClassification Secret -DisplayName Secret -SenderDescription x",
  "Remove-MessageClassification ExAttachmentRemoved -Confirm:$false",
  "Set-MessageClassification ExAttachmentRemoved -DisplayName x",
  "Retry-Queue 3",
  "New-ReceiveConnector Partners -Usage Partner -RemoteIPRanges 192.0.2.0/24 -Bindings 0.0.0.0:26",
  String.raw`Remove-ReceiveConnector 'Ex2007EE\Client Ex2007EE' -Confirm:$false`,
  String.raw`Set-ReceiveConnector 'Ex2007EE\Client Ex2007EE' -ProtocolLoggingLevel Verbose`,
  "New-RemoteDomain Fabrikam -DomainName fabrikam.com",
  "Remove-RemoteDomain Woodgrove -Confirm:$false",
  "Set-RemoteDomain Default -AutoReplyEnabled $false",
  "New-SendConnector Other -AddressSpaces fabrikam.com",
  "Remove-SendConnector Internet -Confirm:$false",
  "Set-SendConnector Internet -Enabled $false",
  "Set-TransportConfig -TLSSendDomainSecureList woodgrovebank.com",
  "Set-TransportServer Ex2007EE -MaxOutboundConnections 3",
];

describe("-WhatIf", () => {
  async function furnished(): Promise<FakeServer> {
    const fake = fakeServer();
    fake.subscriptions.push(subscription("Edge1"));
    const made = [
      "New-AcceptedDomain Fabrikam -DomainName fabrikam.com",
      "New-RemoteDomain Woodgrove -DomainName woodgrovebank.com",
      "New-SendConnector Internet -AddressSpaces *",
    ];
    for (const line of made) await runLine(line, { server: fake.api });
    return fake;
  }

  /** All that a fake server holds. */
  const held = ({ api: _, ...state }: FakeServer): unknown => structuredClone(state);

  for (const line of lines)
    it(`says what ${line} would do, and does nothing`, async () => {
      const fake = await furnished();
      const before = held(fake);
      const { objects, text } = await runLine(`${line} -WhatIf`, { server: fake.api });
      expect(text).to.match(/^What if: Performing operation "[\w-]+" on Target ".+"\.$/);
      expect(objects).to.deep.equal([]);
      expect(held(fake)).to.deep.equal(before);

      await runLine(line, { server: fake.api });
      expect(held(fake)).not.to.deep.equal(before);
    });

  it("does nothing on an Edge Transport server either", async () => {
    const edge = fakeEdge();
    await runLine("New-EdgeSubscription Edge1.xml -WhatIf", { server: edge.api });
    expect(edge.asked).to.deep.equal([]);
    await runLine("New-EdgeSubscription Edge1.xml -Confirm:$false", { server: edge.api });
    expect(edge.asked).to.have.length(1);
  });

  it("is known to every cmdlet that changes something", () => {
    const without = cmdlets.filter(({ verb, shouldProcess }) => verb !== "Get" && verb !== "Test" && !shouldProcess);
    expect(without.map(({ name }) => name)).to.deep.equal(["Start-EdgeSynchronization"]);
  });
});
