import type { StoredCertificate } from "../certificate.ts";
import { isExpired } from "../dates.ts";
import type { DisputedRules } from "../disputed.ts";
import type { Trust } from "../judge/chain.ts";
import { orderForSelection, whyNoValidPki, whyUnusableForTls } from "../judge/status.ts";
import { coversName } from "../names.ts";
import type { Candidate, Notes } from "./selection-steps.ts";

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

/** Where the search ends without a certificate: no name fits, none that fits is eligible, no eligible one is trusted. */
type EmptyAt = 4 | 5 | 8;

/**
 * Steps 4 to 8 of the selection for STARTTLS: the certificate for a name, or the step at which there was none left.
 * Source: [bb430748], its step numbers; 6 to 8 from the 2016 edition. What TLS needs: [bb851505].
 */
export function selectByName<C extends Candidate>(
  fqdn: string,
  store: readonly C[],
  rules: SelectionRules<C>,
  notes: Notes,
): { chosen: C } | { emptyAt: EmptyAt } {
  const matching = findMatching(fqdn, orderForSelection(store), notes);
  const eligible = findEligible(matching, rules, notes);
  const { chosen, yielded, untried } = chooseFirst(eligible, rules, notes);
  if (!chosen) return { emptyAt: matching.length === 0 ? 4 : eligible.length === 0 ? 5 : 8 };
  for (const other of yielded) noteExpired(other, chosen, notes);
  for (const other of untried) noteLoss(other, chosen, notes);
  return { chosen };
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
      noteFate(7, candidate, "chosen", "the first valid PKI one is presented");
      return { chosen: candidate, yielded, untried: eligible.filter((one) => !tried.has(one)) };
    }
  }
  const chosen = stillValid && yielded.length > 0 ? stillValid : selfSigned[0];
  if (chosen) noteFate(8, chosen, "chosen", "the first self-signed one is presented");
  return { chosen, yielded, untried: selfSigned.filter((one) => one !== chosen) };
}

/** What decides between a fit certificate and the one chosen: kind before age before thumbprint. */
function noteLoss(loser: Candidate, chosen: Candidate, notes: Notes): void {
  const winner = chosen.thumbprint;
  const laterMs = loser.notBefore.getTime() - chosen.notBefore.getTime();
  if (loser.selfSigned && !chosen.selfSigned)
    notes.noteFate(7, loser, "lost", `signs itself, and ${winner} is a valid PKI one`);
  else if (laterMs < 0) notes.noteFate(6, loser, "lost", `older than ${winner}, which became valid later`);
  else if (laterMs === 0)
    notes.noteFate(6, loser, "lost", `became valid when ${winner} did, whose thumbprint is lower`);
  else noteExpired(loser, chosen, notes);
}

const noteExpired = (loser: Candidate, chosen: Candidate, { noteFate }: Notes): void =>
  noteFate(7, loser, "lost", `has expired, and ${chosen.thumbprint} has not`);
