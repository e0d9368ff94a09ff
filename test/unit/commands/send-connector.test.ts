import { expect } from "chai";
import { defaultSendConnector, type SendConnector } from "../../../src/directory/index.ts";
import type { ParameterValue } from "../../../src/commands/index.ts";
import { fakeEdge, type FakeServer, fakeServer, subscription } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";

type Given = Readonly<Record<string, ParameterValue>>;

const internet: SendConnector = {
  ...defaultSendConnector,
  name: "Internet",
  addressSpaces: [{ type: "SMTP", domain: "*", cost: 1 }],
  sourceTransportServers: ["Ex2007EE"],
};

function withInternet(): FakeServer {
  const fake = fakeServer();
  fake.subscriptions.push(subscription("Edge1"));
  fake.configuration.sendConnector.push({ ...internet });
  return fake;
}

/** The connector that `New-SendConnector` makes of a name, `*` and whatever is given. */
async function made(given: Given, fake = fakeServer()): Promise<SendConnector | undefined> {
  await run(fake, "New-SendConnector", { Name: "Internet", AddressSpaces: ["*"], ...given });
  return fake.configuration.sendConnector.at(-1);
}

describe("Get-SendConnector", () => {
  it("shows every attribute, as Exchange prints it", async () => {
    const [found = {}] = await run(withInternet(), "Get-SendConnector", { Identity: "INTERNET" });
    expect(found).to.deep.include({
      Identity: "Internet",
      Name: "Internet",
      AddressSpaces: ["SMTP:*;1"],
      SourceTransportServers: ["Ex2007EE"],
      MaxMessageSize: "10MB",
      SmartHosts: [],
      Fqdn: null,
    });
    expect(Object.keys(found)).to.have.length(Object.keys(internet).length + 1);
  });

  it("names those there are for one that is not", async () => {
    expect((await refusalOf(withInternet(), "Get-SendConnector", { Identity: "x" })).message).to.include("Internet");
  });
});

describe("New-SendConnector", () => {
  it("makes one that starts from the server it runs on, with Exchange's defaults, and shows it", async () => {
    const fake = fakeServer();
    const given = { Name: "Internet", AddressSpaces: ["*"] };
    expect(await run(fake, "New-SendConnector", given)).to.deep.equal(await run(fake, "Get-SendConnector"));
    expect(fake.configuration.sendConnector).to.deep.equal([internet]);
  });

  it("reads address spaces with type and cost, and without", async () => {
    const spaces = ["SMTP:*.Fabrikam.com;5", "contoso.com", "--", "example.org;100"];
    expect((await made({ AddressSpaces: spaces }))?.addressSpaces).to.deep.equal([
      { type: "SMTP", domain: "*.fabrikam.com", cost: 5 },
      { type: "SMTP", domain: "contoso.com", cost: 1 },
      { type: "SMTP", domain: "--", cost: 1 },
      { type: "SMTP", domain: "example.org", cost: 100 },
    ]);
  });

  it("takes source servers in any case, Edge Transport servers by their subscription", async () => {
    const given = { SourceTransportServers: ["ex2007se", "EDGE1"] };
    expect((await made(given, subscribed()))?.sourceTransportServers).to.deep.equal(["Ex2007SE", "Edge1"]);
  });

  it("puts the address of a smart host in brackets", async () => {
    const given = { DNSRoutingEnabled: false, SmartHosts: ["smtp.fabrikam.com", "10.0.0.1", "[10.0.0.2]", "::1"] };
    const smartHosts = ["smtp.fabrikam.com", "[10.0.0.1]", "[10.0.0.2]", "[::1]"];
    expect((await made(given))?.smartHosts).to.deep.equal(smartHosts);
  });

  const usages: readonly [Given, Partial<SendConnector>][] = [
    [{ Usage: "Custom" }, { dnsRoutingEnabled: true, domainSecureEnabled: false, smartHostAuthMechanism: "None" }],
    [{ Usage: "Internet" }, { dnsRoutingEnabled: true, domainSecureEnabled: false }],
    [{ Usage: "Partner" }, { dnsRoutingEnabled: true, domainSecureEnabled: true }],
    [
      { Usage: "Internal", SmartHosts: ["hub.fabrikam.com"] },
      { dnsRoutingEnabled: false, smartHostAuthMechanism: "ExchangeServer" },
    ],
    [
      { Usage: "Internal", SmartHosts: ["hub.fabrikam.com"], SmartHostAuthMechanism: "None" },
      { smartHostAuthMechanism: "None" },
    ],
  ];
  for (const [given, expected] of usages)
    it(`sets what ${JSON.stringify(given)} stands for`, async () => {
      expect(await made(given)).to.include(expected);
    });

  it("makes the connector of an Edge Transport server to all Hubs of its site", async () => {
    const given = {
      AddressSpaces: ["--"],
      SourceTransportServers: ["Edge1"],
      DNSRoutingEnabled: false,
      SmartHosts: ["--"],
      SmartHostAuthMechanism: "ExchangeServer",
    };
    expect((await made(given, subscribed()))?.smartHosts).to.deep.equal(["--"]);
  });

  it("makes connectors of an Edge Transport server that start from there", async () => {
    expect((await made({}, fakeEdge()))?.sourceTransportServers).to.deep.equal(["Edge1"]);
    expect((await made({ SourceTransportServers: ["edge1"] }, fakeEdge()))?.sourceTransportServers).to.deep.equal([
      "Edge1",
    ]);
    const given = { Name: "x", AddressSpaces: ["*"], SourceTransportServers: ["Ex2007EE"] };
    expect((await refusalOf(fakeEdge(), "New-SendConnector", given)).code).to.equal("COMMAND_SEND_SOURCE_ELSEWHERE");
  });

  it("refuses a name that is taken, whatever its case", async () => {
    const fake = withInternet();
    const refusal = await refusalOf(fake, "New-SendConnector", { Name: "INTERNET", AddressSpaces: ["fabrikam.com"] });
    expect(refusal.code).to.equal("COMMAND_NAME_TAKEN");
    expect(fake.configuration.sendConnector).to.deep.equal([internet]);
  });
});

