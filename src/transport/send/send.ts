import type { SecureContext } from "node:tls";
import type { ApplicationEvent, Clock, Decision, DecisionRecord, Journal } from "../../base/index.ts";
import type { ExchangeServer, ProtocolLoggingLevel } from "../../directory/index.ts";
import {
  type Endpoint,
  formatReply,
  type ProtocolRow,
  reply,
  type SessionRecord,
  type SmtpReply,
} from "../../smtp/index.ts";
import type { NextHopSolution, OpenChannel } from "../mail-item.ts";
import type { ConnectionTimeouts } from "./connection.ts";
import { openSession } from "./session.ts";

/** What sending needs of the server that sends. */
export interface SendServer {
  name: string;
  fqdn: string;
  /** Undefined: the system chooses. */
  localAddress: string | undefined;
  /** Where a host takes mail; undefined: its name is not known. */
  locate(host: string): Endpoint | undefined;
  clock: Clock;
  journal: Journal<ProtocolRow | SessionRecord | ApplicationEvent | DecisionRecord>;
  nextSessionId(): string;
  /** Of the intra-organization connector; taken once per session. */
  protocolLoggingLevel(): ProtocolLoggingLevel;
  intraOrgTls: "starttls" | "x-anonymoustls";
  /** One context for all its outgoing sessions; making one is costly. */
  secureContext(): SecureContext;
  /** Whether the certificate that was presented (DER) is that server's. */
  judge(
    target: ExchangeServer,
    presentedDer: Buffer | undefined,
  ): Decision<{ kind: "trusted" | "untrusted"; reason: string }>;
  /**
   * Begins an X-EXPS authentication bound to this TLS session.
   *
   * @param session `serverCertificateSha256`: 64 upper-case hex digits
   * @returns the blob to send, and the check of the text after `235 ` (without an enhanced code)
   */
  authenticate(
    target: ExchangeServer,
    session: { channelBinding: Buffer; serverCertificateSha256: string },
  ): { blob: string; checkAnswer(answer: string): boolean };
  /** Real time; for tests. */
  timeouts?: Partial<ConnectionTimeouts>;
}

/**
 * Opens channels to the Hubs of a next hop: its servers in turn, the next one when one fails. Nothing is remembered of
 * servers that failed; each completed connection moves the head of the list to its tail.
 *
 * Source: [c7solutions-71], the round robin of enhanced DNS. Inferred: the turn is taken when a connection begins, so
 * that several at once spread.
 *
 * @param hubsOf the Hubs of a solution now, always in the same order
 */
export function relayTo(
  server: SendServer,
  hubsOf: (solution: NextHopSolution) => readonly ExchangeServer[],
): OpenChannel {
  const turns = new Map<string, number>();

  return async (solution, cut) => {
    const hubs = hubsOf(solution);
    if (hubs.length === 0) return { lastError: "451 4.4.0 DNS query failed" };
    const key = `${solution.deliveryType} ${solution.nextHopDomain}`;
    const turn = turns.get(key) ?? 0;
    turns.set(key, turn + 1);
    const head = turn % hubs.length;

    let primary: SmtpReply | undefined;
    for (const target of [...hubs.slice(head), ...hubs.slice(0, head)]) {
      const opened = await open(server, target, cut);
      if (!("refusal" in opened)) return opened;
      primary ??= opened.refusal;
      if (cut?.aborted) break;
    }
    turns.set(key, (turns.get(key) ?? 1) - 1);
    return { lastError: failoverError(primary as SmtpReply) };
  };
}

async function open(
  server: SendServer,
  target: ExchangeServer,
  cut: AbortSignal | undefined,
): ReturnType<typeof openSession> {
  const endpoint = server.locate(target.fqdn);
  if (!endpoint) return { refusal: reply(421, "4.2.1", "Unable to connect"), farewell: false };
  return openSession(server, target, endpoint, cut);
}

/** The LastError of a queue whose next hops have all refused. Source: [kb979174], [kb979175]. */
function failoverError(primary: SmtpReply): string {
  const said = formatReply(primary)
    .replace(/[\u0000-\u001f\u007f]+/g, " ")
    .replace(/\.$/, "");
  return (
    `451 4.4.0 Primary target IP address responded with: "${said}." ` +
    "Attempted failover to alternate host, but that did not succeed. " +
    "Either there are no alternate hosts, or delivery failed to all alternate hosts."
  );
}
