import { isIP } from "node:net";
import type { AuthMechanism, PermissionGroup, ReceiveConnector } from "../../directory/index.ts";
import {
  bannerMalformed,
  bindingMalformed,
  combinationRefused,
  connectorsOverlap,
  domainSecureRefused,
  groupMissing,
  inactivityTooLong,
  mechanismMissing,
  noneNotAlone,
  remoteRangeMalformed,
} from "./errors-of-connectors.ts";
import { isIpRange } from "./ip-range.ts";
import { same } from "../definition/same.ts";

/** Codes of the errors that these rules come to. */
export const receiveConnectorErrors = [
  "COMMAND_CONNECTOR_BANNER_MALFORMED",
  "COMMAND_CONNECTOR_BINDING_MALFORMED",
  "COMMAND_CONNECTOR_COMBINATION_REFUSED",
  "COMMAND_CONNECTOR_DOMAIN_SECURE_REFUSED",
  "COMMAND_CONNECTOR_GROUP_MISSING",
  "COMMAND_CONNECTOR_INACTIVITY_TOO_LONG",
  "COMMAND_CONNECTOR_MECHANISM_MISSING",
  "COMMAND_CONNECTOR_NONE_NOT_ALONE",
  "COMMAND_CONNECTOR_OVERLAP",
  "COMMAND_CONNECTOR_RANGE_MALFORMED",
];

/**
 * Refuses settings of a Receive connector, as it would be after a change, that contradict each other or another connector
 * of its server; throws COMMAND_CONNECTOR_….
 * Source: [set-receiveconnector-2010], AuthMechanism, RequireTLS, DomainSecureEnabled, Banner and
 * ConnectionInactivityTimeout; the 2007 page gives the values without the rules (docs/fidelity.md#connector-rules).
 */
export function checkReceiveConnector(connector: ReceiveConnector, others: readonly ReceiveConnector[]): void {
  checkMechanisms(connector.authMechanism);
  checkGroups(connector.authMechanism, connector.permissionGroups);
  if (connector.requireTls) needMechanisms("RequireTLS $true", ["Tls"], connector.authMechanism);
  if (connector.domainSecureEnabled) checkDomainSecurity(connector.authMechanism);
  if (connector.banner !== null && !connector.banner.startsWith("220 ")) throw bannerMalformed(connector.banner);
  if (connector.connectionInactivityTimeoutMs >= connector.connectionTimeoutMs)
    throw inactivityTooLong(connector.connectionInactivityTimeoutMs, connector.connectionTimeoutMs);
  for (const range of connector.remoteIpRanges)
    if (!isIpRange(range)) throw remoteRangeMalformed("RemoteIPRanges", range);
  for (const binding of connector.bindings) checkBinding(binding);
  for (const other of others) checkApart(connector, other);
}

function checkMechanisms(mechanisms: readonly AuthMechanism[]): void {
  if (mechanisms.includes("None") && mechanisms.length > 1) throw noneNotAlone("AuthMechanism", mechanisms);
  if (mechanisms.includes("BasicAuthRequireTLS"))
    needMechanisms("AuthMechanism BasicAuthRequireTLS", ["BasicAuth", "Tls"], mechanisms);
  const others = mechanisms.filter((mechanism) => mechanism !== "ExternalAuthoritative" && mechanism !== "Tls");
  if (mechanisms.includes("ExternalAuthoritative") && others.length > 0) throw combinationRefused(others);
}

function checkGroups(mechanisms: readonly AuthMechanism[], groups: readonly PermissionGroup[]): void {
  // Ours: the pages say it of AuthMechanism only; a group beside None would mean nothing.
  if (groups.includes("None") && groups.length > 1) throw noneNotAlone("PermissionGroups", groups);
  if (mechanisms.includes("ExternalAuthoritative") && !groups.includes("ExchangeServers")) throw groupMissing(groups);
}

function needMechanisms(what: string, needed: readonly AuthMechanism[], mechanisms: readonly AuthMechanism[]): void {
  const missing = needed.filter((mechanism) => !mechanisms.includes(mechanism));
  if (missing.length > 0) throw mechanismMissing(what, missing, mechanisms);
}

function checkDomainSecurity(mechanisms: readonly AuthMechanism[]): void {
  needMechanisms("DomainSecureEnabled $true", ["Tls"], mechanisms);
  if (mechanisms.includes("ExternalAuthoritative")) throw domainSecureRefused();
}

/** Source: [new-receiveconnector], Bindings. Whether the address is the server's, the server says. */
function checkBinding(binding: string): void {
  const { address, port } = placeOf(binding);
  const isAddress = binding.startsWith("[") ? isIP(address) === 6 : isIP(address) === 4;
  if (!isAddress || !/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw bindingMalformed(binding);
}

/** What stands before the last colon, without brackets, and behind it. */
function placeOf(binding: string): { address: string; port: string } {
  const colon = binding.lastIndexOf(":");
  return { address: binding.slice(0, colon).replace(/^\[(.*)\]$/, "$1"), port: binding.slice(colon + 1) };
}

/**
 * Source: [aa996395], the combination of binding and remote ranges is unique; for a session the most specific range at
 * its binding decides. Inferred: so one range may be served at one binding by one connector only.
 */
function checkApart(connector: ReceiveConnector, other: ReceiveConnector): void {
  const binding = connector.bindings.find((one) => other.bindings.some((theirs) => isSamePlace(one, theirs)));
  const range = connector.remoteIpRanges.find((one) => other.remoteIpRanges.some((theirs) => same(one, theirs)));
  if (binding !== undefined && range !== undefined)
    throw connectorsOverlap(connector.name, other.name, { binding, range });
}

/** Port 0 is another one each time, and 0.0.0.0 whichever address the server has. */
function isSamePlace(one: string, other: string): boolean {
  const [here, there] = [placeOf(one), placeOf(other)];
  const isSameAddress = same(here.address, there.address) || [here, there].some(({ address }) => address === "0.0.0.0");
  return here.port !== "0" && here.port === there.port && isSameAddress;
}
