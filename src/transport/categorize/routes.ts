import type { Decision } from "../../base/index.ts";
import type { AcceptedDomain, ExchangeServer, SendConnector, Site, SiteLink } from "../../directory/index.ts";
import { chooseConnector, type ConnectorChoice } from "./connector-choice.ts";
import type { Here, Vantage } from "./connector-place.ts";
import { buildRoutingTable, type RoutingTable } from "./route.ts";

/** What routing needs of the organization, or of an Edge server's ADAM. */
export interface RoutingDirectory {
  sites(): readonly Site[];
  siteLinks(): readonly SiteLink[];
  servers(): readonly ExchangeServer[];
  server(name: string): ExchangeServer | undefined;
  acceptedDomain(domain: string): AcceptedDomain | undefined;
  objects(kind: "sendConnector"): readonly SendConnector[];
}

/** All that one server knows of where mail can go. Built anew when the configuration changes, never per message. */
export interface Routes {
  /** Undefined on an Edge server, which knows nothing of sites. */
  sites: RoutingTable | undefined;
  /** The Send connector for mail of that size to that domain, lower case. The same object comes back for the same. */
  connectorTo(domain: string, sizeBytes: number): Decision<ConnectorChoice>;
}

/** @param builtAt lab time */
export function buildRoutes(organization: RoutingDirectory, here: Here, builtAt: Date): Routes {
  const sites =
    here.role === "hub" && here.site !== null
      ? buildRoutingTable(organization.sites(), organization.siteLinks(), organization.servers(), here.site, builtAt)
      : undefined;
  const vantage: Vantage = {
    here,
    server: (name) => organization.server(name),
    costTo: (site) => sites?.costTo(site) ?? { cost: 0 },
  };
  const connectors = organization.objects("sendConnector");
  const limits = connectors.map(({ maxMessageSizeBytes }) => maxMessageSizeBytes);
  const known = new Map<string, Decision<ConnectorChoice>>();

  return {
    sites,
    connectorTo(domain, sizeBytes) {
      // Sizes that the same connectors are too small for are treated alike.
      const key = `${domain} ${limits.filter((limit) => limit < sizeBytes).length}`;
      const held = known.get(key);
      if (held) return held;
      const accepted = organization.acceptedDomain(domain)?.domainType;
      const decision = chooseConnector({ domain, accepted }, sizeBytes, connectors, vantage);
      // Mail to ever new domains must not fill the memory: start over, it is cheap to compute again.
      if (known.size >= 10_000) known.clear();
      known.set(key, decision);
      return decision;
    },
  };
}
