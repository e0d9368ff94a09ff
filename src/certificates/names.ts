import type { Certificate } from "./certificate.ts";

/**
 * Whether one of the certificate's names, CN or DNS, is `fqdn` or a wildcard for it. Case does not matter; `*` stands for
 * exactly one label, and never for every domain of a top-level domain.
 * Source: [bb430748] step 4; the wildcard from the 2016 edition.
 */
export function coversName(certificate: Pick<Certificate, "certificateDomains">, fqdn: string): boolean {
  const wanted = fqdn.toLowerCase();
  const [, parent] = /^[^.]+\.([^.]+\..+)$/.exec(wanted) ?? [];
  const covering = parent === undefined ? [wanted] : [wanted, `*.${parent}`];
  return certificate.certificateDomains.some((name) => covering.includes(name.toLowerCase()));
}

/** What a peer's certificate must be named for: a host, or a mail domain that is secured. */
export type PeerName = { kind: "domain"; domain: string } | { kind: "host"; host: string };

/** The name that the certificate should bear. */
export const nameOf = (wanted: PeerName): string => (wanted.kind === "host" ? wanted.host : wanted.domain);

/**
 * Whether a certificate bears the name wanted. For a domain that is the domain itself, a wildcard for it, or any name
 * within it; case does not matter.
 * Inferred: from the example of [bb266978], in which a certificate for mail1.contoso.com speaks for the secured domain
 * contoso.com (docs/fidelity.md#names-for-domain-security).
 */
export function bearsName(certificate: Certificate, wanted: PeerName): boolean {
  if (coversName(certificate, nameOf(wanted))) return true;
  if (wanted.kind === "host") return false;
  const within = `.${wanted.domain.toLowerCase()}`;
  return certificate.certificateDomains.some((name) => name.toLowerCase().endsWith(within));
}
