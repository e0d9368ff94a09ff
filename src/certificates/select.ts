import type { Decision } from "../base/index.ts";
import type { ReceiveConnector } from "../directory/index.ts";
import type { Certificate, StoredCertificate } from "./certificate.ts";
import { type Note, noteValidity, stepsOf } from "./selection-steps.ts";
import { coversName, isTrustedPki, orderForSelection, whyUnusableForTls } from "./status.ts";

/**
 * Chooses the certificate that a receive connector presents for STARTTLS.
 *
 * @param serverFqdn stands in where the connector has no FQDN of its own
 * @param store every certificate in the server's store; their order does not matter
 * @param at lab time
 * @param trustedRoots roots that this server trusts; without any, no PKI certificate is valid
 * @returns no outcome when STARTTLS must not be offered. The steps tell each candidate's fate and carry the events to
 *   raise: 12014 nothing fits, 12016 the chosen one has expired, 12018 it soon will
 * Source: [bb430748], its step numbers kept; 6 to 9 from the 2016 edition. What TLS needs: [bb851505].
 */
export function selectStartTlsCertificate(
  connector: Pick<ReceiveConnector, "name" | "authMechanism" | "fqdn">,
  serverFqdn: string,
  store: readonly StoredCertificate[],
  at: Date,
  trustedRoots: readonly Certificate[] = [],
): Decision<StoredCertificate | undefined> {
  const { steps, note } = stepsOf("bb430748");
  if (!connector.authMechanism.includes("Tls")) {
    note(2, "AuthMechanism lacks Tls: STARTTLS is not offered");
    return { outcome: undefined, steps };
  }
  const fqdn = connector.fqdn ?? serverFqdn;
  note(3, `the name to find is ${fqdn}, ${connector.fqdn === null ? "the server's own" : "the connector's"}`);

  const eligible = findEligible(fqdn, orderForSelection(store), note);
  const chosen = firstValidPki(eligible, trustedRoots, note) ?? firstSelfSigned(eligible, note);
  if (!chosen) {
    const event = { id: 12014, parameters: [fqdn, connector.name, fqdn] };
    note(eligible.length === 0 ? 5 : 8, `no certificate for ${fqdn}: STARTTLS is not offered`, event);
    return { outcome: undefined, steps };
  }
  noteValidity(chosen, at, (text, event) => note(9, text, event), {
    expired: { id: 12016, parameters: [fqdn] },
    expiresSoon: (hours) => ({ id: 12018, parameters: [chosen.subject, chosen.thumbprint, String(hours)] }),
  });
  return { outcome: chosen, steps };
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
  trustedRoots: readonly Certificate[],
  note: Note,
): StoredCertificate | undefined {
  return eligible.find((candidate) => {
    if (candidate.selfSigned) return false;
    const trusted = isTrustedPki(candidate, trustedRoots);
    const fate = trusted ? "the first valid PKI one is presented" : `no trusted root issued it (${candidate.issuer})`;
    note(7, `${candidate.thumbprint}: ${fate}`);
    return trusted;
  });
}

/** Step 8. */
function firstSelfSigned(eligible: readonly StoredCertificate[], note: Note): StoredCertificate | undefined {
  const found = eligible.find(({ selfSigned }) => selfSigned);
  if (found) note(8, `${found.thumbprint}: the first self-signed one is presented`);
  return found;
}
