import { expect } from "chai";
import fc from "fast-check";
import { type AcceptedDomainType, type ExchangeServer, isEdge, isHub } from "../../src/directory/index.ts";
import { buildRoutes, categorize, type Here } from "../../src/transport/categorize/index.ts";
import type { NextHopSolution } from "../../src/transport/mail-item.ts";
import { mailboxObject } from "../helpers/objects.ts";
import { connector, edge, type FakeOrganization, hub, link, viewOf } from "../unit/categorize/organization.ts";

const siteNames = ["A", "B", "C", "D"];
const domains: Record<string, AcceptedDomainType> = {
  "contoso.com": "Authoritative",
  "relay.example": "InternalRelay",
  "sub.relay.example": "InternalRelay",
  "out.example": "ExternalRelay",
};
const recipients = [...Object.keys(domains), "x.example", "y.x.example"].flatMap((domain) =>
  ["held", "strange"].map((name) => `${name}@${domain}`),
);
const spaces = ["*", "*.example", "*.x.example", "x.example", "*.relay.example", "relay.example", "out.example"];
const sizeBytes = 2000;

/** One or two Hubs and up to two Edge servers a site, one Edge server without any, links that may leave gaps. */
const servers = fc
  .tuple(
    ...siteNames.map(() => fc.record({ hubs: fc.integer({ min: 0, max: 2 }), edges: fc.integer({ max: 2, min: 0 }) })),
  )
  .map((counts): ExchangeServer[] => [
    ...siteNames.flatMap((name, index) => {
      const { hubs, edges } = counts[index] as { hubs: number; edges: number };
      const numbered = (count: number): number[] => Array.from({ length: count }, (_, number) => number + 1);
      return [
        ...numbered(hubs).map((number) => hub(`Hub${name}${number}`, name)),
        ...numbered(edges).map((number) => edge(`Edge${name}${number}`, name)),
      ];
    }),
    edge("Lonely", null),
  ]);
const links = fc
  .array(fc.tuple(fc.subarray(siteNames, { minLength: 2, maxLength: 2 }), fc.integer({ min: 1, max: 3 })), {
    maxLength: 5,
  })
  .map((pairs) => pairs.map(([[one, other], cost]) => link(one as string, other as string, cost)));

/** All source servers of a connector are in one site, as Exchange wants it; one in three is as EdgeSync makes them. */
const connectorsOf = (all: readonly ExchangeServer[]) => {
  const homes = [...siteNames, null]
    .map((home) => all.filter((server) => server.site === home).map(({ name }) => name))
    .filter((names) => names.length > 0);
  const source = fc.constantFrom(...homes).chain((names) => fc.subarray(names, { minLength: 1 }));
  const one = fc.record({
    spaces: fc.array(
      fc.tuple(fc.constantFrom(...spaces), fc.integer({ min: 1, max: 3 })).map(([space, cost]) => `${space};${cost}`),
      { minLength: 1, maxLength: 3 },
    ),
    inward: fc.constantFrom(false, false, true),
    source,
    enabled: fc.constantFrom(true, true, true, false),
    isScopedConnector: fc.boolean(),
    dnsRoutingEnabled: fc.boolean(),
    maxMessageSizeBytes: fc.constantFrom(sizeBytes, sizeBytes, sizeBytes - 1),
  });
  return fc
    .array(one, { maxLength: 6 })
    .map((made) =>
      made.map(({ inward, spaces: its, source: from, ...more }, index) =>
        inward
          ? connector(`C${index}`, ["--"], from, { ...more, dnsRoutingEnabled: false, smartHosts: ["--"] })
          : connector(`C${index}`, its, from, { ...more, smartHosts: ["relay.isp.example"] }),
      ),
    );
};

const hubSites = fc.subarray(siteNames);
const organizations = fc.tuple(servers, links, hubSites).chain(([all, siteLinks, relaying]) =>
  connectorsOf(all).map((connectors): FakeOrganization => {
    const [home] = all.filter(isHub);
    const addresses = ["held@contoso.com", "held@relay.example"];
    const mailboxes = home
      ? addresses.map((address) => mailboxObject({ name: address, server: home.name, addresses: [address] }))
      : [];
    const sites = siteNames.map((name) => ({ name, hubSiteEnabled: relaying.includes(name) }));
    return { sites, siteLinks, servers: all, domains, mailboxes, connectors };
  }),
);

const at = (server: ExchangeServer): Here => ({
  server: server.name,
  role: isEdge(server) ? "edge" : "hub",
  site: server.site,
});

