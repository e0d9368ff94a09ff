import { domainOf, type SmtpReply } from "../../smtp/index.ts";
import { replies } from "./replies.ts";
import type { SecuredConnection } from "./secure.ts";
import type { ReceiveSession } from "./session.ts";

/**
 * Domain Security, inwards: mail from a domain of TLSReceiveDomainSecureList comes by mutual TLS or not at all. A sender
 * of such a domain whose client proved by its certificate to speak for it makes the session that partner, for this
 * message. Ours: it concerns clients that are nobody. An Exchange server, a peer that is believed without proof and
 * somebody who logged on may say MAIL as they otherwise may; the null sender belongs to no domain.
 * Source: [bb266978]; the list: [set-transportconfig]; [ff982887] event 11012. Inferred: 11011
 * (docs/fidelity.md#domain-security-inwards).
 *
 * @param sender the address that MAIL named; empty for the null sender
 * @returns why its mail is refused; undefined when it is not, or not for this reason
 */
export function judgeSender(session: ReceiveSession, sender: string): SmtpReply | undefined {
  const { server, connector, identity, log, tls } = session;
  if (sender === "" || identity.principal !== "anonymous") return undefined;
  const domain = domainOf(sender);
  if (!server.isSecuredDomain(domain)) return undefined;
  if (!connector.domainSecureEnabled) {
    if (!identity.permissions.has("SMTPSubmit")) return undefined; // refused for that
    log.event({ id: 11011, parameters: [domain, connector.name] });
    return replies.certificateValidationFailure;
  }
  if (!tls) {
    log.event({ id: 11012, parameters: [domain, connector.name] });
    return replies.mustStartTls;
  }
  return judgePartner(session, domain, tls);
}

/**
 * Source: [ff983493] event 11015. Inferred: its neighbours 11013 and 11014, and that 2007 writes the row of a published
 * later log (docs/fidelity.md#domain-security-inwards).
 */
function judgePartner(
  { server, connector, identity, log }: ReceiveSession,
  domain: string,
  { peerChain }: SecuredConnection,
): SmtpReply | undefined {
  const { outcome, steps } = server.judgePartner(domain, peerChain);
  const status = peerChain.length === 0 ? "EmptyCertificate" : outcome.status;
  log.decision("peer-certificate", `${outcome.kind}: ${outcome.reason}`, steps);
  log.row("*", "", `Client certificate chain validation status: '${status}'`);
  if (peerChain.length === 0) log.event({ id: 11013, parameters: [domain, connector.name] });
  else if (outcome.kind === "trusted") {
    identity.becomePartner(domain);
    return undefined;
  } else if (status === "SubjectMismatch") log.event({ id: 11015, parameters: [domain, connector.name] });
  else log.event({ id: 11014, parameters: [domain, connector.name, status] });
  return replies.certificateValidationFailure;
}
