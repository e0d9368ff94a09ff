import type { Certificate, CertificateService, StoredCertificate } from "../certificate.ts";
import { certificateServices } from "../certificate.ts";
import { isExpired, isNotYetValid } from "../dates.ts";
import type { Trust } from "./chain.ts";
import { whyUnusableKey } from "./key-strength.ts";
import { bestPath, type JudgedPath, type PathFinding, type PathProblem, serverAuthentication } from "./path-rules.ts";

/** Why a certificate can't serve TLS at all, or undefined. Source: [bb851505], its list of requirements. */
export function whyUnusableForTls({
  enhancedKeyUsage,
  publicKey,
}: Pick<Certificate, "enhancedKeyUsage" | "publicKey">): string | undefined {
  if (enhancedKeyUsage && !enhancedKeyUsage.includes(serverAuthentication)) return "not for server authentication";
  return whyUnusableKey({ publicKey });
}

/**
 * Why a certificate that does not sign itself is no valid PKI certificate here, or undefined where it is one: its chain
 * must lead to a trusted root, and nobody on the way may have been revoked. Its own dates do not count: an expired PKI
 * certificate is still one. Those of the authorities above it do.
 * Source: [bb851505], items 3 and 4. Inferred: the dates, since [bb430748] step 9 only makes sense if an expired one gets there.
 */
export const whyNoValidPki = (certificate: StoredCertificate, trust: Trust, at: Date): string | undefined =>
  ownPath(certificate, trust, at).problems.find((problem) => !isOwnDate(problem))?.text;

const isOwnDate = ({ finding, ofAuthority }: PathProblem): boolean =>
  !ofAuthority && (finding === "expired" || finding === "notYetValid");

/** With what is presented beside it, since that is all a peer has. */
const ownPath = (certificate: StoredCertificate, trust: Trust, at: Date): JudgedPath =>
  bestPath(certificate, { ...trust, intermediates: certificate.chain }, { at, role: "server" });

/** Whether what is stored beside it leads up to a root that is trusted, whatever else is to be said of it. */
export const isRooted = (certificate: StoredCertificate, { trust, at }: { trust: Trust; at: Date }): boolean =>
  ownPath(certificate, trust, at).end === "trusted";

export type CertificateStatus =
  "Valid" | "DateInvalid" | "Revoked" | "RevocationCheckFailure" | "Untrusted" | "Invalid";

/**
 * The `Status` of `Get-ExchangeCertificate`.
 * Inferred: from the meaning of its values, as listed by the 2010 edition of [exchange-certificate-cmdlets] Get-. A
 * self-signed one counts as valid; the order in which they are asked. Ours: an authority that is out of date makes what
 * it issued DateInvalid too.
 */
export function certificateStatus(
  certificate: StoredCertificate,
  at: Date,
  trust: Trust = { roots: [] },
): CertificateStatus {
  if (isExpired(certificate, at) || isNotYetValid(certificate, at)) return "DateInvalid";
  if (!certificate.selfSigned) {
    const { end, problems } = ownPath(certificate, trust, at);
    const found = (...findings: readonly PathFinding[]): boolean =>
      problems.some(({ finding }) => findings.includes(finding));
    if (found("revoked")) return "Revoked";
    if (found("revocationUnknown")) return "RevocationCheckFailure";
    if (end !== "trusted") return "Untrusted";
    if (found("expired", "notYetValid")) return "DateInvalid";
    if (problems.length > 0) return "Invalid";
  }
  return whyUnusableForTls(certificate) === undefined ? "Valid" : "Invalid";
}

const letters: Readonly<Record<CertificateService, string>> = { IMAP: "I", POP: "P", UM: "U", IIS: "W", SMTP: "S" };

/** Services as the table of `Get-ExchangeCertificate` prints them: `IP.WS`. Source: [exchange-certificate-cmdlets] Get-. */
export const servicesLetters = (services: readonly CertificateService[]): string =>
  certificateServices.map((service) => (services.includes(service) ? letters[service] : ".")).join("");

/**
 * A store in the order in which selection tries it: latest NotBefore first.
 * Source: [bb430748] step 6. Ours: the thumbprint decides between equals, so that a store's own order never does.
 */
export const orderForSelection = <C extends Pick<Certificate, "notBefore" | "thumbprint">>(
  store: readonly C[],
): readonly C[] =>
  store.toSorted((a, b) => b.notBefore.getTime() - a.notBefore.getTime() || (a.thumbprint < b.thumbprint ? -1 : 1));
