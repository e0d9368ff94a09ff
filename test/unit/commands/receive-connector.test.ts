import { expect } from "chai";
import type { ParameterValue } from "../../../src/commands/index.ts";
import { fakeEdge, type FakeServer, fakeServer } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";

const Identity = String.raw`Ex2007EE\Default Ex2007EE`;

describe("Get-ReceiveConnector", () => {
  const identities = async (parameters: Record<string, string>): Promise<unknown[]> =>
    (await run(fakeServer(), "Get-ReceiveConnector", parameters)).map((found) => Reflect.get(found, "Identity"));

  it("shows connectors of all servers, of one, or one alone", async () => {
    const [ofEE, ofSE] = ["Ex2007EE", "Ex2007SE"].map((server) => [
      `${server}\\Default ${server}`,
      `${server}\\Client ${server}`,
    ]) as [string[], string[]];
    expect(await identities({})).to.deep.equal([...ofEE, ...ofSE]);
    expect(await identities({ Server: "ex2007se" })).to.deep.equal(ofSE);
    expect(await identities({ Identity: "Ex2007SE" })).to.deep.equal(ofSE);
    expect(await identities({ Identity: Identity.toUpperCase() })).to.deep.equal([Identity]);
    expect(await identities({ Identity, Server: "Ex2007SE" })).to.deep.equal([]);
  });

  it("shows every attribute of a connector, as Exchange prints it", async () => {
    const fake = fakeServer();
    const [found = {}] = await run(fake, "Get-ReceiveConnector", { Identity });
    expect(found).to.include({
      Server: "Ex2007EE",
      Name: "Default Ex2007EE",
      AuthMechanism: "Tls, Integrated, BasicAuth, BasicAuthRequireTLS, ExchangeServer",
      PermissionGroups: "ExchangeUsers, ExchangeServers, ExchangeLegacyServers",
      Fqdn: null,
      MaxMessageSize: "10MB",
      TarpitInterval: "00:00:05",
      RequireTLS: false,
      MaxRecipientsPerMessage: 5000,
    });
    expect(found).to.have.deep.property("Bindings", ["127.7.1.1:25"]);
    expect(Object.keys(found)).to.have.length(Object.keys(fake.connectors[0] ?? {}).length);
  });
});

