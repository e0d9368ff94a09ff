import type { Certificate, CertificateService, StoredCertificate } from "./certificate.ts";
import { certificateServices } from "./certificate.ts";
import { isSignedBy } from "./x509.ts";

const serverAuthentication = "1.3.6.1.5.5.7.3.1";
const hourMs = 3_600_000;

/** How long before the end "will expire soon" is said. Ours: no document gives it. */
const soonMs = 30 * 24 * hourMs;

/**
 * Whether one of the certificate's names, CN or DNS, is `fqdn` or a wildcard for it. Case does not matter; `*` stands for
 * exactly one label.
 * Source: [bb430748] step 4; the wildcard from the 2016 edition.
 */
export function coversName(certificate: Certificate, fqdn: string): boolean {
  const wanted = fqdn.toLowerCase();
  const wildcard = wanted.replace(/^[^.]+\./, "*.");
  return certificate.certificateDomains.some((name) => [wanted, wildcard].includes(name.toLowerCase()));
}

export const isExpired = (certificate: Certificate, at: Date): boolean => at > certificate.notAfter;

export const isNotYetValid = (certificate: Certificate, at: Date): boolean => at < certificate.notBefore;

/** Whole hours until it expires, where that is soon; undefined where it is not, or is over. */
export function hoursLeftIfSoon(certificate: Certificate, at: Date): number | undefined {
  const leftMs = certificate.notAfter.getTime() - at.getTime();
  return leftMs >= 0 && leftMs <= soonMs ? Math.floor(leftMs / hourMs) : undefined;
}

/** Why a certificate can't serve TLS at all, or undefined. Source: [bb851505], its list of requirements. */
export function whyUnusableForTls({ enhancedKeyUsage, publicKey }: Certificate): string | undefined {
  if (enhancedKeyUsage && !enhancedKeyUsage.includes(serverAuthentication)) return "not for server authentication";
  // Ours: P-256 beside RSA, for large labs.
  const strong =
    publicKey.kind === "RSA" ? publicKey.bits >= 1024 : publicKey.kind === "EC" && publicKey.curve === "P-256";
  return strong ? undefined : "its key is neither RSA of 1024 bits or more nor P-256";
}

/**
 * Whether it is a PKI certificate that this server trusts: not self-signed, and issued by one of the roots. Dates do
 * not count here: an expired PKI certificate is still one.
 */
export const isTrustedPki = (certificate: Certificate, trustedRoots: readonly Certificate[]): boolean =>
  !certificate.selfSigned && trustedRoots.some((root) => root.isCertificateAuthority && isSignedBy(certificate, root));

/**
 * The `Status` of `Get-ExchangeCertificate`.
 * Inferred: from the meaning of its values, as listed by the 2010 edition of [exchange-certificate-cmdlets] Get-. A self-signed one counts as valid.
 */
export function certificateStatus(
  certificate: Certificate,
  at: Date,
  trustedRoots: readonly Certificate[] = [],
): "Valid" | "DateInvalid" | "Untrusted" | "Invalid" {
  if (isExpired(certificate, at) || isNotYetValid(certificate, at)) return "DateInvalid";
  if (!certificate.selfSigned && !isTrustedPki(certificate, trustedRoots)) return "Untrusted";
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
export const orderForSelection = (store: readonly StoredCertificate[]): readonly StoredCertificate[] =>
  store.toSorted((a, b) => b.notBefore.getTime() - a.notBefore.getTime() || (a.thumbprint < b.thumbprint ? -1 : 1));
