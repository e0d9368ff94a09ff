import {
  type AcceptedDomain,
  type AcceptedDomainType,
  defaultSendConnector,
  type ExchangeServer,
  type Mailbox,
  parseAddressSpace,
  type SendConnector,
  type Site,
  type SiteLink,
} from "../../../src/directory/index.ts";
import type { CategorizerDirectory } from "../../../src/transport/categorize/categorize.ts";
import type { RoutingDirectory } from "../../../src/transport/categorize/routes.ts";
import { serverObject } from "../../helpers/objects.ts";

/** An organization in memory, or an Edge server's view of one. */
export interface FakeOrganization {
  sites?: readonly Site[];
  siteLinks?: readonly SiteLink[];
  servers?: readonly ExchangeServer[];
  domains?: Readonly<Record<string, AcceptedDomainType>>;
  mailboxes?: readonly Mailbox[];
  connectors?: readonly SendConnector[];
}

/** The view that categorizing needs of it. */
export function viewOf(organization: FakeOrganization): CategorizerDirectory & RoutingDirectory {
  const { sites = [], siteLinks = [], servers = [], domains = {}, mailboxes = [], connectors = [] } = organization;
  const acceptedDomains = Object.entries(domains).map(([domainName, domainType]): AcceptedDomain => ({
    name: domainName,
    domainName,
    domainType,
    default: false,
  }));
  return {
    sites: () => sites,
    siteLinks: () => siteLinks,
    servers: () => servers,
    server: (name) => servers.find((server) => server.name.toLowerCase() === name.toLowerCase()),
    acceptedDomain: (domain) => acceptedDomains.find(({ domainName }) => domainName === domain.toLowerCase()),
    mailboxByAddress: (address) => mailboxes.find(({ addresses }) => addresses.includes(address.toLowerCase())),
    objects: () => connectors,
  };
}

export const hub = (name: string, site: string): ExchangeServer =>
  serverObject({ name, fqdn: `${name.toLowerCase()}.contoso.local`, site, roles: ["HubTransport", "Mailbox"] });

/** @param site the one it is subscribed to */
export const edge = (name: string, site: string | null): ExchangeServer =>
  serverObject({ name, fqdn: `${name.toLowerCase()}.contoso.local`, site, roles: ["EdgeTransport"] });

export const site = (name: string): Site => ({ name, hubSiteEnabled: false });

/** `link("Here", "There", 10)`. */
export const link = (one: string, other: string, adCost: number): SiteLink => ({
  name: `${one}-${other}`,
  sites: [one, other],
  adCost,
  exchangeCost: null,
});

/** @param spaces as `New-SendConnector` takes them: `*.fabrikam.com;10` */
export function connector(
  name: string,
  spaces: readonly string[],
  from: readonly string[],
  more: Partial<SendConnector> = {},
): SendConnector {
  const addressSpaces = spaces.map((text) => {
    const space = parseAddressSpace(text);
    if (!space) throw new Error(`"${text}" is no address space`);
    return space;
  });
  return { ...defaultSendConnector, name, addressSpaces, sourceTransportServers: from, ...more };
}
