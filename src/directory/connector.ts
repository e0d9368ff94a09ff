import type { ProtocolLoggingLevel } from "./server.ts";

/** Source: Set-ReceiveConnector (2007 SP1), [bb125140]; what each does: docs/fidelity.md#auth-mechanisms. */
export const authMechanisms = [
  "None",
  "Tls",
  "Integrated",
  "BasicAuth",
  "BasicAuthRequireTLS",
  "ExchangeServer",
  "ExternalAuthoritative",
] as const;
export type AuthMechanism = (typeof authMechanisms)[number];

/** Source: [bb125140]. */
export const permissionGroups = [
  "None",
  "AnonymousUsers",
  "ExchangeUsers",
  "ExchangeServers",
  "ExchangeLegacyServers",
  "Partners",
  "Custom",
] as const;
export type PermissionGroup = (typeof permissionGroups)[number];

/** Attribute names are `Set-ReceiveConnector`'s parameter names, with their unit where they have one. */
export interface ReceiveConnector {
  server: string;
  name: string;
  enabled: boolean;
  /** `ip:port` each, as it really listens. */
  bindings: readonly string[];
  /** `a.b.c.d`, `a.b.c.d-e.f.g.h` or `a.b.c.d/n` each, IPv6 likewise. */
  remoteIpRanges: readonly string[];
  authMechanism: readonly AuthMechanism[];
  permissionGroups: readonly PermissionGroup[];
  /** Null: the server's FQDN. */
  fqdn: string | null;
  /** Null: the default banner. Begins with `220 `. */
  banner: string | null;
  protocolLoggingLevel: ProtocolLoggingLevel;
  sizeEnabled: "Disabled" | "Enabled" | "EnabledWithoutValue";
  pipeliningEnabled: boolean;
  deliveryStatusNotificationEnabled: boolean;
  enhancedStatusCodesEnabled: boolean;
  eightBitMimeEnabled: boolean;
  binaryMimeEnabled: boolean;
  chunkingEnabled: boolean;
  requireTls: boolean;
  /** Whether a client is asked for a certificate, and mail from secured domains held to it. */
  domainSecureEnabled: boolean;
  requireEhloDomain: boolean;
  maxMessageSizeBytes: number;
  maxHeaderSizeBytes: number;
  maxHopCount: number;
  maxLocalHopCount: number;
  maxRecipientsPerMessage: number;
  maxProtocolErrors: number;
  maxLogonFailures: number;
  maxInboundConnection: number;
  maxInboundConnectionPerSource: number;
  maxInboundConnectionPercentagePerSource: number;
  connectionTimeoutMs: number;
  connectionInactivityTimeoutMs: number;
  /** Real time, unlike the rest of the lab. */
  tarpitIntervalMs: number;
}

const common = {
  enabled: true,
  remoteIpRanges: ["0.0.0.0-255.255.255.255", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  fqdn: null,
  banner: null,
  protocolLoggingLevel: "None",
  pipeliningEnabled: true,
  deliveryStatusNotificationEnabled: true,
  enhancedStatusCodesEnabled: true,
  eightBitMimeEnabled: true,
  binaryMimeEnabled: true,
  chunkingEnabled: true,
  requireTls: false,
  domainSecureEnabled: false,
  requireEhloDomain: false,
  maxMessageSizeBytes: 10 * 1024 ** 2,
  maxHeaderSizeBytes: 64 * 1024,
  maxHopCount: 30,
  maxLocalHopCount: 8,
  maxProtocolErrors: 5,
  maxLogonFailures: 3,
  maxInboundConnection: 5000,
  maxInboundConnectionPerSource: 100,
  maxInboundConnectionPercentagePerSource: 2,
  connectionTimeoutMs: 600_000,
  connectionInactivityTimeoutMs: 300_000,
  tarpitIntervalMs: 5_000,
} as const satisfies Partial<ReceiveConnector>;

/** Source: [bb125140]. */
const edgeTimeouts = { connectionTimeoutMs: 300_000, connectionInactivityTimeoutMs: 60_000 };

/** What a connector begins with that is made after Setup, before its usage says more. Source: [bb125140]. */
export const newReceiveConnector = (
  about: Pick<ReceiveConnector, "server" | "name">,
  on: "hub" | "edge",
): ReceiveConnector => ({
  ...common,
  ...about,
  bindings: [],
  authMechanism: [],
  permissionGroups: [],
  sizeEnabled: "Enabled",
  maxRecipientsPerMessage: 200,
  ...(on === "edge" ? edgeTimeouts : {}),
});

/**
 * The two receive connectors that Setup makes on a Hub Transport server.
 * Source: [aa996395], [bb125140]; mechanisms and groups as listed by a later edition (docs/fidelity.md#default-connectors).
 *
 * @param bindings `ip:port` of each, as the lab assigned them
 */
export const hubReceiveConnectors = (
  server: string,
  bindings: { default: string; client: string },
): ReceiveConnector[] => [
  {
    ...common,
    server,
    name: `Default ${server}`,
    bindings: [bindings.default],
    authMechanism: ["Tls", "Integrated", "BasicAuth", "BasicAuthRequireTLS", "ExchangeServer"],
    permissionGroups: ["ExchangeUsers", "ExchangeServers", "ExchangeLegacyServers"],
    sizeEnabled: "EnabledWithoutValue",
    maxRecipientsPerMessage: 5000,
  },
  {
    ...common,
    server,
    name: `Client ${server}`,
    bindings: [bindings.client],
    authMechanism: ["Tls", "Integrated", "BasicAuth", "BasicAuthRequireTLS"],
    permissionGroups: ["ExchangeUsers"],
    sizeEnabled: "Enabled",
    maxRecipientsPerMessage: 200,
  },
];

/**
 * The receive connector that Setup makes on an Edge Transport server, for Hubs and for the Internet alike.
 * Source: [receive-connectors] default connectors. Inferred: DomainSecureEnabled
 * (docs/fidelity.md#default-connectors).
 */
export const edgeReceiveConnectors = (server: string, binding: string): ReceiveConnector[] => [
  {
    ...newReceiveConnector({ server, name: `Default internal receive connector ${server}` }, "edge"),
    bindings: [binding],
    authMechanism: ["Tls", "ExchangeServer"],
    permissionGroups: ["AnonymousUsers", "ExchangeServers", "Partners"],
    domainSecureEnabled: true,
  },
];
