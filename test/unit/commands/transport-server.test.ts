import { expect } from "chai";
import { defaultTransportSettings } from "../../../src/directory/index.ts";
import { fakeServer } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";

describe("Get-TransportServer", () => {
  it("shows every setting under Exchange's names, sizes and spans as Exchange prints them", async () => {
    const [found] = await run(fakeServer(), "Get-TransportServer", { Identity: "ex2007ee" });
    expect(found).to.deep.equal({
      Name: "Ex2007EE",
      DelayNotificationTimeout: "04:00:00",
      ExternalDelayDsnEnabled: true,
      InternalDelayDsnEnabled: true,
      IntraOrgConnectorProtocolLoggingLevel: "None",
      MaxOutboundConnections: 1000,
      MaxPerDomainOutboundConnections: 20,
      MessageExpirationTimeout: "2.00:00:00",
      MessageRetryInterval: "00:01:00",
      OutboundConnectionFailureRetryInterval: "00:10:00",
      ReceiveProtocolLogMaxAge: "30.00:00:00",
      ReceiveProtocolLogMaxDirectorySize: "250MB",
      ReceiveProtocolLogMaxFileSize: "10MB",
      SendProtocolLogMaxAge: "30.00:00:00",
      SendProtocolLogMaxDirectorySize: "250MB",
      SendProtocolLogMaxFileSize: "10MB",
      TransientFailureRetryCount: 6,
      TransientFailureRetryInterval: "00:05:00",
    });
  });

  it("shows as many settings as there are", async () => {
    const [found = {}] = await run(fakeServer(), "Get-TransportServer");
    expect(Object.keys(found)).to.have.length(Object.keys(defaultTransportSettings).length + 1);
  });

  it("shows every server where none is named", async () => {
    expect(await run(fakeServer(), "Get-TransportServer")).to.have.length(2);
  });

  it("passes on what the server says of a name it does not know", async () => {
    expect((await refusalOf(fakeServer(), "Get-TransportServer", { Identity: "EX9" })).code).to.equal("SERVER_UNKNOWN");
  });
});

describe("Set-TransportServer", () => {
  it("changes what it was given and nothing else", async () => {
    const fake = fakeServer();
    await run(fake, "Set-TransportServer", {
      Identity: "Ex2007EE",
      IntraOrgConnectorProtocolLoggingLevel: "Verbose",
      MessageRetryInterval: 5000,
    });
    expect(fake.transportServers).to.deep.equal([
      {
        ...defaultTransportSettings,
        name: "Ex2007EE",
        intraOrgConnectorProtocolLoggingLevel: "Verbose",
        messageRetryIntervalMs: 5000,
      },
      { ...defaultTransportSettings, name: "Ex2007SE" },
    ]);
  });
});
