import type { PermissionGroup, ReceiveConnector } from "../../directory/index.ts";

export const receiveConnectorUsages = ["Client", "Custom", "Internal", "Internet", "Partner"] as const;
type Usage = (typeof receiveConnectorUsages)[number];

interface UsageDefaults {
  settings: Pick<ReceiveConnector, "authMechanism" | "permissionGroups"> & Partial<ReceiveConnector>;
  /** Tells by its groups a connector that listens where this usage would; undefined: Bindings must be given. */
  listensLike?: (groups: readonly PermissionGroup[]) => boolean;
  /** Whether RemoteIPRanges must be given. */
  needsRanges: boolean;
}

/**
 * What the usages of a new Receive connector stand for, on a Hub Transport server.
 * Source: [receive-connectors] usage types; [new-receiveconnector] which parameters each needs.
 * Ours: where Exchange says port 25 or 587, a lab may have had to take another (docs/fidelity.md#connector-rules).
 */
export const usageDefaults: { readonly [K in Usage]: UsageDefaults } = {
  Client: {
    settings: {
      authMechanism: ["Tls", "Integrated", "BasicAuth", "BasicAuthRequireTLS"],
      permissionGroups: ["ExchangeUsers"],
    },
    listensLike: (groups) => groups.includes("ExchangeUsers") && !groups.includes("ExchangeServers"),
    needsRanges: true,
  },
  Custom: { settings: { authMechanism: ["Tls"], permissionGroups: ["None"] }, needsRanges: true },
  Internal: {
    settings: {
      authMechanism: ["Tls", "ExchangeServer"],
      permissionGroups: ["ExchangeServers", "ExchangeLegacyServers"],
    },
    listensLike: (groups) => groups.includes("ExchangeServers"),
    needsRanges: true,
  },
  Internet: { settings: { authMechanism: ["Tls"], permissionGroups: ["AnonymousUsers"] }, needsRanges: false },
  Partner: {
    settings: { authMechanism: ["Tls"], permissionGroups: ["Partners"], domainSecureEnabled: true },
    needsRanges: true,
  },
};
