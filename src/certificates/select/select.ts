import type { ReceiveConnector } from "../../directory/index.ts";
import type { StoredCertificate } from "../certificate.ts";
import { hoursLeft } from "../dates.ts";
import { defaultDisputedRules, type DisputedRules } from "../disputed.ts";
import type { Trust } from "../judge/chain.ts";
import { isEnabledForSmtp, rulesByRoots, selectByName, type SelectionRules } from "./select-by-name.ts";
import { type Candidate, type Note, type Selection, stepsOf } from "./selection-steps.ts";

/**
 * Chooses the certificate that a receive connector presents for STARTTLS.
 *
 * @param serverFqdn stands in where the connector has no FQDN of its own
 * @param store every certificate in the server's store; their order does not matter
 * @param at lab time
 * @param trust whom this server believes; without any roots, no PKI certificate is valid
 * @param disputed what is done where sources disagree
 * @returns no outcome when STARTTLS must not be offered. The steps tell each candidate's fate and carry the events to
 *   raise: 12014 nothing fits, 12016 the chosen one has expired, 12018 it soon will, or is of no use since it is not
 *   enabled for SMTP
 * Source: [bb430748], its step numbers kept; 6 to 9 from the 2016 edition.
 */
export const selectStartTlsCertificate = (
  connector: Pick<ReceiveConnector, "name" | "authMechanism" | "fqdn">,
  serverFqdn: string,
  store: readonly StoredCertificate[],
  at: Date,
  trust: Trust = { roots: [] },
  disputed: DisputedRules = defaultDisputedRules,
): Selection<StoredCertificate> => selectForStartTls(connector, serverFqdn, store, rulesByRoots(trust, at, disputed));

/** The same among any candidates: those of a pasted listing too, whose chains somebody else has judged. */
export function selectForStartTls<C extends Candidate>(
  connector: Pick<ReceiveConnector, "name" | "authMechanism" | "fqdn">,
  serverFqdn: string,
  store: readonly C[],
  rules: SelectionRules<C>,
): Selection<C> {
  const { steps, ...notes } = stepsOf("bb430748");
  if (!connector.authMechanism.includes("Tls")) {
    notes.note(2, "AuthMechanism lacks Tls: STARTTLS is not offered");
    return { outcome: undefined, steps };
  }
  const ifNone = { means: "STARTTLS is not offered", isEvent: true };
  const outcome = selectByName({ connector, serverFqdn, store, rules, ifNone }, notes);
  if (outcome && !isEnabledForSmtp(outcome)) noteKeyWithheld(outcome, rules.at, notes.note);
  return { outcome, steps };
}

/** Source: [ff982351], which has this beside a near end; [bb430748], its note, 2016 edition: TLS fails later. */
function noteKeyWithheld(chosen: Candidate, at: Date, note: Note): void {
  const { subject, thumbprint } = chosen;
  const event = { id: 12018, parameters: [subject, thumbprint, String(hoursLeft(chosen, at))] };
  note(9, `${thumbprint} is not enabled for SMTP: its key may not be used, and TLS will fail`, event);
}