/** What a server of the organization makes of a message; an Edge server sees its ADAM only. */
function categorizeAt(server: ExchangeServer, organization: FakeOrganization, wanted: readonly string[]) {
  const seen: FakeOrganization = isEdge(server)
    ? {
        domains,
        servers:
          organization.servers?.filter((other) => other === server || (isHub(other) && other.site === server.site)) ??
          [],
        connectors:
          organization.connectors?.filter(({ sourceTransportServers: from }) => from.includes(server.name)) ?? [],
      }
    : organization;
  const view = viewOf(seen);
  const here = at(server);
  const envelope = { from: "s@contoso.com", recipients: wanted.map((address) => ({ address })), body: "7BIT" as const };
  return categorize(envelope, view, here, buildRoutes(view, here, new Date(0)), sizeBytes);
}

/** Every server that may get a copy next; none where it leaves the organization, is delivered, or waits. */
function nextServers(
  { deliveryType, nextHopDomain, connector: name }: NextHopSolution,
  here: ExchangeServer,
  { servers: all = [], connectors = [] }: FakeOrganization,
): ExchangeServer[] {
  const chosen = connectors.find((one) => one.name === name);
  switch (deliveryType) {
    case "SmtpRelayToRemoteAdSite":
      return all.filter((server) => isHub(server) && server.site === nextHopDomain);
    case "SmtpRelayWithinAdSite":
      return all.filter(({ fqdn }) => fqdn === nextHopDomain);
    case "SmtpRelayWithinAdSiteToEdge":
      return all.filter(
        (server) => isEdge(server) && server.site === here.site && chosen?.sourceTransportServers.includes(server.name),
      );
    case "SmartHostConnectorDelivery":
      return nextHopDomain === "--" ? all.filter((server) => isHub(server) && server.site === here.site) : [];
    default:
      return [];
  }
}

describe("mail by Send connectors", () => {
  it("goes the same way, for the same reasons, whatever the order of the connectors", () => {
    fc.assert(
      fc.property(
        organizations.chain((organization) =>
          fc.tuple(
            fc.constant(organization),
            fc.shuffledSubarray([...(organization.connectors ?? [])], {
              minLength: organization.connectors?.length ?? 0,
            }),
          ),
        ),
        ([organization, connectors]) => {
          for (const server of organization.servers ?? []) {
            const shuffled = categorizeAt(server, { ...organization, connectors }, recipients);
            expect(shuffled).to.deep.equal(categorizeAt(server, organization, recipients));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it("accounts for every recipient exactly once", () => {
    fc.assert(
      fc.property(organizations, fc.shuffledSubarray(recipients), (organization, wanted) => {
        for (const server of organization.servers ?? []) {
          const { deliveries, failed, duplicates } = categorizeAt(server, organization, wanted);
          const found = [
            ...deliveries.flatMap((delivery) => delivery.recipients),
            ...failed.map(({ recipient }) => recipient),
            ...duplicates,
          ];
          expect(found.map(({ address }) => address).sort()).to.deep.equal([...wanted].sort());
          const hops = deliveries.map(({ solution }) => JSON.stringify(solution));
          expect(hops, "two copies by one way").to.have.lengthOf(new Set(hops).size);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("never comes back to a server it has passed, neither between sites nor between a Hub and an Edge server", () => {
    fc.assert(
      fc.property(organizations, (organization) => {
        const walk = (server: ExchangeServer, wanted: readonly string[], passed: readonly string[]): void => {
          expect(passed, [...passed, server.name].join(" > ")).not.to.include(server.name);
          for (const { solution, recipients: some } of categorizeAt(server, organization, wanted).deliveries)
            for (const next of nextServers(solution, server, organization))
              walk(
                next,
                some.map(({ address }) => address),
                [...passed, server.name],
              );
        };
        for (const server of organization.servers ?? [])
          for (const recipient of recipients) walk(server, [recipient], []);
      }),
      { numRuns: 100 },
    );
  });

  it("finds a next server for whatever is relayed within the organization", () => {
    fc.assert(
      fc.property(organizations, (organization) => {
        for (const server of (organization.servers ?? []).filter(isHub))
          for (const { solution } of categorizeAt(server, organization, recipients).deliveries)
            if (solution.deliveryType.startsWith("SmtpRelay"))
              expect(nextServers(solution, server, organization), JSON.stringify(solution)).not.to.deep.equal([]);
      }),
      { numRuns: 200 },
    );
  });
});
