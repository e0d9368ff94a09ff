import { reply, type SmtpReply } from "../../smtp/index.ts";

/**
 * The replies of a Receive connector that are the same every time.
 * Source: [aa563688] and published protocol logs, one by one in docs/fidelity.md#replies; `Ours:` where nothing was found.
 */
export const replies = {
  serviceClosing: reply(221, "2.0.0", "Service closing transmission channel"),
  tlsReady: reply(220, "2.0.0", "SMTP server ready"),
  authenticated: reply(235, "2.7.0", "Authentication successful"),
  ok: reply(250, "2.0.0", "OK"),
  resetting: reply(250, "2.0.0", "Resetting"),
  senderOk: reply(250, "2.1.0", "Sender OK"),
  recipientOk: reply(250, "2.1.5", "Recipient OK"),
  cannotVerify: reply(252, "2.1.5", "Cannot VRFY user"),
  startMailInput: reply(354, "", "Start mail input; end with <CRLF>.<CRLF>"),
  notAvailable: reply(421, "", "Service not available, closing transmission channel"),
  tooManyConnections: reply(
    421,
    "4.3.2",
    "The maximum number of concurrent connections has exceeded a limit, closing transmission channel",
  ),
  timedOut: reply(421, "4.4.1", "Connection timed out"),
  tooManyErrors: reply(421, "4.7.0", "Too many errors on this connection, closing transmission channel"),
  mustStartTls: reply(451, "5.7.3", "Must issue a STARTTLS command first"),
  insufficientResources: reply(452, "4.3.1", "Insufficient system resources"),
  tooManyRecipients: reply(452, "4.5.3", "Too many recipients"),
  temporaryAuthenticationFailure: reply(454, "4.7.0", "Temporary authentication failure"),
  /** Source: published by later editions; without their reason (docs/fidelity.md#domain-security-inwards). */
  certificateValidationFailure: reply(454, "4.7.5", "Certificate validation failure"),
  unrecognizedCommand: reply(500, "5.3.3", "Unrecognized command"),
  /** Source: RFC 5321 §4.5.3.1.9; the enhanced code: RFC 3463. */
  lineTooLong: reply(500, "5.5.2", "Line too long"),
  /** Ours: RFC 4954 §4 asks for 501 and gives no text. */
  authenticationCancelled: reply(501, "5.0.0", "Authentication cancelled"),
  invalidAddress: reply(501, "5.1.7", "Invalid address"),
  invalidArguments: reply(501, "5.5.4", "Invalid arguments"),
  invalidDomainName: reply(501, "5.5.4", "Invalid domain name"),
  notImplemented: reply(502, "5.3.3", "Command not implemented"),
  badSequence: reply(503, "5.5.1", "Bad sequence of commands"),
  sendHello: reply(503, "5.5.2", "Send hello first"),
  senderAlreadySpecified: reply(503, "5.5.2", "Sender already specified"),
  needMail: reply(503, "5.5.2", "Need mail command"),
  needRcpt: reply(503, "5.5.2", "Need rcpt command"),
  unrecognizedAuthentication: reply(504, "5.7.4", "Unrecognized authentication type"),
  notAuthenticated: reply(530, "5.7.1", "Client was not authenticated"),
  authenticationUnsuccessful: reply(535, "5.7.3", "Authentication unsuccessful"),
  userUnknown: reply(550, "5.1.1", "User unknown"),
  /** Ours: RFC 5321 §2.3.8 forbids bare CR and LF; refusing them shuts out SMTP smuggling. */
  invalidContent: reply(550, "5.6.0", "Invalid message content"),
  notAllowed: reply(550, "5.7.1", "Command not allowed"),
  cannotSendAs: reply(550, "5.7.1", "Client does not have permissions to send as this sender"),
  unableToRelay: reply(550, "5.7.1", "Unable to relay"),
  messageTooLarge: reply(552, "5.3.4", "Message size exceeds fixed maximum message size"),
  headerTooLarge: reply(552, "5.3.4", "Header size exceeds fixed maximum size"),
  hopCountExceeded: reply(554, "5.4.6", "Hop count exceeded - possible mail loop"),
} as const satisfies Record<string, SmtpReply>;

/** HELP. Source: published sessions (docs/fidelity.md#replies). */
export const help: SmtpReply = {
  code: 214,
  lines: ["This server supports the following commands:", "HELO EHLO STARTTLS RCPT DATA RSET MAIL QUIT HELP AUTH BDAT"],
};

/** The reply to a BDAT chunk that is not the last. Source: RFC 3030 §4, examples; the enhanced code is Ours. */
export const chunkReceived = (octets: number): SmtpReply => reply(250, "2.6.0", `${octets} octets received`);
