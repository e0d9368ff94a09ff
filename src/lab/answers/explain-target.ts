import type { ExchangeServer, OrganizationView, ReceiveConnector, SendConnector } from "../../directory/index.ts";
import { domainOf } from "../../smtp/index.ts";
import { choiceElsewhere, unknownChoice } from "../errors.ts";

/** For what the choice of a certificate is explained. */
export type ExplainTarget =
  /** Any receive connector of that name. */
  | { kind: "fqdn"; fqdn: string }
  | { kind: "receiveConnector"; connector: ReceiveConnector }
  | { kind: "sendConnector"; connector: SendConnector }
  | { kind: "server"; server: ExchangeServer }
  | { kind: "domain"; domain: string };

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/**
 * What a name stands for on a server: a receive connector of it, by identity or name; a Send connector; another server
 * of the organization, by name or FQDN; or, where it has a dot, somebody else's domain, also as an address of it. The
 * server's own name stands for all of its receive connectors, and so does no name at all.
 *
 * Throws CERT_CHOICE_ELSEWHERE and CERT_CHOICE_UNKNOWN. Ours.
 */
export function targetsNamed(
  name: string | undefined,
  here: string,
  organization: OrganizationView,
): readonly ExplainTarget[] {
  const own = organization.receiveConnectors(here);
  const server = name === undefined ? undefined : (organization.server(name) ?? organization.serverByFqdn(name));
  if (name === undefined || (server && same(server.name, here)))
    return own.map((connector) => ({ kind: "receiveConnector", connector }));

  const identity = (connector: ReceiveConnector): string => `${connector.server}\\${connector.name}`;
  const received = own.find((one) => same(identity(one), name) || same(one.name, name));
  if (received) return [{ kind: "receiveConnector", connector: received }];
  const elsewhere = organization.objects("receiveConnector").find((one) => same(identity(one), name));
  if (elsewhere) throw choiceElsewhere(name, elsewhere.server, here);

  const connectors = organization.objects("sendConnector");
  const connector = connectors.find((one) => same(one.name, name));
  if (connector) return [{ kind: "sendConnector", connector }];
  if (server) return [{ kind: "server", server }];
  const domain = name.includes("@") ? domainOf(name) : name;
  if (/^[^\s\\.]+(\.[^\s\\.]+)+$/.test(domain)) return [{ kind: "domain", domain: domain.toLowerCase() }];
  throw unknownChoice(name, [...own.map(identity), ...connectors.map((one) => one.name)]);
}
