import type { Step } from "../../base/index.ts";
import { type ExchangeServer, isEdge, isHub, type SendConnector } from "../../directory/index.ts";
import { compareNames } from "./site-path.ts";

/** The server that routes. */
export interface Here {
  server: string;
  role: "hub" | "edge";
  /** Of an Edge server the one it is subscribed to; null where it is not. */
  site: string | null;
}

/** What a server sees when it looks for a connector. */
export interface Vantage {
  here: Here;
  server(name: string): Pick<ExchangeServer, "name" | "fqdn" | "site" | "roles"> | undefined;
  /** What the best way to a site costs, 0 to the own one; or the step that says why there is none. */
  costTo(site: string): { cost: number } | { lack: Step };
}

/** Where a connector starts from, as seen from here; `cost` is that of the way there. */
export type Place =
  | { kind: "here" }
  /** Another Hub of this site. */
  | { kind: "hub"; fqdn: string }
  /** An Edge server that is subscribed to this site, or several. */
  | { kind: "edge" }
  | { kind: "site"; site: string; cost: number };

type Source = NonNullable<ReturnType<Vantage["server"]>> & { site: string };

/**
 * Finds the source server of a connector that is closest: this one, one of this site, one of the site that costs least
 * to reach. Of several in this site a Hub comes before Edge servers, and the lowest name first.
 *
 * @param hubsOnly whether Edge servers among the sources count for nothing
 * @returns the place, or the step that says why mail from here can't use the connector
 * Source: [connector-selection], scope and proximity; the home site: all source servers are in one. Ours: the order
 *   within this site, and what becomes of a connector whose servers are in several.
 */
export function findPlace(connector: SendConnector, hubsOnly: boolean, vantage: Vantage): Place | { lack: Step } {
  const { here } = vantage;
  if (here.role === "edge")
    return startsAt(connector, here.server)
      ? { kind: "here" }
      : lack(connector, "source", `starts from ${namesOf(connector)}, not from here`);

  const all = sourcesOf(connector, vantage);
  if (all.length === 0)
    return lack(connector, "source", `no transport server in a site is among its servers, ${namesOf(connector)}`);
  const sources = hubsOnly ? all.filter(isHub) : all;
  const [first] = sources;
  if (!first) return lack(connector, "internal-relay", "starts from Edge servers, which would send the mail back");
  const inThisSite = sources.filter(({ site }) => site === here.site);
  if (inThisSite.length === 0)
    return connector.isScopedConnector
      ? lack(connector, "scope", `serves site ${first.site} only`)
      : nearestSite(connector, [...new Set(sources.map(({ site }) => site))].sort(compareNames), vantage);

  if (startsAt(connector, here.server)) return { kind: "here" };
  const hub = inThisSite.find(isHub);
  return hub ? { kind: "hub", fqdn: hub.fqdn } : { kind: "edge" };
}

/** Its source servers that can send: those of a transport role in a site, by name. */
function sourcesOf(connector: SendConnector, vantage: Vantage): Source[] {
  const found = connector.sourceTransportServers.flatMap((name) => vantage.server(name) ?? []);
  return found
    .flatMap((server) =>
      server.site !== null && (isHub(server) || isEdge(server)) ? [{ ...server, site: server.site }] : [],
    )
    .sort((one, other) => compareNames(one.name, other.name));
}

function nearestSite(connector: SendConnector, sites: readonly string[], { costTo }: Vantage): Place | { lack: Step } {
  let nearest: (Place & { kind: "site" }) | undefined;
  let why: Step | undefined;
  for (const site of sites) {
    const way = costTo(site);
    if ("lack" in way) why ??= { ...way.lack, text: `${connector.name}: no route leads to its site, ${site}` };
    else if (!nearest || way.cost < nearest.cost) nearest = { kind: "site", site, cost: way.cost };
  }
  return nearest ?? { lack: why as Step };
}

const namesOf = ({ sourceTransportServers }: SendConnector): string => sourceTransportServers.join(", ") || "none";

const startsAt = ({ sourceTransportServers }: SendConnector, server: string): boolean =>
  sourceTransportServers.some((name) => name.toLowerCase() === server.toLowerCase());

const lack = ({ name }: SendConnector, rule: string, text: string): { lack: Step } => ({
  lack: { source: `connector-selection#${rule}`, text: `${name}: ${text}` },
});