describe("Set-ReceiveConnector", () => {
  it("changes what it was given and nothing else, for one connector", async () => {
    const fake = fakeServer();
    const before = structuredClone(fake.connectors);
    await run(fake, "Set-ReceiveConnector", {
      Identity: Identity.toLowerCase(),
      PermissionGroups: ["AnonymousUsers", "ExchangeUsers"],
      TarpitInterval: 0,
      MaxMessageSize: 1024,
      RequireTLS: true,
      Fqdn: "mail.example",
    });
    const changes = { permissionGroups: ["AnonymousUsers", "ExchangeUsers"], tarpitIntervalMs: 0, requireTls: true };
    expect(fake.connectors).to.deep.equal([
      { ...before[0], ...changes, maxMessageSizeBytes: 1024, fqdn: "mail.example" },
      ...before.slice(1),
    ]);
  });

  it("refuses an identity that names no connector, or several", async () => {
    for (const wrong of ["Ex2007EE", String.raw`Ex2007EE\None`])
      expect((await refusalOf(fakeServer(), "Set-ReceiveConnector", { Identity: wrong })).code).to.equal(
        "COMMAND_CONNECTOR_NOT_SINGLE",
      );
  });

  const allowed: readonly Record<string, ParameterValue>[] = [
    { AuthMechanism: ["None"] },
    { AuthMechanism: ["Tls"], RequireTLS: true },
    { AuthMechanism: ["Tls", "ExternalAuthoritative"] },
    { AuthMechanism: ["ExternalAuthoritative"], PermissionGroups: ["ExchangeServers", "AnonymousUsers"] },
    { PermissionGroups: ["None"] },
    { Banner: "220 Hello" },
    { Banner: null },
    { ConnectionTimeout: 900_000, ConnectionInactivityTimeout: 600_000 },
    { DomainSecureEnabled: true },
    { Bindings: ["127.7.1.1:26", "[::1]:26", "0.0.0.0:27", "127.7.1.1:0"] },
    { RemoteIPRanges: ["10.0.0.1", "10.0.0.1-10.0.0.9", "10.0.0.0/24", "::1", "fe80::/10", "::1-::9"] },
  ];
  for (const changes of allowed)
    it(`takes ${JSON.stringify(changes)}`, async () => {
      await run(fakeServer(), "Set-ReceiveConnector", { Identity, ...changes });
    });

  const refused: readonly [Record<string, ParameterValue>, code: string, remedy: string][] = [
    [{ AuthMechanism: ["None", "Tls"] }, "NONE_NOT_ALONE", "-AuthMechanism None"],
    [{ PermissionGroups: ["AnonymousUsers", "None"] }, "NONE_NOT_ALONE", "-PermissionGroups None"],
    [{ AuthMechanism: ["BasicAuthRequireTLS"] }, "MECHANISM_MISSING", "BasicAuthRequireTLS,BasicAuth,Tls"],
    [{ AuthMechanism: ["BasicAuthRequireTLS", "Tls"] }, "MECHANISM_MISSING", "BasicAuthRequireTLS,Tls,BasicAuth"],
    [{ AuthMechanism: ["None"], RequireTLS: true }, "MECHANISM_MISSING", "-AuthMechanism Tls"],
    [{ AuthMechanism: ["ExternalAuthoritative", "BasicAuth"] }, "COMBINATION_REFUSED", "Tls,ExternalAuthoritative"],
    [
      { AuthMechanism: ["ExternalAuthoritative"], PermissionGroups: ["AnonymousUsers"] },
      "GROUP_MISSING",
      "-PermissionGroups AnonymousUsers,ExchangeServers",
    ],
    [{ AuthMechanism: ["BasicAuth"], DomainSecureEnabled: true }, "MECHANISM_MISSING", "-AuthMechanism BasicAuth,Tls"],
    [
      { AuthMechanism: ["Tls", "ExternalAuthoritative"], DomainSecureEnabled: true },
      "DOMAIN_SECURE_REFUSED",
      "ExternalAuthoritative",
    ],
    [{ Bindings: ["127.7.1.1"] }, "BINDING_MALFORMED", "127.7.1.1:26"],
    [{ Bindings: ["127.7.1.1:65536"] }, "BINDING_MALFORMED", "127.7.1.1:26"],
    [{ Bindings: ["127.7.1.1:smtp"] }, "BINDING_MALFORMED", "127.7.1.1:26"],
    [{ Bindings: ["hub.example:25"] }, "BINDING_MALFORMED", "127.7.1.1:26"],
    [{ Bindings: ["[127.7.1.1]:25"] }, "BINDING_MALFORMED", "[::1]:26"],
    [{ Bindings: ["::1:25"] }, "BINDING_MALFORMED", "[::1]:26"],
    [{ Bindings: ["0.0.0.0:587"] }, "OVERLAP", "-RemoteIPRanges"],
    [{ Bindings: ["127.7.1.1:26", "127.7.1.1:587"] }, "OVERLAP", "-RemoteIPRanges"],
    [{ Banner: "Hello" }, "BANNER_MALFORMED", '-Banner "220 Hello"'],
    [{ ConnectionInactivityTimeout: 600_000 }, "INACTIVITY_TOO_LONG", "-ConnectionTimeout"],
    [{ RemoteIPRanges: ["10.0.0.1-::1"] }, "RANGE_MALFORMED", "10.0.0.0/24"],
    [{ RemoteIPRanges: ["10.0.0.0/33"] }, "RANGE_MALFORMED", "10.0.0.0/24"],
    [{ RemoteIPRanges: ["10.0.0.1-10.0.0.2-10.0.0.3"] }, "RANGE_MALFORMED", "10.0.0.0/24"],
    [{ RemoteIPRanges: ["mail.example"] }, "RANGE_MALFORMED", "10.0.0.0/24"],
  ];
  for (const [changes, code, remedy] of refused)
    it(`refuses ${JSON.stringify(changes)}, and changes nothing`, async () => {
      const fake = fakeServer();
      const before = structuredClone(fake.connectors);
      const refusal = await refusalOf(fake, "Set-ReceiveConnector", { Identity, MaxHopCount: 3, ...changes });
      expect(refusal.code).to.equal(`COMMAND_CONNECTOR_${code}`);
      expect(refusal.remedy).to.include(remedy);
      expect(fake.connectors).to.deep.equal(before);
    });

  it("lets two connectors share a binding for different clients, and connectors of two servers one for all", async () => {
    const fake = fakeServer();
    await run(fake, "Set-ReceiveConnector", { Identity, Bindings: ["127.7.1.1:587"], RemoteIPRanges: ["10.0.0.0/8"] });
    expect(fake.connectors[0]).to.deep.include({ bindings: ["127.7.1.1:587"], remoteIpRanges: ["10.0.0.0/8"] });
  });

  it("changes a connector of another server, but not where that one listens", async () => {
    const fake = fakeServer();
    const theirs = { Identity: String.raw`Ex2007SE\Default Ex2007SE` };
    await run(fake, "Set-ReceiveConnector", { ...theirs, MaxHopCount: 3 });
    expect(fake.connectors[2]?.maxHopCount).to.equal(3);
    const refusal = await refusalOf(fake, "Set-ReceiveConnector", { ...theirs, Bindings: ["0.0.0.0:26"] });
    expect(refusal).to.include({ code: "COMMAND_CONNECTOR_ELSEWHERE", remedy: "Run the cmdlet on Ex2007SE" });
    expect(fake.connectors[2]?.bindings).to.deep.equal(["127.7.1.1:25"]);
  });

  it("judges a change together with what the connector already has", async () => {
    const fake = fakeServer();
    await run(fake, "Set-ReceiveConnector", { Identity, RequireTLS: true });
    const refusal = await refusalOf(fake, "Set-ReceiveConnector", { Identity, AuthMechanism: ["BasicAuth"] });
    expect(refusal.code).to.equal("COMMAND_CONNECTOR_MECHANISM_MISSING");
  });
});

