/**
 * Receiving: a Receive connector and everything that a client meets at it.
 *
 * `listener.ts` opens a binding and is the only door to smtp-server; `connector-match.ts` and `connection-limits.ts` say
 * which connector serves a connection, if any. `session.ts` is one session: `input.ts` and `data-reader.ts` turn octets
 * into lines and contents, `commands.ts` names the verbs, and `hello.ts`, `secure.ts`, `authentication.ts` and
 * `transaction.ts` are those verbs in the order in which a session comes to them. `permissions.ts` is what a session may
 * do, `content.ts` what is asked of a message, `session-log.ts` what is told of it all.
 *
 * Left to others: choosing certificates, checking passwords and X-EXPS blobs, and what becomes of a message that was
 * accepted; whether a recipient exists is found out later, by the categorizer.
 */
export { type Listener, startListener } from "./listener.ts";
export type { Permission } from "./permissions.ts";
export type {
  ExchangeAuthAnswer,
  ExchangeAuthSession,
  LogonIdentity,
  Presentation,
  ReceiveEvent,
  ReceiveServer,
  Submission,
  SubmissionSession,
} from "./receive-server.ts";
