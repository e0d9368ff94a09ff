import { type ExchangeServer, isEdge, isHub, type SendConnector } from "../../directory/index.ts";
import { smtpPort } from "../../dns/index.ts";
import { type Endpoint, reply } from "../../smtp/index.ts";
import type { NextHopSolution, NoChannel } from "../mail-item.ts";
import type { SendServer } from "./send-server.ts";

/** One host to try. */
export interface Target {
  /** Its name, or its address in brackets. */
  host: string;
  /** Undefined: its name leads nowhere. */
  endpoint: Endpoint | undefined;
  /** The server of this organization that it is; undefined: a host of somebody else's. */
  server: ExchangeServer | undefined;
}

/** Hosts in groups: those of one are equals, over whom load is spread, and the next is for when all of them have failed. */
export type TargetGroups = readonly (readonly Target[])[];

/** From where targets are looked for. */
export type Vantage = Pick<SendServer, "name" | "fqdn" | "organization" | "names">;

/** Smart hosts, or address spaces: those of the organization itself. Source: [bb266920]. */
export const ownOrganization = "--";

/** LastError where no name leads anywhere. Source: [aa563688]. */
const queryFailed: NoChannel = { lastError: "451 4.4.0 DNS query failed" };
/** Inferred: the text of later editions (docs/fidelity.md#next-hops). */
const nonExistentDomain = reply(554, "5.4.4", "SMTPSEND.DNS.NonExistentDomain; nonexistent domain");
/** Ours: the text; the code by RFC 3463 §3.5. */
const leadsBack = reply(554, "5.4.6", "The mail exchangers of this domain lead back to this server");

/**
 * The hosts that lead to a next hop now, or why there are none.
 *
 * @param connector the Send connector that was chosen; undefined between Hubs
 * @returns groups of at least one host each, of which at least one has an endpoint where names are other people's
 * Source: [bb125237], what the next hop of each delivery type is; [bb266920] for `--`; RFC 5321 §5.1 for mail exchangers.
 */
export function targetsOf(
  solution: NextHopSolution,
  connector: SendConnector | undefined,
  here: Vantage,
): TargetGroups | NoChannel {
  const { organization } = here;
  const servers = (test: (server: ExchangeServer) => boolean, port = smtpPort): TargetGroups | NoChannel =>
    knownServers(organization.servers().filter(test), port, here);

  switch (solution.deliveryType) {
    case "SmtpRelayToRemoteAdSite":
      return servers((server) => server.site === solution.nextHopDomain && isHub(server));
    case "SmtpRelayWithinAdSite": {
      const hub = organization.serverByFqdn(solution.nextHopDomain);
      return servers((server) => server === hub);
    }
    case "SmtpRelayWithinAdSiteToEdge": {
      const site = organization.server(here.name)?.site;
      const sources = connector?.sourceTransportServers.map((name) => name.toLowerCase()) ?? [];
      return servers((server) => isEdge(server) && server.site === site && sources.includes(server.name.toLowerCase()));
    }
    case "DnsConnectorDelivery":
      return mailExchangers(solution.nextHopDomain, connector, here);
    case "SmartHostConnectorDelivery": {
      const hosts = connector?.smartHosts ?? [];
      if (hosts.includes(ownOrganization)) return servers(isHub, connector?.port);
      return located([hosts.map((host) => hostTarget(host, connector?.port ?? smtpPort, here))]);
    }
    case "MapiDelivery":
    case "Undefined":
    case "Unreachable":
      throw new Error(`${solution.deliveryType} is no next hop of a Send connector`);
  }
}

function knownServers(servers: readonly ExchangeServer[], port: number, { names }: Vantage): TargetGroups | NoChannel {
  const targets = servers.map((server) => ({
    host: server.fqdn,
    endpoint: names.locate(server.fqdn, port),
    server,
  }));
  return targets.length === 0 ? queryFailed : [targets];
}

/** Of a list in which this server itself stands, only those before it lead on. Source: RFC 5321 §5.1. */
function mailExchangers(domain: string, connector: SendConnector | undefined, here: Vantage): TargetGroups | NoChannel {
  const groups = here.names.mailExchangerGroups(domain);
  if (groups.length === 0) return { failed: nonExistentDomain };
  const ownNames = [here.fqdn, connector?.fqdn ?? here.fqdn].map((name) => name.toLowerCase());
  const own = groups.findIndex((hosts) => hosts.some((host) => ownNames.includes(host.toLowerCase())));
  const before = own < 0 ? groups : groups.slice(0, own);
  if (before.length === 0) return { failed: leadsBack };
  const port = connector?.port ?? smtpPort;
  return located(before.map((hosts) => hosts.map((host) => ({ ...hostTarget(host, port, here), server: undefined }))));
}

/** Leaves out hosts whose names nobody knows. */
function located(groups: TargetGroups): TargetGroups | NoChannel {
  const known = groups
    .map((targets) => targets.filter(({ endpoint }) => endpoint !== undefined))
    .filter((targets) => targets.length > 0);
  return known.length === 0 ? queryFailed : known;
}

/** A smart host is one of our servers where it is called by that server's FQDN, or by the address that this leads to. */
function hostTarget(host: string, port: number, { names, organization }: Vantage): Target {
  const endpoint = names.locate(host, port);
  const isThere = ({ fqdn }: ExchangeServer): boolean => {
    const place = names.locate(fqdn, port);
    return place !== undefined && place.address === endpoint?.address && place.port === endpoint.port;
  };
  const server = host.startsWith("[") ? organization.servers().find(isThere) : organization.serverByFqdn(host);
  return { host, endpoint, server };
}
