import { expect } from "chai";
import type { ParameterValue } from "../../../src/commands/index.ts";
import { fakeServer } from "../../helpers/fake-server.ts";
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

  it("judges a change together with what the connector already has", async () => {
    const fake = fakeServer();
    await run(fake, "Set-ReceiveConnector", { Identity, RequireTLS: true });
    const refusal = await refusalOf(fake, "Set-ReceiveConnector", { Identity, AuthMechanism: ["BasicAuth"] });
    expect(refusal.code).to.equal("COMMAND_CONNECTOR_MECHANISM_MISSING");
  });
});