describe("New-ReceiveConnector", () => {
  const made = async (given: Record<string, ParameterValue>, fake = fakeServer()): Promise<object | undefined> => {
    await run(fake, "New-ReceiveConnector", { Name: "Relay", ...given });
    return fake.connectors.at(-1);
  };
  const RemoteIPRanges = ["10.0.0.0/24"];
  const Bindings = ["127.7.1.1:26"];

  const usages: readonly [
    given: Record<string, ParameterValue>,
    mechanisms: string[],
    groups: string[],
    more: object,
  ][] = [
    [
      { Usage: "Client", RemoteIPRanges },
      ["Tls", "Integrated", "BasicAuth", "BasicAuthRequireTLS"],
      ["ExchangeUsers"],
      { bindings: ["127.7.1.1:587"], remoteIpRanges: RemoteIPRanges, domainSecureEnabled: false },
    ],
    [{ Usage: "Custom", RemoteIPRanges, Bindings }, ["Tls"], ["None"], { bindings: Bindings }],
    [
      { Usage: "Internal", RemoteIPRanges },
      ["Tls", "ExchangeServer"],
      ["ExchangeServers", "ExchangeLegacyServers"],
      { bindings: ["127.7.1.1:25"] },
    ],
    [{ Usage: "Internet", Bindings }, ["Tls"], ["AnonymousUsers"], { bindings: Bindings }],
    [{ Usage: "Partner", RemoteIPRanges, Bindings }, ["Tls"], ["Partners"], { domainSecureEnabled: true }],
  ];
  for (const [given, authMechanism, permissionGroups, more] of usages)
    it(`sets what ${JSON.stringify(given)} stands for`, async () => {
      expect(await made(given)).to.deep.include({ authMechanism, permissionGroups, ...more });
    });

  it("gives the rest Exchange's defaults, which an Edge Transport server has of its own, and shows the connector", async () => {
    const fake = fakeServer();
    const given = { Name: "Relay", Usage: "Internet", Bindings };
    expect(await run(fake, "New-ReceiveConnector", given)).to.deep.equal(
      await run(fake, "Get-ReceiveConnector", { Identity: String.raw`Ex2007EE\Relay` }),
    );
    const common = { enabled: true, maxRecipientsPerMessage: 200, sizeEnabled: "Enabled", fqdn: null };
    expect(fake.connectors.at(-1)).to.include({ ...common, server: "Ex2007EE", connectionTimeoutMs: 600_000 });
    expect(await made({ Usage: "Internet", Bindings: ["127.7.9.1:26"] }, fakeEdge())).to.include({
      ...common,
      server: "Edge1",
      connectionTimeoutMs: 300_000,
      connectionInactivityTimeoutMs: 60_000,
    });
  });

  it("lets other parameters say what the usage would", async () => {
    const given = {
      Usage: "Internet",
      Bindings,
      AuthMechanism: ["None"],
      PermissionGroups: ["Partners"],
      Server: "ex2007ee",
    };
    const connector = { server: "Ex2007EE", authMechanism: ["None"], permissionGroups: ["Partners"] };
    expect(await made(given)).to.deep.include(connector);
  });

  it("knows no legacy servers on an Edge Transport server", async () => {
    expect(await made({ Usage: "Internal", RemoteIPRanges }, fakeEdge())).to.deep.include({
      permissionGroups: ["ExchangeServers"],
      bindings: ["127.7.9.1:25"],
    });
  });

  const bare = (): FakeServer => Object.assign(fakeServer(), { connectors: [] });
  const refused: readonly [why: string, fake: () => FakeServer, given: Record<string, ParameterValue>, code: string][] =
    [
      ["a usage without the clients it needs", fakeServer, { Usage: "Internal" }, "COMMAND_CONNECTOR_USAGE_NEEDS"],
      ["Client without clients", fakeServer, { Usage: "Client" }, "COMMAND_CONNECTOR_USAGE_NEEDS"],
      ["Partner without clients", fakeServer, { Usage: "Partner", Bindings }, "COMMAND_CONNECTOR_USAGE_NEEDS"],
      ["Custom without clients", fakeServer, { Usage: "Custom", Bindings }, "COMMAND_CONNECTOR_USAGE_NEEDS"],
      ["a usage without the bindings it needs", fakeServer, { Usage: "Internet" }, "COMMAND_CONNECTOR_USAGE_NEEDS"],
      ["Custom without bindings", fakeServer, { Usage: "Custom", RemoteIPRanges }, "COMMAND_CONNECTOR_USAGE_NEEDS"],
      ["Partner without bindings", fakeServer, { Usage: "Partner", RemoteIPRanges }, "COMMAND_CONNECTOR_USAGE_NEEDS"],
      ["nowhere to listen as before", bare, { Usage: "Internal", RemoteIPRanges }, "COMMAND_CONNECTOR_USAGE_NEEDS"],
      ["Client on an Edge", fakeEdge, { Usage: "Client", RemoteIPRanges }, "COMMAND_CONNECTOR_USAGE_NOT_ON_EDGE"],
      [
        "another connector's place and clients",
        fakeServer,
        { Usage: "Internet", Bindings: ["127.7.1.1:25"] },
        "COMMAND_CONNECTOR_OVERLAP",
      ],
      [
        "a name that is taken",
        fakeServer,
        { Name: "client ex2007ee", Usage: "Internet", Bindings },
        "COMMAND_NAME_TAKEN",
      ],
      ["a server there is not", fakeServer, { Usage: "Internet", Bindings, Server: "Ex9" }, "SERVER_UNKNOWN"],
      [
        "another server",
        fakeServer,
        { Usage: "Internet", Bindings, Server: "EX2007SE" },
        "COMMAND_CONNECTOR_ELSEWHERE",
      ],
      [
        "settings that contradict each other",
        fakeServer,
        { Usage: "Internet", Bindings, AuthMechanism: ["None"], RequireTLS: true },
        "COMMAND_CONNECTOR_MECHANISM_MISSING",
      ],
    ];
  for (const [why, fakeOf, given, code] of refused)
    it(`refuses ${why}, and makes nothing`, async () => {
      const fake = fakeOf();
      const before = structuredClone(fake.connectors);
      expect((await refusalOf(fake, "New-ReceiveConnector", { Name: "Relay", ...given })).code).to.equal(code);
      expect(fake.connectors).to.deep.equal(before);
    });
});

describe("Remove-ReceiveConnector", () => {
  it("removes the one that is named, also one that Setup made", async () => {
    const fake = fakeServer();
    const others = fake.connectors.slice(1);
    await run(fake, "Remove-ReceiveConnector", { Identity: Identity.toLowerCase() });
    expect(fake.connectors).to.deep.equal(others);
  });

  it("removes nothing for an identity that names several, or none", async () => {
    const fake = fakeServer();
    for (const wrong of ["Ex2007EE", String.raw`Ex2007EE\None`])
      expect((await refusalOf(fake, "Remove-ReceiveConnector", { Identity: wrong })).code).to.equal(
        "COMMAND_CONNECTOR_NOT_SINGLE",
      );
    expect(fake.connectors).to.have.length(4);
  });
});
