import type { StoredCertificate } from "../certificate.ts";
import { isExpired, isNotYetValid } from "../dates.ts";
import type { DisputedRules } from "../disputed.ts";
import type { Trust } from "../judge/chain.ts";
import { orderForSelection, whyNoValidPki, whyUnusableForTls } from "../judge/status.ts";
import { coversName } from "../names.ts";
import { type Candidate, type Notes, noteStartTlsValidity } from "./selection-steps.ts";

/** Why a certificate that does not sign itself is no valid PKI certificate, or undefined where it is one. */
export type PkiJudge<C> = (candidate: C) => string | undefined;

/** By what candidates are judged, beside what they are. */
export interface SelectionRules<C> {
  /** Lab time. */
  at: Date;
  whyNoPki: PkiJudge<C>;
  disputed: DisputedRules;
}

/** The rules among a server's own certificates, whose chains lead to the roots that it trusts, or do not. */
export const rulesByRoots = (trust: Trust, at: Date, disputed: DisputedRules): SelectionRules<StoredCertificate> => ({
  at,
  whyNoPki: (candidate) => whyNoValidPki(candidate, trust, at),
  disputed,
});

/** A search for a connector's certificate, and what it means where it finds none. */
export interface SearchByName<C extends Candidate> {
  connector: { name: string; fqdn: string | null };
  /** Stands in where the connector has no FQDN of its own. */
  serverFqdn: string;
  store: readonly C[];
  rules: SelectionRules<C>;
  /** `isEvent`: whether 12014 says so too. */
  ifNone: { means: string; isEvent: boolean };
}

/**
 * Steps 3 to 9 of the selection for STARTTLS, in either direction.
 * Source: [bb430748], its step numbers; 6 to 9 from the 2016 edition. What TLS needs: [bb851505].
 */
export function selectByName<C extends Candidate>(search: SearchByName<C>, notes: Notes): C | undefined {
  const { connector, store, rules, ifNone } = search;
  const fqdn = connector.fqdn ?? search.serverFqdn;
  const whose = connector.fqdn === null ? "the server's own" : "the connector's";
  notes.note(3, `the name to find is ${fqdn}, ${whose}`);

  const matching = findMatching(fqdn, orderForSelection(store), notes);
  const eligible = findEligible(matching, rules, notes);
  const { chosen, yielded, untried } = chooseFirst(eligible, rules, notes);
  if (!chosen) {
    const emptyAt = matching.length === 0 ? 4 : eligible.length === 0 ? 5 : 8;
    const event = { id: 12014, parameters: [fqdn, connector.name, fqdn] };
    notes.note(emptyAt, `no certificate for ${fqdn}: ${ifNone.means}`, ifNone.isEvent ? event : undefined);
    return undefined;
  }
  for (const other of yielded) noteExpired(other, chosen, notes);
  for (const other of untried) noteLoss(other, chosen, rules.at, notes);
  noteStartTlsValidity(chosen, fqdn, rules.at, notes.note);
  return chosen;
}

/** Step 4. */
const findMatching = <C extends Candidate>(fqdn: string, store: readonly C[], { noteFate }: Notes): readonly C[] =>
  store.filter((candidate) => {
    const covered = coversName(candidate, fqdn);
    if (!covered) noteFate(4, candidate, "unfit", `its names are ${candidate.certificateDomains.join(", ") || "none"}`);
    return covered;
  });

/** Steps 5 and 6: those that can be presented, in the order given. */
function findEligible<C extends Candidate>(
  matching: readonly C[],
  rules: SelectionRules<C>,
  { note, noteFate }: Notes,
): readonly C[] {
  const eligible = matching.filter((candidate) => {
    const lack = whyIneligible(candidate, rules);
    const although = isEnabledForSmtp(candidate) ? "" : ", although it is not enabled for SMTP";
    if (lack === undefined) note(5, `${candidate.thumbprint}: eligible${although}`);
    else noteFate(5, candidate, "unfit", lack);
    return lack === undefined;
  });
  if (eligible.length > 1) note(6, `newest first: ${eligible.map(({ thumbprint }) => thumbprint).join(", ")}`);
  return eligible;
}

