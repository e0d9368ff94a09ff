import { type Authority, issueBy } from "./authority.ts";
import type { Certificate } from "./certificate.ts";
import { unknownAuthority } from "./errors.ts";
import { checkNames, issueSelfSigned, yearFrom } from "./issue.ts";
import type { KeyPair, KeySource } from "./keys.ts";

/** What can be wrong with a certificate that is made on purpose. */
export const certificateFlaws = ["expired", "not-yet-valid", "wrong-name"] as const;
export type CertificateFlaw = (typeof certificateFlaws)[number];

/** A certificate as a lab file asks for it. */
export interface DeclaredCertificate {
  /** Name of a certification authority of the world; null: it signs itself. */
  issuer: string | null;
  /** DNS names, the first is the common name; empty: the name of the host it is for. */
  names: readonly string[];
  flaw: CertificateFlaw | null;
}

/** A certificate that was made as declared. */
export interface MintedCertificate {
  certificate: Certificate;
  keyPair: KeyPair;
  /** The authorities above it, its issuer first, without the root. */
  chain: readonly Certificate[];
}

const dayMs = 86_400_000;

/**
 * Makes a certificate as a lab file declares it, with its flaw, for both ends of mutual TLS.
 *
 * @param about `host` names it where it has no names of its own; `at` is lab time, to which the flaw is relative
 * @returns one that is valid for a year from `at`; `expired` ended a day before `at`, `not-yet-valid` begins a day
 *   after it, `wrong-name` bears a name that no host has
 * Rejects CERT_AUTHORITY_UNKNOWN and CERT_NAME_UNUSABLE.
 * Ours.
 */
export async function mintCertificate(
  declared: DeclaredCertificate,
  about: { host: string; authorities: ReadonlyMap<string, Authority>; keys: KeySource; at: Date },
): Promise<MintedCertificate> {
  const authority = issuerOf(declared, about.authorities);
  const names = namesOf(declared, about.host);
  const request = { commonName: names[0] ?? "", domainNames: names, ...validityOf(declared.flaw, about.at) };
  checkNames(request);
  const keyPair = await about.keys.lease();
  const spec = { ...request, keyPair };
  return authority
    ? { certificate: await issueBy(authority, spec), keyPair, chain: authority.chain }
    : { certificate: await issueSelfSigned(spec, "peer"), keyPair, chain: [] };
}

function issuerOf({ issuer }: DeclaredCertificate, authorities: ReadonlyMap<string, Authority>): Authority | undefined {
  if (issuer === null) return undefined;
  const authority = authorities.get(issuer);
  if (!authority) throw unknownAuthority(issuer, [...authorities.keys()]);
  return authority;
}

/** `.invalid` is nobody's domain. Source: RFC 6761 §6.4. */
function namesOf({ names, flaw }: DeclaredCertificate, host: string): readonly string[] {
  if (flaw === "wrong-name") return ["wrong-name.invalid"];
  return names.length === 0 ? [host] : names;
}

function validityOf(flaw: CertificateFlaw | null, at: Date): { notBefore: Date; notAfter: Date } {
  if (flaw === "not-yet-valid") return yearFrom(new Date(at.getTime() + dayMs));
  if (flaw !== "expired") return yearFrom(at);
  const notAfter = new Date(at.getTime() - dayMs);
  const notBefore = new Date(notAfter);
  notBefore.setUTCFullYear(notAfter.getUTCFullYear() - 1);
  return { notBefore, notAfter };
}
