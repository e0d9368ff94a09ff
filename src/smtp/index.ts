/**
 * The vocabulary of SMTP, no sockets: addresses, endpoints, replies, headers, and the facts and protocol-log rows of a
 * session, which the Send and the Receive side share.
 */
export { addressKey, domainOf, isSmtpAddress, type SmtpAddress } from "./address.ts";
export { dotStuffed } from "./dot-stuffing.ts";
export { type Endpoint, formatEndpoint, parseEndpoint } from "./endpoint.ts";
export { formatReply, parseReply, reply, replyTexts, type SmtpReply } from "./reply.ts";
export { sentCertificateRows } from "./certificate-rows.ts";
export {
  foldHeader,
  formatDate,
  headerLength,
  headerValue,
  headerValues,
  organizationHeaders,
  withoutHeaders,
} from "./header.ts";
export { type Hop, receivedHeader } from "./received.ts";
export type {
  Authentication,
  AuthenticationMeans,
  PeerCertificate,
  ProtocolRow,
  SessionRecord,
  TlsFacts,
  TlsVerb,
} from "./session.ts";
export { visibleText } from "./csv.ts";
export {
  formatProtocolRow,
  groupSessions,
  type LoggedRow,
  parseProtocolLog,
  protocolLogHeader,
  rowsOf,
  timeFormatter,
} from "./protocol-log.ts";
