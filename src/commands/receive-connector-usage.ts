import type { ReceiveConnector } from "../directory/index.ts";

export const receiveConnectorUsages = ["Client", "Custom", "Internal", "Internet", "Partner"] as const;
type Usage = (typeof receiveConnectorUsages)[number];

interface UsageDefaults {
  settings: Pick<ReceiveConnector, "authMechanism" | "permissionGroups"> & Partial<ReceiveConnector>;
  /** Ports at one of which the server listens already, where the usage says where; undefined: Bindings must be given. */
  ports?: readonly string[];
  /** Whether RemoteIPRanges must be given. */
  needsRanges: boolean;
}

/**
 * What the usages of a new Receive connector stand for, on a Hub Transport server.
 * Source: [receive-connectors] usage types; [new-receiveconnector] which parameters each needs.
 * Ours: where Exchange listens at every address of the machine, here it is the one at which the server listens already.
 */
export const usageDefaults: { readonly [K in Usage]: UsageDefaults } = {
  Client: {
    settings: {
      authMechanism: ["Tls", "Integrated", "BasicAuth", "BasicAuthRequireTLS"],
      permissionGroups: ["ExchangeUsers"],
    },
    ports: ["587", "2587"],
    needsRanges: true,
  },
  Custom: { settings: { authMechanism: ["Tls"], permissionGroups: ["None"] }, needsRanges: true },
  Internal: {
    settings: {
      authMechanism: ["Tls", "ExchangeServer"],
      permissionGroups: ["ExchangeServers", "ExchangeLegacyServers"],
    },
    ports: ["25", "2525"],
    needsRanges: true,
  },
  Internet: { settings: { authMechanism: ["Tls"], permissionGroups: ["AnonymousUsers"] }, needsRanges: false },
  Partner: {
    settings: { authMechanism: ["Tls"], permissionGroups: ["Partners"], domainSecureEnabled: true },
    needsRanges: true,
  },
};
