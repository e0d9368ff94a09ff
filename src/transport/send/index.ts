/**
 * Carries mail to other Hubs. `send.ts` chooses among the servers of a next hop; `session.ts` brings one session to the
 * point where mail may go (connect, EHLO, TLS, judge, EHLO, authenticate); `channel.ts` hands messages over on it, with
 * the pure halves in `envelope.ts` (what to say) and `outcome.ts` (what the answers mean); `session-log.ts` is what it
 * leaves behind. `connection.ts` is the only door to nodemailer. Queues, retries and bounces are left to others.
 */
export { relayTo, type SendServer } from "./send.ts";
