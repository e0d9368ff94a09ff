import { authMechanisms, permissionGroups } from "../../directory/index.ts";
import type { ParameterSpecs } from "../definition/parameter.ts";

const offered = (extension: string): string => `Whether EHLO offers ${extension}`;

/**
 * What `Set-ReceiveConnector` changes and `Get-ReceiveConnector` shows, in alphabetical order as Exchange does.
 * Source: [bb125140], names and values. Ours: the numeric ranges, for which no page was at hand.
 */
export const receiveConnectorParameters = {
  AuthMechanism: {
    type: "enumList",
    values: authMechanisms,
    field: "authMechanism",
    help: "How a client may prove who it is, and whether STARTTLS is offered (Tls)",
  },
  Banner: {
    type: "string",
    nullable: true,
    field: "banner",
    help: "The greeting, beginning with `220 `; `$null` for the default one",
  },
  Bindings: {
    type: "stringList",
    field: "bindings",
    help: "Where it listens: an address of the server and a port, `127.7.1.1:26` or `[::1]:26` each; `0.0.0.0` is its own address, port 0 any that is free",
  },
  BinaryMimeEnabled: { type: "boolean", field: "binaryMimeEnabled", help: offered("BINARYMIME") },
  ChunkingEnabled: { type: "boolean", field: "chunkingEnabled", help: offered("CHUNKING") },
  ConnectionInactivityTimeout: {
    type: "duration",
    min: 1000,
    max: 86_400_000,
    field: "connectionInactivityTimeoutMs",
    help: "How long a connection may stay silent; less than ConnectionTimeout",
  },
  ConnectionTimeout: {
    type: "duration",
    min: 1000,
    max: 86_400_000,
    field: "connectionTimeoutMs",
    help: "How long a connection may stay open, even while it is in use",
  },
  DeliveryStatusNotificationEnabled: {
    type: "boolean",
    field: "deliveryStatusNotificationEnabled",
    help: offered("DSN"),
  },
  DomainSecureEnabled: {
    type: "boolean",
    field: "domainSecureEnabled",
    help: "Whether mail from the domains of TLSReceiveDomainSecureList is taken over mutual TLS only; needs Tls",
  },
  EightBitMimeEnabled: { type: "boolean", field: "eightBitMimeEnabled", help: offered("8BITMIME") },
  Enabled: { type: "boolean", field: "enabled", help: "Whether the connector listens" },
  EnhancedStatusCodesEnabled: {
    type: "boolean",
    field: "enhancedStatusCodesEnabled",
    help: offered("ENHANCEDSTATUSCODES"),
  },
  Fqdn: {
    type: "string",
    nullable: true,
    field: "fqdn",
    help: "The name in the banner and the EHLO reply, for which a certificate is chosen; `$null` for the server's own",
  },
  MaxHeaderSize: { type: "byteSize", min: 1, field: "maxHeaderSizeBytes", help: "The largest message header taken" },
  MaxHopCount: {
    type: "integer",
    min: 1,
    max: 500,
    field: "maxHopCount",
    help: "How many servers a message may have passed",
  },
  MaxInboundConnection: {
    type: "integer",
    min: 1,
    field: "maxInboundConnection",
    help: "How many connections may be open at once",
  },
  MaxInboundConnectionPercentagePerSource: {
    type: "integer",
    min: 1,
    max: 100,
    field: "maxInboundConnectionPercentagePerSource",
    help: "How much of what is still free one address may take, in per cent",
  },
  MaxInboundConnectionPerSource: {
    type: "integer",
    min: 1,
    field: "maxInboundConnectionPerSource",
    help: "How many connections one address may have open at once",
  },
  MaxLocalHopCount: {
    type: "integer",
    min: 0,
    max: 50,
    field: "maxLocalHopCount",
    help: "How often a message may have passed this server",
  },
  MaxLogonFailures: {
    type: "integer",
    min: 0,
    field: "maxLogonFailures",
    help: "How many failed logons end a connection",
  },
  MaxMessageSize: { type: "byteSize", min: 1, field: "maxMessageSizeBytes", help: "The largest message taken" },
  MaxProtocolErrors: {
    type: "integer",
    min: 0,
    field: "maxProtocolErrors",
    help: "How many protocol errors end a connection",
  },
  MaxRecipientsPerMessage: {
    type: "integer",
    min: 1,
    field: "maxRecipientsPerMessage",
    help: "How many recipients one message may have",
  },
  PermissionGroups: {
    type: "enumList",
    values: permissionGroups,
    field: "permissionGroups",
    help: "Who may submit, and with which rights",
  },
  PipeliningEnabled: { type: "boolean", field: "pipeliningEnabled", help: offered("PIPELINING") },
  ProtocolLoggingLevel: {
    type: "enum",
    values: ["None", "Verbose"],
    field: "protocolLoggingLevel",
    help: "Whether the connector writes the Receive protocol log",
  },
  RemoteIPRanges: {
    type: "stringList",
    field: "remoteIpRanges",
    help: "Which clients it serves: `a.b.c.d`, `a.b.c.d-e.f.g.h` or `a.b.c.d/n` each",
  },
  RequireEHLODomain: {
    type: "boolean",
    field: "requireEhloDomain",
    help: "Whether a client must give a domain name in EHLO",
  },
  RequireTLS: { type: "boolean", field: "requireTls", help: "Whether mail is taken only over TLS; needs Tls" },
  SizeEnabled: {
    type: "enum",
    values: ["Disabled", "Enabled", "EnabledWithoutValue"],
    field: "sizeEnabled",
    help: offered("SIZE, and whether with the limit behind it"),
  },
  TarpitInterval: {
    type: "duration",
    min: 0,
    max: 600_000,
    field: "tarpitIntervalMs",
    help: "How long an anonymous client waits for a refusal, in real time",
  },
} as const satisfies ParameterSpecs;
