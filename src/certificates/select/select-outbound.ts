import type { SendConnector } from "../../directory/index.ts";
import type { StoredCertificate } from "../certificate.ts";
import { defaultDisputedRules, type DisputedRules } from "../disputed.ts";
import type { Trust } from "../judge/chain.ts";
import { rulesByRoots, selectByName, type SelectionRules } from "./select-by-name.ts";
import { type Candidate, type Selection, stepsOf } from "./selection-steps.ts";

/**
 * Chooses the certificate that a server presents as a client after STARTTLS, on the way to somebody who is no Exchange
 * server of its organization.
 *
 * @param serverFqdn stands in where the connector has no FQDN of its own
 * @param store every certificate in the server's store; their order does not matter
 * @param at lab time
 * @param trust whom this server believes; without any roots, no PKI certificate is valid
 * @param disputed what is done where sources disagree
 * @returns no outcome when none is presented: the handshake goes on without. The steps tell each candidate's fate and
 *   carry the events to raise: 12016 the chosen one has expired, 12018 it soon will; 12014 nothing fits, where the
 *   connector is for Domain Security, which demands one
 * Source: [bb430764], the name that it is chosen by. Inferred: the steps, which are those of [bb430748]; no document gives
 *   them for the way out (docs/fidelity.md#outbound-starttls).
 */
export const selectOutboundStartTlsCertificate = (
  connector: Pick<SendConnector, "name" | "fqdn" | "domainSecureEnabled">,
  serverFqdn: string,
  store: readonly StoredCertificate[],
  at: Date,
  trust: Trust,
  disputed: DisputedRules = defaultDisputedRules,
): Selection<StoredCertificate> =>
  selectForOutboundStartTls(connector, serverFqdn, store, rulesByRoots(trust, at, disputed));

/** The same among any candidates: those of a pasted listing too, whose chains somebody else has judged. */
export function selectForOutboundStartTls<C extends Candidate>(
  connector: Pick<SendConnector, "name" | "fqdn" | "domainSecureEnabled">,
  serverFqdn: string,
  store: readonly C[],
  rules: SelectionRules<C>,
): Selection<C> {
  const { steps, ...notes } = stepsOf("bb430748");
  // What is said of certificates that are not enabled for SMTP is said of the way in.
  const disputed: DisputedRules = { ...rules.disputed, notEnabledForSmtp: "skip" };
  const isEvent = connector.domainSecureEnabled;
  const ifNone = { means: `none is presented${isEvent ? ", and Domain Security needs one" : ""}`, isEvent };
  const search = { connector, serverFqdn, store, rules: { ...rules, disputed }, ifNone };
  return { outcome: selectByName(search, notes), steps };
}
