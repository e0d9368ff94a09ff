import { type ExchangeServer, isEdge, isHub } from "../../directory/index.ts";
import type { SmtpReply } from "../../smtp/index.ts";
import type { ReceiveServer } from "./receive-server.ts";
import { replies } from "./replies.ts";
import type { ReceiveSession } from "./session.ts";

/** Whether this server and `peer` know each other by their certificates: a Hub and an Edge server do. Source: [bb430790]. */
export const isDirectTrustPeer = ({ role }: Pick<ReceiveServer, "role">, peer: ExchangeServer): boolean =>
  role === "edge" ? isHub(peer) : isEdge(peer);

/**
 * Lets a session inside TLS be the Exchange server that its EHLO named, where this server and that one know each other
 * by direct trust and the certificate it presented is the one that the directory publishes for that name. Otherwise event
 * 1036, and the session is nobody whom mail is taken from.
 * Source: [bb430753] direct trust, 2013 edition; the event: [ff980980].
 */
export function judgeClaim(session: ReceiveSession, peer: ExchangeServer): void {
  const { server, connector, identity, log, tls } = session;
  const asks = connector.authMechanism.includes("ExchangeServer") && isDirectTrustPeer(server, peer);
  if (!tls || !asks || identity.authentication.by !== "none") return;
  const decision = server.judgeExchangePeer(peer, tls.peerChain);
  const { kind, reason } = decision.outcome;
  log.decision("peer-certificate", `${kind}: ${reason}`, decision.steps);
  if (kind !== "trusted" || tls.peerChain.length === 0) {
    session.proofFailed = true;
    reportDirectTrust(session);
    return;
  }
  identity.exchangeServer = peer.name;
  // No published log shows a row for it: the permissions tell (docs/fidelity.md#direct-trust).
  identity.become("exchangeServer", { by: "direct-trust", identity: peer.fqdn });
}

/**
 * Why no mail is taken from a session that says, or has failed to prove, that it is an Exchange server. Ours:
 * docs/fidelity.md#exchange-names.
 *
 * @returns undefined when it has proved it, or claimed nothing
 */
export function refusedClaim(session: ReceiveSession): SmtpReply | undefined {
  const { server, identity, hello, log } = session;
  const claimed = hello?.exchange;
  if (claimed && identity.exchangeServer !== claimed.name) {
    if (isDirectTrustPeer(server, claimed)) reportDirectTrust(session);
    else if (!session.authenticationReported) {
      log.authenticationFailed("LogonDenied", "ExchangeAuth");
      session.authenticationReported = true;
    }
    return replies.temporaryAuthenticationFailure;
  }
  return session.proofFailed && identity.authentication.by === "none"
    ? replies.temporaryAuthenticationFailure
    : undefined;
}

/** Event 1036, once in a session: what it presented stays the same. */
function reportDirectTrust(session: ReceiveSession): void {
  if (!session.directTrustReported) session.log.directTrustFailed(session.tls?.facts.received?.subject ?? "none");
  session.directTrustReported = true;
}
