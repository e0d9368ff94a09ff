import { formatTimeSpan, LabError } from "../base/index.ts";

/** `Get-ExchangeCertificate` named a thumbprint that the server's store does not hold. */
export const thumbprintUnknown = (thumbprint: string, server: string, held: number): LabError =>
  new LabError(
    "COMMAND_THUMBPRINT_UNKNOWN",
    `Cannot show certificate "${thumbprint}" of ${server}: none of its ${held} certificates has that thumbprint`,
    {
      remedy: `On ${server}, run Get-ExchangeCertificate and copy a Thumbprint from its output`,
      details: { thumbprint, server, held },
    },
  );

/** A queue identity names a queue that this server does not have. */
export const queueUnknown = (identity: string, known: readonly string[]): LabError =>
  new LabError("COMMAND_QUEUE_UNKNOWN", `Cannot find queue "${identity}": the server has ${known.join(", ")}`, {
    remedy: "Run Get-Queue and copy an Identity from its output",
    details: { identity, known },
  });

/** A queue identity names another server than the one the cmdlet runs on. */
export const queueElsewhere = (identity: string, owner: string, server: string): LabError =>
  new LabError(
    "COMMAND_QUEUE_ELSEWHERE",
    `Cannot find queue "${identity}" on ${server}: a server knows only its own queues, and this one is of ${owner}`,
    { remedy: `Run the cmdlet on ${owner}`, details: { identity, owner, server } },
  );

/** `Get-AdSite` named a site that the organization does not have. */
export const siteUnknown = (identity: string, known: readonly string[]): LabError =>
  new LabError("COMMAND_SITE_UNKNOWN", `Cannot find site "${identity}": the organization has ${known.join(", ")}`, {
    remedy: "Run Get-AdSite and copy a Name from its output",
    details: { identity, known },
  });

/** `Set-ReceiveConnector` named no connector, or more than one. */
export const connectorNotSingle = (identity: string, found: readonly string[]): LabError =>
  new LabError(
    "COMMAND_CONNECTOR_NOT_SINGLE",
    `Cannot change connector "${identity}": it must name one connector, and it names ${found.join(", ") || "none"}`,
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
export const remoteRangeMalformed = (range: string): LabError =>
  new LabError(
    "COMMAND_CONNECTOR_RANGE_MALFORMED",
    `Cannot set RemoteIPRanges to "${range}": it is no address, range of addresses or network`,
    { remedy: "Write 10.0.0.1, 10.0.0.1-10.0.0.9 or 10.0.0.0/24", details: { range } },
  );
