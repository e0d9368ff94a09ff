import type { OrganizationView } from "../directory/index.ts";
import { edgeSyncPort, smtpPort, type Zone } from "../dns/index.ts";
import type { LabServer } from "./server/server.ts";

/** Tells the lab's zone where a server is. */
export function nameServer(names: Zone, { installed, bindings, edgeSync }: LabServer): void {
  const [smtp] = bindings;
  if (smtp) names.setHost(installed.fqdn, smtpPort, smtp);
  if (edgeSync?.role === "edge") names.setHost(installed.fqdn, edgeSyncPort, edgeSync.edge.endpoint);
}

/**
 * Keeps the mail exchangers of the organization's domains: its Edge servers where it has any, else its Hubs, all of the
 * same preference. Ours.
 *
 * @param claimed domains that somebody outside takes mail for, in lower case
 * @returns `refresh` for a server that has joined, and `close`
 */
export function nameDomains(
  names: Zone,
  organization: OrganizationView,
  servers: () => readonly LabServer[],
  claimed: ReadonlySet<string>,
): { refresh(): void; close(): void } {
  const inRole = (role: "EdgeTransport" | "HubTransport"): string[] =>
    servers().flatMap(({ installed }) => (installed.roles.includes(role) ? installed.fqdn : []));
  let named: readonly string[] = [];
  const name = (): void => {
    const edges = inRole("EdgeTransport");
    const exchangers = (edges.length > 0 ? edges : inRole("HubTransport")).map((host) => ({ host, preference: 10 }));
    const domains = organization
      .objects("acceptedDomain")
      .map(({ domainName }) => domainName.toLowerCase())
      .filter((domain) => !claimed.has(domain));
    for (const gone of named.filter((domain) => !domains.includes(domain))) names.setMailExchangers(gone, []);
    for (const domain of domains) names.setMailExchangers(domain, exchangers);
    named = domains;
  };
  name();
  return { refresh: name, close: organization.onChange(name) };
}
