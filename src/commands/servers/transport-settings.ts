import type { ParameterSpecs } from "../definition/parameter.ts";

const second = 1000;
const hour = 3600 * second;
const day = 24 * hour;

const logAge = "How old log files of this kind may grow before they are removed";
const logFolderSize = "How large the log folder may grow before its oldest files are removed";
const logFileSize = "How large one log file may grow before the next is begun";

/**
 * What `Set-TransportServer` changes and `Get-TransportServer` shows, in alphabetical order as Exchange does.
 * Source: [bb124238]; the ranges of the retry settings: [message-retry].
 */
export const transportParameters = {
  DelayNotificationTimeout: {
    type: "duration",
    min: second,
    max: 30 * day,
    field: "delayNotificationTimeoutMs",
    help: "How long a message may wait before its sender is told that it is late",
  },
  ExternalDelayDsnEnabled: {
    type: "boolean",
    field: "externalDelayDsnEnabled",
    help: "Whether senders outside the organization are told that their messages are late",
  },
  InternalDelayDsnEnabled: {
    type: "boolean",
    field: "internalDelayDsnEnabled",
    help: "Whether senders of the organization's own domains are told that their messages are late",
  },
  IntraOrgConnectorProtocolLoggingLevel: {
    type: "enum",
    values: ["None", "Verbose"],
    field: "intraOrgConnectorProtocolLoggingLevel",
    help: "Whether the implicit intra-organization Send connector writes the Send protocol log",
  },
  MaxOutboundConnections: {
    type: "integer",
    min: 1,
    field: "maxOutboundConnections",
    help: "How many outbound connections may be open at once",
  },
  MaxPerDomainOutboundConnections: {
    type: "integer",
    min: 1,
    field: "maxPerDomainOutboundConnections",
    help: "How many outbound connections may be open at once to one next hop",
  },
  MessageExpirationTimeout: {
    type: "duration",
    min: 5 * second,
    max: 90 * day,
    field: "messageExpirationTimeoutMs",
    help: "How long a message may wait before it comes back as undeliverable",
  },
  MessageRetryInterval: {
    type: "duration",
    min: second,
    max: day,
    field: "messageRetryIntervalMs",
    help: "How long a message waits whose server was reached but put it off",
  },
  OutboundConnectionFailureRetryInterval: {
    type: "duration",
    min: second,
    max: 20 * hour,
    field: "outboundConnectionFailureRetryIntervalMs",
    help: "How long a queue waits between connections once the transient retries are used up",
  },
  ReceiveProtocolLogMaxAge: { type: "duration", field: "receiveProtocolLogMaxAgeMs", help: logAge },
  ReceiveProtocolLogMaxDirectorySize: {
    type: "byteSize",
    min: 1,
    field: "receiveProtocolLogMaxDirectorySizeBytes",
    help: logFolderSize,
  },
  ReceiveProtocolLogMaxFileSize: {
    type: "byteSize",
    min: 1,
    field: "receiveProtocolLogMaxFileSizeBytes",
    help: logFileSize,
  },
  SendProtocolLogMaxAge: { type: "duration", field: "sendProtocolLogMaxAgeMs", help: logAge },
  SendProtocolLogMaxDirectorySize: {
    type: "byteSize",
    min: 1,
    field: "sendProtocolLogMaxDirectorySizeBytes",
    help: logFolderSize,
  },
  SendProtocolLogMaxFileSize: {
    type: "byteSize",
    min: 1,
    field: "sendProtocolLogMaxFileSizeBytes",
    help: logFileSize,
  },
  TransientFailureRetryCount: {
    type: "integer",
    min: 0,
    max: 15,
    field: "transientFailureRetryCount",
    help: "How often a queue tries again at the transient interval after the first, quick retries",
  },
  TransientFailureRetryInterval: {
    type: "duration",
    min: second,
    max: 12 * hour,
    field: "transientFailureRetryIntervalMs",
    help: "How long a queue waits between those",
  },
} as const satisfies ParameterSpecs;