describe("what a Send connector must keep", () => {
  const smart = { DNSRoutingEnabled: false, SmartHosts: ["smtp.fabrikam.com"] };
  const refused: readonly [given: Given, code: string, remedy: string][] = [
    [{ AddressSpaces: [] }, "ADDRESS_SPACE_MISSING", "-AddressSpaces"],
    [{ AddressSpaces: ["*", "X400:c=us"] }, "ADDRESS_SPACE_MALFORMED", "SMTP:fabrikam.com;5"],
    [{ AddressSpaces: ["*fabrikam.com"] }, "ADDRESS_SPACE_MALFORMED", "*.fabrikam.com"],
    [{ AddressSpaces: ["fabrikam..com"] }, "ADDRESS_SPACE_MALFORMED", "*.fabrikam.com"],
    [{ AddressSpaces: ["fabrikam.com;101"] }, "ADDRESS_SPACE_MALFORMED", "SMTP:fabrikam.com;5"],
    [{ RequireTLS: true, IgnoreSTARTTLS: true }, "TLS_CONTRADICTION", "-IgnoreSTARTTLS $false"],
    [{ SmartHosts: ["smtp.fabrikam.com"] }, "ROUTING_CONTRADICTION", "-DNSRoutingEnabled $false"],
    [{ DNSRoutingEnabled: false }, "SMART_HOSTS_MISSING", "-SmartHosts"],
    [{ ...smart, SmartHosts: ["smtp fabrikam"] }, "SMART_HOST_MALFORMED", "[10.0.0.1]"],
    [{ ...smart, SmartHosts: ["10.0.0.256"] }, "SMART_HOST_MALFORMED", "[10.0.0.1]"],
    [{ SmartHostAuthMechanism: "ExchangeServer" }, "AUTH_WITHOUT_SMART_HOSTS", "-SmartHostAuthMechanism None"],
    [{ ...smart, DomainSecureEnabled: true }, "DOMAIN_SECURE_UNMET", "-DNSRoutingEnabled $true"],
    [{ DomainSecureEnabled: true, IgnoreSTARTTLS: true }, "DOMAIN_SECURE_UNMET", "-IgnoreSTARTTLS $false"],
    [{ SourceTransportServers: ["Ex2007EE", "Ex9"] }, "SOURCE_UNKNOWN", "Get-EdgeSubscription"],
    [{ ...smart, SmartHosts: ["--", "a.example"] }, "ALL_HUBS_REFUSED", "alone"],
    [
      { ...smart, SmartHosts: ["--"], SourceTransportServers: ["Edge1"] },
      "ALL_HUBS_REFUSED",
      "-SmartHostAuthMechanism ExchangeServer",
    ],
    [
      {
        ...smart,
        SmartHosts: ["--"],
        SmartHostAuthMechanism: "ExchangeServer",
        SourceTransportServers: ["Edge1", "Ex2007EE"],
      },
      "ALL_HUBS_REFUSED",
      "-SourceTransportServers",
    ],
  ];
  for (const [given, code, remedy] of refused)
    it(`refuses ${JSON.stringify(given)}, new or set, and changes nothing`, async () => {
      const fake = withInternet();
      const ofNew = await refusalOf(fake, "New-SendConnector", { Name: "New", AddressSpaces: ["*"], ...given });
      const ofSet = await refusalOf(fake, "Set-SendConnector", { Identity: "Internet", Enabled: false, ...given });
      for (const refusal of [ofNew, ofSet]) {
        expect(refusal.code).to.equal(`COMMAND_SEND_${code}`);
        expect(refusal.remedy).to.include(remedy);
      }
      expect(fake.configuration.sendConnector).to.deep.equal([internet]);
    });

  it("refuses a name for EHLO that is none", async () => {
    const refusal = await refusalOf(withInternet(), "Set-SendConnector", { Identity: "Internet", Fqdn: "mail server" });
    expect(refusal.code).to.equal("COMMAND_DOMAIN_MALFORMED");
  });
});

