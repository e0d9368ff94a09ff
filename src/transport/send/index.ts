/**
 * Carries mail to its next hops over SMTP: other Hubs, Edge servers, smart hosts, mail exchangers. `targets.ts` finds the
 * hosts that lead to a next hop, `rules.ts` what holds for a session with one of them, with `domain-security.ts` for
 * domains that are to have mutual TLS and `identity.ts` for the certificates of both sides: all of these decide and do
 * nothing. `send.ts` turns round the hosts; `session.ts` brings one session to the point where mail may go: connect,
 * EHLO, TLS and judge (`secure.ts`), EHLO, authenticate (`authenticate.ts`). `channel.ts` hands messages over on it, with
 * the pure halves in `envelope.ts` (what to say) and `outcome.ts` (what the answers mean); `session-log.ts` is what it
 * leaves behind. `connection.ts` is the only door to nodemailer. Queues, retries and bounces are left to others.
 */
export { openSend } from "./send.ts";
export type { SendServer } from "./send-server.ts";
// How a certificate would be chosen is also explained without a session.
export { isSecured, whyUnsecurable } from "./domain-security.ts";
export { ownOrganization } from "./targets.ts";
