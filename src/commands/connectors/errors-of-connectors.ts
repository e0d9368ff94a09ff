import { formatTimeSpan, LabError } from "../../base/index.ts";

/** A Receive connector was to be changed or removed, and none was named, or more than one. */
export const connectorNotSingle = (identity: string, found: readonly string[]): LabError =>
  new LabError(
    "COMMAND_CONNECTOR_NOT_SINGLE",
    `Cannot tell which connector "${identity}" is: it must name one connector, and it names ${found.join(", ") || "none"}`,
    { remedy: "Write Server\\Name in quotes, as Get-ReceiveConnector shows it", details: { identity, found } },
  );

/** `None` stands beside other values. */
export const noneNotAlone = (parameter: string, values: readonly string[]): LabError =>
  new LabError(
    "COMMAND_CONNECTOR_NONE_NOT_ALONE",
    `Cannot set ${parameter} to ${values.join(", ")}: None must stand alone`,
    { remedy: `Write -${parameter} None, or leave None out`, details: { parameter, values } },
  );

/** A setting needs authentication mechanisms that are not set. */
export const mechanismMissing = (what: string, missing: readonly string[], mechanisms: readonly string[]): LabError =>
  new LabError(
    "COMMAND_CONNECTOR_MECHANISM_MISSING",
    `Cannot set ${what}: it needs AuthMechanism ${missing.join(" and ")}, and the connector would have ${mechanisms.join(", ") || "none"}`,
    {
      remedy: `Write -AuthMechanism ${[...mechanisms.filter((name) => name !== "None"), ...missing].join(",")}`,
      details: { missing, mechanisms },
    },
  );

/** ExternalAuthoritative stands beside a mechanism other than Tls. */
export const combinationRefused = (others: readonly string[]): LabError =>
  new LabError(
    "COMMAND_CONNECTOR_COMBINATION_REFUSED",
    `Cannot set AuthMechanism ExternalAuthoritative beside ${others.join(", ")}: it can only be combined with Tls`,
    {
      remedy: "Write -AuthMechanism Tls,ExternalAuthoritative, or leave ExternalAuthoritative out",
      details: { others },
    },
  );

/** ExternalAuthoritative without the permission group it needs. */
export const groupMissing = (groups: readonly string[]): LabError =>
  new LabError(
    "COMMAND_CONNECTOR_GROUP_MISSING",
    `Cannot set AuthMechanism ExternalAuthoritative: it needs permission group ExchangeServers, and the connector would have ${groups.join(", ") || "none"}`,
    {
      remedy: `Write -PermissionGroups ${[...groups.filter((name) => name !== "None"), "ExchangeServers"].join(",")}`,
      details: { groups },
    },
  );

/** A banner that is no SMTP greeting. */
export const bannerMalformed = (banner: string): LabError =>
  new LabError("COMMAND_CONNECTOR_BANNER_MALFORMED", `Cannot set Banner to "${banner}": it must begin with "220 "`, {
    remedy: `Write -Banner "220 ${banner}", or -Banner $null for the default`,
    details: { banner },
  });

/** An inactivity time-out that could never be reached. */
export const inactivityTooLong = (inactivityMs: number, connectionMs: number): LabError =>
  new LabError(
    "COMMAND_CONNECTOR_INACTIVITY_TOO_LONG",
    `Cannot set ConnectionInactivityTimeout to ${formatTimeSpan(inactivityMs)}: it must be shorter than ConnectionTimeout, which is ${formatTimeSpan(connectionMs)}`,
    { remedy: "Give a longer -ConnectionTimeout in the same command", details: { inactivityMs, connectionMs } },
  );

/** An address range that is none. */
export const remoteRangeMalformed = (parameter: string, range: string): LabError =>
  new LabError(
    "COMMAND_CONNECTOR_RANGE_MALFORMED",
    `Cannot set ${parameter} to "${range}": it is no address, range of addresses or network`,
    { remedy: "Write 10.0.0.1, 10.0.0.1-10.0.0.9 or 10.0.0.0/24", details: { parameter, range } },
  );

/** Domain Security stands beside the belief in a peer without authentication. */
export const domainSecureRefused = (): LabError =>
  new LabError(
    "COMMAND_CONNECTOR_DOMAIN_SECURE_REFUSED",
    "Cannot set DomainSecureEnabled $true beside AuthMechanism ExternalAuthoritative: who is believed proves nothing",
    { remedy: "Leave ExternalAuthoritative out of -AuthMechanism" },
  );

/** A binding that is no address and port. */
export const bindingMalformed = (binding: string): LabError =>
  new LabError(
    "COMMAND_CONNECTOR_BINDING_MALFORMED",
    `Cannot set Bindings to "${binding}": it is no address with a port behind it`,
    {
      remedy: "Write 0.0.0.0:26 for the server's own address, or an address it has: 127.7.1.1:26, [::1]:26",
      details: { binding },
    },
  );

/** Two connectors would answer for the same clients at the same place. */
export const connectorsOverlap = (name: string, other: string, shared: { binding: string; range: string }): LabError =>
  new LabError(
    "COMMAND_CONNECTOR_OVERLAP",
    `Cannot let "${name}" listen at ${shared.binding} for ${shared.range}: "${other}" does`,
    { remedy: "Give it other -Bindings or other -RemoteIPRanges", details: { name, other, ...shared } },
  );

/** A usage leaves open where a new connector listens, or whom it serves. */
export const usageNeeds = (usage: string, parameter: string, example: string): LabError =>
  new LabError(
    "COMMAND_CONNECTOR_USAGE_NEEDS",
    `Cannot make a Receive connector with -Usage ${usage}: it needs -${parameter}`,
    { remedy: `Add -${parameter} ${example}`, details: { usage, parameter } },
  );

/** A usage that Edge Transport servers do not have. */
export const usageNotOnEdge = (usage: string, server: string): LabError =>
  new LabError(
    "COMMAND_CONNECTOR_USAGE_NOT_ON_EDGE",
    `Cannot make a Receive connector with -Usage ${usage} on ${server}: nobody has a mailbox behind an Edge Transport server`,
    { remedy: "Write -Usage Internet, Internal, Partner or Custom", details: { usage, server } },
  );

/** A Receive connector was to listen on another server than the one the cmdlet runs on. */
export const connectorElsewhere = (server: string, here: string): LabError =>
  new LabError(
    "COMMAND_CONNECTOR_ELSEWHERE",
    `Cannot let ${server} listen by a cmdlet on ${here}: a cmdlet opens ports of the server it runs on only`,
    { remedy: `Run the cmdlet on ${server}`, details: { server, here } },
  );
