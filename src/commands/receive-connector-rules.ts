import { isIP } from "node:net";
import type { AuthMechanism, PermissionGroup, ReceiveConnector } from "../directory/index.ts";
import {
  bannerMalformed,
  bindingMalformed,
  bindingUnspecified,
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
import { same } from "./same.ts";

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

/** Source: [new-receiveconnector], Bindings. Ours: an address of the server's own (docs/fidelity.md#connector-rules). */
function checkBinding(binding: string): void {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(binding) ?? [];
  const isAddress = bracketed === undefined ? isIP(plain ?? "") === 4 : isIP(bracketed) === 6;
  if (!isAddress || Number(port) < 1 || Number(port) > 65_535) throw bindingMalformed(binding);
  if (plain === "0.0.0.0" || bracketed === "::") throw bindingUnspecified(binding);
}

/**
 * Source: [aa996395], the combination of binding and remote ranges is unique; for a session the most specific range at
 * its binding decides. Inferred: so one range may be served at one binding by one connector only.
 */
function checkApart(connector: ReceiveConnector, other: ReceiveConnector): void {
  const binding = connector.bindings.find((one) => other.bindings.some((theirs) => same(one, theirs)));
  const range = connector.remoteIpRanges.find((one) => other.remoteIpRanges.some((theirs) => same(one, theirs)));
  if (binding !== undefined && range !== undefined)
    throw connectorsOverlap(connector.name, other.name, { binding, range });
}
