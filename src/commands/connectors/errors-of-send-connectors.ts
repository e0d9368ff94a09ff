import { LabError } from "../../base/index.ts";

/** A Send connector would be for no domain at all. */
export const addressSpaceMissing = (name: string): LabError =>
  new LabError("COMMAND_SEND_ADDRESS_SPACE_MISSING", `Cannot set up "${name}": it has no address space`, {
    remedy: 'Add -AddressSpaces "SMTP:*;1" or the domains it is for',
    details: { name },
  });

/** A text that is no address space of SMTP. */
export const addressSpaceMalformed = (found: string): LabError =>
  new LabError("COMMAND_SEND_ADDRESS_SPACE_MALFORMED", `Cannot set AddressSpaces to "${found}": it is none of SMTP`, {
    remedy: 'Write fabrikam.com, *.fabrikam.com, * or --, with type and cost in quotes: "SMTP:fabrikam.com;5"',
    details: { found },
  });

/** TLS is required of a connector that must not use it. */
export const tlsRequiredAndIgnored = (): LabError =>
  new LabError(
    "COMMAND_SEND_TLS_CONTRADICTION",
    "Cannot set RequireTLS $true beside IgnoreSTARTTLS $true: no message could ever be sent",
    { remedy: "Write -IgnoreSTARTTLS $false, or -RequireTLS $false" },
  );

/** Mail would go by DNS and to smart hosts at once. */
export const smartHostsBesideDns = (smartHosts: readonly string[]): LabError =>
  new LabError(
    "COMMAND_SEND_ROUTING_CONTRADICTION",
    `Cannot route by DNS and to the smart hosts ${smartHosts.join(", ")}: a connector does one or the other`,
    { remedy: "Add -DNSRoutingEnabled $false, or write -SmartHosts $null", details: { smartHosts } },
  );

/** Mail would go neither by DNS nor to a smart host. */
export const smartHostsMissing = (): LabError =>
  new LabError("COMMAND_SEND_SMART_HOSTS_MISSING", "Cannot set DNSRoutingEnabled $false: there are no smart hosts", {
    remedy: "Add -SmartHosts and the hosts that all mail goes to",
  });

/** A smart host that is neither a name nor an address. */
export const smartHostMalformed = (found: string): LabError =>
  new LabError("COMMAND_SEND_SMART_HOST_MALFORMED", `Cannot set SmartHosts to "${found}": it is no host`, {
    remedy: "Write smtp.fabrikam.com, 10.0.0.1 or [10.0.0.1]",
    details: { found },
  });

/**
 * The Hubs of the subscribed site cannot be the smart hosts of this connector.
 *
 * @param lack what is wrong with it, as a sentence
 */
export const allHubsRefused = (lack: string, remedy: string): LabError =>
  new LabError(
    "COMMAND_SEND_ALL_HUBS_REFUSED",
    `Cannot set SmartHosts to --, which stands for every Hub Transport server of the subscribed site: ${lack}`,
    { remedy, details: { lack } },
  );

/** An authentication mechanism for smart hosts, where there are none. */
export const authenticationWithoutSmartHosts = (mechanism: string): LabError =>
  new LabError(
    "COMMAND_SEND_AUTH_WITHOUT_SMART_HOSTS",
    `Cannot set SmartHostAuthMechanism ${mechanism}: the connector has no smart hosts`,
    {
      remedy: "Write -SmartHostAuthMechanism None, or add -DNSRoutingEnabled $false -SmartHosts",
      details: { mechanism },
    },
  );

/** Domain Security without what mutual TLS with the recipient's domain needs. */
export const domainSecureUnmet = (needed: string): LabError =>
  new LabError("COMMAND_SEND_DOMAIN_SECURE_UNMET", `Cannot set DomainSecureEnabled $true: it needs ${needed}`, {
    remedy: `Add -${needed}, or write -DomainSecureEnabled $false`,
    details: { needed },
  });

/** A source server that the organization does not have. */
export const sourceUnknown = (name: string, known: readonly string[]): LabError =>
  new LabError(
    "COMMAND_SEND_SOURCE_UNKNOWN",
    `Cannot set SourceTransportServers to "${name}": no such server sends mail; there are ${known.join(", ")}`,
    {
      remedy: "Name Hub Transport servers, or Edge Transport servers as Get-EdgeSubscription shows them",
      details: { name, known },
    },
  );

/** On an Edge Transport server a connector starts from that server, and from no other. */
export const sourceElsewhere = (name: string, server: string): LabError =>
  new LabError(
    "COMMAND_SEND_SOURCE_ELSEWHERE",
    `Cannot set SourceTransportServers to "${name}" on ${server}: an Edge Transport server makes connectors for itself only`,
    { remedy: "Leave -SourceTransportServers out", details: { name, server } },
  );
