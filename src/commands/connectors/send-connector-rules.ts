import { isIP } from "node:net";
import { type AddressSpace, parseAddressSpace, type SendConnector } from "../../directory/index.ts";
import { isDomain, needDomains } from "../organization/domains.ts";
import {
  addressSpaceMalformed,
  addressSpaceMissing,
  allHubsRefused,
  authenticationWithoutSmartHosts,
  domainSecureUnmet,
  smartHostMalformed,
  smartHostsBesideDns,
  smartHostsMissing,
  tlsRequiredAndIgnored,
} from "./errors-of-send-connectors.ts";

/** Codes of the errors that these rules come to. */
export const sendConnectorErrors = [
  "COMMAND_SEND_ADDRESS_SPACE_MALFORMED",
  "COMMAND_SEND_ADDRESS_SPACE_MISSING",
  "COMMAND_SEND_AUTH_WITHOUT_SMART_HOSTS",
  "COMMAND_SEND_ALL_HUBS_REFUSED",
  "COMMAND_SEND_DOMAIN_SECURE_UNMET",
  "COMMAND_SEND_ROUTING_CONTRADICTION",
  "COMMAND_SEND_SMART_HOSTS_MISSING",
  "COMMAND_SEND_SMART_HOST_MALFORMED",
  "COMMAND_SEND_SOURCE_ELSEWHERE",
  "COMMAND_SEND_SOURCE_UNKNOWN",
  "COMMAND_SEND_TLS_CONTRADICTION",
];

/** Stands for every Hub of the subscribed site. Source: [bb266920]. */
const allHubs = "--";

/**
 * Refuses settings of a Send connector, as it would be after a change, that contradict each other; throws COMMAND_SEND_…,
 * COMMAND_DOMAIN_MALFORMED. Source: [new-sendconnector], each at its parameter.
 */
export function checkSendConnector(connector: SendConnector): void {
  if (connector.addressSpaces.length === 0) throw addressSpaceMissing(connector.name);
  if (connector.fqdn !== null) needDomains("Fqdn", [connector.fqdn]);
  if (connector.requireTls && connector.ignoreStartTls) throw tlsRequiredAndIgnored();
  checkRouting(connector);
  if (connector.domainSecureEnabled) checkDomainSecurity(connector);
}

function checkRouting({ dnsRoutingEnabled, smartHosts, smartHostAuthMechanism }: SendConnector): void {
  if (dnsRoutingEnabled && smartHosts.length > 0) throw smartHostsBesideDns(smartHosts);
  if (smartHosts.length === 0 && smartHostAuthMechanism !== "None")
    throw authenticationWithoutSmartHosts(smartHostAuthMechanism);
  if (!dnsRoutingEnabled && smartHosts.length === 0) throw smartHostsMissing();
  if (!smartHosts.includes(allHubs)) return;
  if (smartHosts.length > 1)
    throw allHubsRefused(
      `it stands beside ${smartHosts.filter((host) => host !== allHubs).join(", ")}`,
      "Write it alone",
    );
  if (smartHostAuthMechanism !== "ExchangeServer")
    throw allHubsRefused(
      `SmartHostAuthMechanism would be ${smartHostAuthMechanism}`,
      "Add -SmartHostAuthMechanism ExchangeServer",
    );
}

/** Source: [new-sendconnector] DomainSecureEnabled, the conditions of mutual TLS. */
function checkDomainSecurity({ dnsRoutingEnabled, ignoreStartTls }: SendConnector): void {
  if (!dnsRoutingEnabled) throw domainSecureUnmet("DNSRoutingEnabled $true");
  if (ignoreStartTls) throw domainSecureUnmet("IgnoreSTARTTLS $false");
}

/**
 * Refuses `--` as a smart host where a source server belongs to no site by subscription.
 * Inferred: only for an Edge Transport server is there a subscribed site.
 *
 * @param edges names of the Edge Transport servers
 */
export function checkAllHubs(connector: SendConnector, edges: readonly string[]): void {
  const inside = connector.sourceTransportServers.find((name) => !edges.includes(name));
  if (connector.smartHosts.includes(allHubs) && inside !== undefined)
    throw allHubsRefused(`${inside} is subscribed to none`, "Name Edge Transport servers as -SourceTransportServers");
}

/** Throws COMMAND_SEND_ADDRESS_SPACE_MALFORMED. */
export function readAddressSpace(text: string): AddressSpace {
  const read = parseAddressSpace(text);
  const isPlace = read?.domain === "*" || read?.domain === allHubs || isDomain(read?.domain.replace(/^\*\./, "") ?? "");
  if (read === undefined || !isPlace) throw addressSpaceMalformed(text);
  return read;
}

/** An address gets its brackets, as Exchange keeps it. Throws COMMAND_SEND_SMART_HOST_MALFORMED. */
export function readSmartHost(text: string): string {
  const address = text.replace(/^\[(.*)\]$/, "$1");
  if (isIP(address) !== 0) return `[${address}]`;
  if (text !== allHubs && (!isDomain(text) || /^[\d.]+$/.test(text))) throw smartHostMalformed(text);
  return text;
}
