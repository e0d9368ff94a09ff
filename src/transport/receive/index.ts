/**
 * Receiving: a Receive connector and everything that a client meets at it.
 *
 * `listener.ts` opens a binding and is the only door to smtp-server; `connector-match.ts` and `connection-limits.ts` say
 * which connector serves a connection, if any. `session.ts` is one session: `input.ts` and `data-reader.ts` turn octets
 * into lines and contents, `commands.ts` names the verbs, and `hello.ts`, `secure.ts`, `authentication.ts` and
 * `transaction.ts` are those verbs in the order in which a session comes to them. Who a client is: `claim.ts` for Exchange
 * servers that the directory knows by their certificates, `domain-security.ts` for partners; `identity.ts` keeps it, and
 * `permissions.ts` is what a session may do therefore. `content.ts` is what is asked of a message and what is added to
 * it, `organization-headers.ts` what this server vouches for in it, `session-log.ts` what is told of it all.
 *
 * Left to others: choosing and judging certificates, checking passwords and X-EXPS blobs, which recipients exist, and
 * what becomes of a message that was accepted.
 */
export { matchConnector } from "./connector-match.ts";
export { type Listener, startListener } from "./listener.ts";
export type { Permission } from "./permissions.ts";
export type {
  ExchangeAuthAnswer,
  ExchangeAuthSession,
  LogonIdentity,
  PartnerVerdict,
  PeerVerdict,
  Presentation,
  ReceiveEvent,
  ReceiveServer,
  Submission,
  SubmissionSession,
} from "./receive-server.ts";