describe("Set-SendConnector", () => {
  it("changes what it was given and nothing else", async () => {
    const fake = withInternet();
    const given = {
      AddressSpaces: ["fabrikam.com;7"],
      RequireTLS: true,
      Fqdn: "mail.example",
      Port: 2525,
      Comment: "x",
    };
    await run(fake, "Set-SendConnector", { Identity: "internet", ...given });
    expect(fake.configuration.sendConnector).to.deep.equal([
      {
        ...internet,
        addressSpaces: [{ type: "SMTP", domain: "fabrikam.com", cost: 7 }],
        requireTls: true,
        fqdn: "mail.example",
        port: 2525,
        comment: "x",
      },
    ]);
  });

  it("judges a change together with what the connector already has", async () => {
    const fake = withInternet();
    await run(fake, "Set-SendConnector", { Identity: "Internet", DomainSecureEnabled: true });
    const refusal = await refusalOf(fake, "Set-SendConnector", { Identity: "Internet", IgnoreSTARTTLS: true });
    expect(refusal.code).to.equal("COMMAND_SEND_DOMAIN_SECURE_UNMET");
  });

  it("goes from DNS to smart hosts and back", async () => {
    const fake = withInternet();
    await run(fake, "Set-SendConnector", { Identity: "Internet", DNSRoutingEnabled: false, SmartHosts: ["a.example"] });
    await run(fake, "Set-SendConnector", { Identity: "Internet", DNSRoutingEnabled: true, SmartHosts: [] });
    expect(fake.configuration.sendConnector).to.deep.equal([internet]);
  });

  it("leaves a source server alone that has gone meanwhile", async () => {
    const fake = withInternet();
    fake.transportServers.splice(0, 1);
    await run(fake, "Set-SendConnector", { Identity: "Internet", Enabled: false });
    expect(fake.configuration.sendConnector[0]?.enabled).to.equal(false);
  });
});

describe("Remove-SendConnector", () => {
  it("removes the one that is named, and no other", async () => {
    const fake = withInternet();
    await made({ Name: "Other" }, fake);
    await run(fake, "Remove-SendConnector", { Identity: "INTERNET" });
    expect(fake.configuration.sendConnector.map(({ name }) => name)).to.deep.equal(["Other"]);
    expect((await refusalOf(fake, "Remove-SendConnector", { Identity: "Internet" })).code).to.equal(
      "COMMAND_IDENTITY_UNKNOWN",
    );
  });
});

/** A Hub whose organization has the subscription of Edge1, and no connector yet. */
function subscribed(): FakeServer {
  const fake = withInternet();
  fake.configuration.sendConnector = [];
  return fake;
}