/** Why a certificate whose name fits can't be presented, or undefined. Source: [bb430748] step 5, 2010 edition. */
function whyIneligible<C extends Candidate>(candidate: C, { at, disputed }: SelectionRules<C>): string | undefined {
  if (candidate.x509Version < 3) return `X.509 version ${candidate.x509Version}, and 3 is needed`;
  if (!candidate.hasPrivateKey) return "no private key";
  if (disputed.notEnabledForSmtp === "skip" && !isEnabledForSmtp(candidate)) return "not enabled for SMTP";
  if (disputed.expiredStartTls === "withdraw" && isExpired(candidate, at))
    return "has expired, and is offered no longer";
  return whyUnusableForTls(candidate);
}

export const isEnabledForSmtp = ({ services }: Pick<Candidate, "services">): boolean => services.includes("SMTP");

/**
 * Step 7, then 8. An expired PKI certificate still counts (Inferred: step 9 only makes sense if it can get there), unless
 * the lab has it yield to a certificate that has not expired.
 *
 * @returns beside the choice those that yielded, and those that were not looked at any more: fit, as far as is known
 */
function chooseFirst<C extends Candidate>(
  eligible: readonly C[],
  { at, whyNoPki, disputed }: SelectionRules<C>,
  { noteFate }: Notes,
): { chosen: C | undefined; yielded: readonly C[]; untried: readonly C[] } {
  const selfSigned = eligible.filter((candidate) => candidate.selfSigned);
  const stillValid = disputed.expiredPki === "yields" && selfSigned.find((candidate) => !isExpired(candidate, at));
  const yielded: C[] = [];
  const tried = new Set<C>();
  for (const candidate of eligible.filter(({ selfSigned }) => !selfSigned)) {
    tried.add(candidate);
    const lack = whyNoPki(candidate);
    if (lack !== undefined) noteFate(7, candidate, "unfit", lack);
    else if (stillValid && isExpired(candidate, at)) yielded.push(candidate);
    else {
      noteFate(7, candidate, "chosen", `the first ${pkiOne(candidate, at)} is presented`);
      return { chosen: candidate, yielded, untried: eligible.filter((one) => !tried.has(one)) };
    }
  }
  const chosen = stillValid && yielded.length > 0 ? stillValid : selfSigned[0];
  if (chosen) noteFate(8, chosen, "chosen", "the first self-signed one is presented");
  return { chosen, yielded, untried: selfSigned.filter((one) => one !== chosen) };
}

/** What decides between a fit certificate and the one chosen: kind before age before thumbprint. */
function noteLoss(loser: Candidate, chosen: Candidate, at: Date, notes: Notes): void {
  const winner = chosen.thumbprint;
  const laterMs = loser.notBefore.getTime() - chosen.notBefore.getTime();
  if (loser.selfSigned && !chosen.selfSigned)
    notes.noteFate(7, loser, "lost", `signs itself, and ${winner} is a ${pkiOne(chosen, at)}`);
  else if (laterMs < 0) notes.noteFate(6, loser, "lost", `older than ${winner}, which became valid later`);
  else if (laterMs === 0)
    notes.noteFate(6, loser, "lost", `became valid when ${winner} did, whose thumbprint is lower`);
  else noteExpired(loser, chosen, notes);
}

/** "Valid PKI" is the document's word: said of one that has expired, it would be taken amiss. */
const pkiOne = (chosen: Candidate, at: Date): string =>
  isExpired(chosen, at) || isNotYetValid(chosen, at) ? "PKI one with a trusted chain" : "valid PKI one";

const noteExpired = (loser: Candidate, chosen: Candidate, { noteFate }: Notes): void =>
  noteFate(7, loser, "lost", `has expired, and ${chosen.thumbprint} has not`);
