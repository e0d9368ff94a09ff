import { isIP } from "node:net";
import type { AuthMechanism, PermissionGroup, ReceiveConnector } from "../directory/index.ts";
import {
  bannerMalformed,
  combinationRefused,
  groupMissing,
  inactivityTooLong,
  mechanismMissing,
  noneNotAlone,
  remoteRangeMalformed,
} from "./errors.ts";

/** What the rules read of a connector, as it would be after a change. */
type Checked = Pick<
  ReceiveConnector,
  | "authMechanism"
  | "permissionGroups"
  | "requireTls"
  | "banner"
  | "remoteIpRanges"
  | "connectionTimeoutMs"
  | "connectionInactivityTimeoutMs"
>;

/**
 * Refuses settings of a Receive connector that contradict each other; throws COMMAND_CONNECTOR_….
 * Source: [set-receiveconnector-2010], AuthMechanism, RequireTLS, Banner and ConnectionInactivityTimeout; the 2007
 * page gives the values without the rules (docs/fidelity.md#connector-rules).
 */
export function checkReceiveConnector(connector: Checked): void {
  checkMechanisms(connector.authMechanism);
  checkGroups(connector.authMechanism, connector.permissionGroups);
  if (connector.requireTls) needMechanisms("RequireTLS $true", ["Tls"], connector.authMechanism);
  if (connector.banner !== null && !connector.banner.startsWith("220 ")) throw bannerMalformed(connector.banner);
  if (connector.connectionInactivityTimeoutMs >= connector.connectionTimeoutMs)
    throw inactivityTooLong(connector.connectionInactivityTimeoutMs, connector.connectionTimeoutMs);
  for (const range of connector.remoteIpRanges) if (!isIpRange(range)) throw remoteRangeMalformed(range);
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

/** `address`, `address-address` or `address/bits`, both addresses of one family. */
function isIpRange(range: string): boolean {
  const [from = "", to] = range.split("-");
  if (to !== undefined) return isIP(from) !== 0 && isIP(from) === isIP(to) && range.split("-").length === 2;
  const [address = "", bits] = range.split("/");
  const family = isIP(address);
  if (bits === undefined || family === 0) return family !== 0;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128) && range.split("/").length === 2;
}
