import type { SecureContext } from "node:tls";
import type { StoredCertificate } from "../../certificates/index.ts";
import { type Authentication, reply } from "../../smtp/index.ts";
import { type Extensions, readReply, type Secured } from "./connection.ts";
import { judge, presentedTo } from "./identity.ts";
import type { Peer } from "./rules.ts";
import { decided, goodbye, isRefusal, raise, type Session, type SessionRefusal } from "./stage.ts";
import { tlsFacts } from "./tls.ts";

/**
 * TLS, where the rules have it and the peer too.
 *
 * @param offered what the peer offers in the clear
 * @returns undefined where mail may go in the clear. A handshake that fails is no such case, and rejects with
 *   ConnectionEnd: docs/fidelity.md#opportunistic-tls
 */
export async function startTls(session: Session, offered: Extensions): Promise<Secured | SessionRefusal | undefined> {
  const { rules, log, connection } = session;
  const { verb, tls } = rules;
  if (tls === "never") return undefined;
  if (!offered.has(verb)) {
    if (tls === "opportunistic") return undefined;
    notOffered(session);
    return goodbye(reply(451, "5.7.3", `${verb} is required to send mail`));
  }
  const presented = choosePresented(session);
  if (presented && isRefusal(presented)) return presented;

  log.sent(verb);
  const answer = readReply(await connection.command(verb));
  if (answer.code !== 220) {
    if (tls === "opportunistic" && answer.code >= 400 && answer.code !== 421) return undefined;
    if (tls === "required") tlsMissing(session);
    return goodbye(answer);
  }
  if (presented) log.sendingCertificate(presented.certificate);
  const secured = await connection.startTls(presented?.secureContext);
  const facts = tlsFacts(verb, secured, presented?.certificate.thumbprint);
  log.facts.tls = facts;
  if (facts.received) log.receivedCertificate(facts.received.thumbprint);
  return secured;
}

/** A certificate of this server together with the TLS context that presents it. */
interface Presentation {
  certificate: StoredCertificate;
  secureContext: SecureContext;
}

/** The certificate to present; undefined where the peer is shown none. */
function choosePresented(session: Session): Presentation | SessionRefusal | undefined {
  const { rules, server } = session;
  const decision = presentedTo(rules.peer, server);
  if (!decision) return undefined;
  const { about, outcome, steps, lacking } = decision;
  decided(session, about, outcome?.thumbprint ?? "none", steps);
  if (!outcome) return goodbye(lacking);
  return { certificate: outcome, secureContext: server.presentations.present(outcome, server.store) };
}

/** Inferred: that a secured domain has an event of its own (docs/fidelity.md#domain-security). */
function notOffered(session: Session): void {
  const { peer, connector } = session.rules;
  if (peer.kind === "partner") raise(session.server, 11016, [peer.domain, connector]);
  else tlsMissing(session);
}

/** TLS is required and could not be had. Source: [ff982694] event 2015. */
export function tlsMissing({ server, rules, host }: Pick<Session, "server" | "rules" | "host">): void {
  raise(server, 2015, [rules.connector, rules.remoteDomain, host]);
}

/** Before the second EHLO: a peer that is not who it must be hears nothing more, not even QUIT. */
export function judgePeer(session: Session, { chain }: Secured): SessionRefusal | undefined {
  const { server, host, log, rules } = session;
  const { peer } = rules;
  const { outcome, steps } = judge(peer, host, chain, server);
  decided(session, "peer-certificate", `${outcome.kind}: ${outcome.reason}`, steps);
  // The words of the row: docs/fidelity.md#domain-security.
  if (peer.kind === "partner") log.information("", `Server certificate chain validation status: '${outcome.status}'`);
  if (outcome.kind === "trusted") {
    log.facts.authentication = provenBy(peer);
    return undefined;
  }
  if (peer.kind === "partner") raise(server, 11017, [peer.domain, rules.connector, outcome.status]);
  else raise(server, 2018, [log.facts.tls?.received?.subject ?? "none", log.remote.address]); // Source: [ff981963]
  const reason = peer.kind === "partner" ? outcome.status : outcome.reason;
  return { refusal: reply(454, "4.7.5", `Certificate validation failure, Reason:${reason}`), farewell: false };
}

/** What a certificate that holds has proved. A Hub proves itself later, and anybody else not at all. */
function provenBy(peer: Peer): Authentication {
  if (peer.kind === "direct-trust") return { by: "direct-trust", identity: peer.server.fqdn };
  return peer.kind === "partner" ? { by: "chain", identity: peer.domain } : { by: "none", identity: "" };
}
