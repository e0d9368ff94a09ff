/** The roles of Exchange 2007. */
export const serverRoles = ["HubTransport", "Mailbox", "ClientAccess", "UnifiedMessaging", "EdgeTransport"] as const;
export type ServerRole = (typeof serverRoles)[number];

export type ProtocolLoggingLevel = "None" | "Verbose";

/** The server object. Attribute names are the cmdlets' parameter names where a cmdlet sets them. */
export interface ExchangeServer {
  /** NetBIOS host name, case kept: `Ex2007EE`. */
  name: string;
  fqdn: string;
  /** The Active Directory site it is a member of; of an Edge server the one it is subscribed to, null where it is not. */
  site: string | null;
  roles: readonly ServerRole[];
  /**
   * The internal transport certificate, DER in base64, and its thumbprint; null until it is published.
   * Source: attribute msExchServerInternalTLSCert, [bb430790].
   */
  internalTransportCertificate: string | null;
  internalTransportCertificateThumbprint: string | null;
  /** Public half of the Ed25519 machine key, SPKI DER in base64. Ours: docs/fidelity.md#x-exps. */
  machineKey: string | null;
  /** What `Set-TransportServer` sets; null on servers without a transport role. */
  transport: TransportSettings | null;
  /** Null on every server but Edge servers. */
  edge: EdgeServerFacts | null;
}

/** What is known of an Edge server beside what is known of any. Source: [bb266959], the subscription file. */
export interface EdgeServerFacts {
  /** The port on which EdgeSync reaches it. */
  adamSslPort: number;
  /** When the subscription file was made that was exported last, on the Edge server itself, or imported last, in Active Directory; ISO 8601, null before. */
  subscriptionEffectiveDate: string | null;
  productId: string;
  /** The Exchange version, `Version 8.1 (Build 240.6)`. */
  serialNumber: string;
}

export const isEdge = (server: Pick<ExchangeServer, "roles">): boolean => server.roles.includes("EdgeTransport");
export const isHub = (server: Pick<ExchangeServer, "roles">): boolean => server.roles.includes("HubTransport");

/** Source: Set-TransportServer (2007), [bb124238]; defaults in `defaultTransportSettings`. */
export interface TransportSettings {
  intraOrgConnectorProtocolLoggingLevel: ProtocolLoggingLevel;
  receiveProtocolLogMaxAgeMs: number;
  receiveProtocolLogMaxDirectorySizeBytes: number;
  receiveProtocolLogMaxFileSizeBytes: number;
  sendProtocolLogMaxAgeMs: number;
  sendProtocolLogMaxDirectorySizeBytes: number;
  sendProtocolLogMaxFileSizeBytes: number;
  maxOutboundConnections: number;
  maxPerDomainOutboundConnections: number;
  delayNotificationTimeoutMs: number;
  internalDelayDsnEnabled: boolean;
  externalDelayDsnEnabled: boolean;
  messageExpirationTimeoutMs: number;
  messageRetryIntervalMs: number;
  outboundConnectionFailureRetryIntervalMs: number;
  transientFailureRetryCount: number;
  transientFailureRetryIntervalMs: number;
}

const hour = 3_600_000;
const day = 24 * hour;

/** Those of a Hub. Source: [bb124238]; those the 2007 page does not give: docs/fidelity.md#transport-settings. */
export const defaultTransportSettings: TransportSettings = {
  intraOrgConnectorProtocolLoggingLevel: "None",
  receiveProtocolLogMaxAgeMs: 30 * day,
  receiveProtocolLogMaxDirectorySizeBytes: 250 * 1024 ** 2,
  receiveProtocolLogMaxFileSizeBytes: 10 * 1024 ** 2,
  sendProtocolLogMaxAgeMs: 30 * day,
  sendProtocolLogMaxDirectorySizeBytes: 250 * 1024 ** 2,
  sendProtocolLogMaxFileSizeBytes: 10 * 1024 ** 2,
  maxOutboundConnections: 1000,
  maxPerDomainOutboundConnections: 20,
  delayNotificationTimeoutMs: 4 * hour,
  internalDelayDsnEnabled: true,
  externalDelayDsnEnabled: true,
  messageExpirationTimeoutMs: 2 * day,
  messageRetryIntervalMs: 60_000,
  outboundConnectionFailureRetryIntervalMs: 600_000,
  transientFailureRetryCount: 6,
  transientFailureRetryIntervalMs: 300_000,
};

/** An Edge server is more patient with the Internet. Source: [message-retry]. */
export const defaultEdgeTransportSettings: TransportSettings = {
  ...defaultTransportSettings,
  outboundConnectionFailureRetryIntervalMs: 1_800_000,
  transientFailureRetryIntervalMs: 600_000,
};
