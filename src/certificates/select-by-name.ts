import type { Certificate, StoredCertificate } from "./certificate.ts";
import { coversName } from "./names.ts";
import type { Note } from "./selection-steps.ts";
import { orderForSelection, whyNoValidPki, whyUnusableForTls } from "./status.ts";

/**
 * Steps 4 to 8 of the selection for STARTTLS: the certificate for a name, or the step at which there was none left.
 * Source: [bb430748], its step numbers; 6 to 8 from the 2016 edition. What TLS needs: [bb851505].
 */
export function selectByName(
  fqdn: string,
  store: readonly StoredCertificate[],
  trusted: { roots: readonly Certificate[]; at: Date },
  note: Note,
): { chosen: StoredCertificate } | { chosen: undefined; step: 5 | 8 } {
  const eligible = findEligible(fqdn, orderForSelection(store), note);
  const chosen = firstValidPki(eligible, trusted, note) ?? firstSelfSigned(eligible, note);
  return chosen ? { chosen } : { chosen: undefined, step: eligible.length === 0 ? 5 : 8 };
}

/** Steps 4 to 6: those whose names fit and that can be presented, in the order given. */
function findEligible(fqdn: string, store: readonly StoredCertificate[], note: Note): readonly StoredCertificate[] {
  const matching = store.filter((candidate) => {
    const covered = coversName(candidate, fqdn);
    if (!covered)
      note(4, `${candidate.thumbprint}: its names are ${candidate.certificateDomains.join(", ") || "none"}`);
    return covered;
  });
  const eligible = matching.filter((candidate) => {
    const lack = whyIneligible(candidate);
    note(5, `${candidate.thumbprint}: ${lack ?? "eligible"}`);
    return lack === undefined;
  });
  if (eligible.length > 1) note(6, `newest first: ${eligible.map(({ thumbprint }) => thumbprint).join(", ")}`);
  return eligible;
}

/** Why a certificate whose name fits can't be presented, or undefined. Source: [bb430748] step 5, 2010 edition. */
function whyIneligible(candidate: StoredCertificate): string | undefined {
  if (candidate.x509Version < 3) return `X.509 version ${candidate.x509Version}, and 3 is needed`;
  if (!candidate.hasPrivateKey) return "no private key";
  if (!candidate.services.includes("SMTP")) return "not enabled for SMTP";
  return whyUnusableForTls(candidate);
}

/** Step 7. An expired one still counts (Inferred: step 9 only makes sense if it can get there). */
function firstValidPki(
  eligible: readonly StoredCertificate[],
  { roots, at }: { roots: readonly Certificate[]; at: Date },
  note: Note,
): StoredCertificate | undefined {
  return eligible.find((candidate) => {
    if (candidate.selfSigned) return false;
    const lack = whyNoValidPki(candidate, roots, at);
    note(7, `${candidate.thumbprint}${lack === undefined ? ": the first valid PKI one is presented" : ` ${lack}`}`);
    return lack === undefined;
  });
}

/** Step 8. */
function firstSelfSigned(eligible: readonly StoredCertificate[], note: Note): StoredCertificate | undefined {
  const found = eligible.find(({ selfSigned }) => selfSigned);
  if (found) note(8, `${found.thumbprint}: the first self-signed one is presented`);
  return found;
}
