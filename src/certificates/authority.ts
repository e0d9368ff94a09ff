import type { Certificate } from "./certificate.ts";
import { unusableName } from "./errors.ts";
import { checkNames } from "./issue.ts";
import type { KeyPair, KeySource } from "./keys.ts";
import { buildCertificate, type CertificateProfile, type CertificateSpec, isSignedBy } from "./x509.ts";

/** A certification authority of the lab: it signs what it is asked to. */
export interface Authority {
  name: string;
  certificate: Certificate;
  keyPair: KeyPair;
  /** What must accompany what it issues: itself, then those above it, without the root; empty for a root. */
  chain: readonly Certificate[];
}

/** Ours: whatever a lab issues at its beginning, valid already or expired, lies within its authorities' years. */
const yearsBefore = 5;
const yearsAfter = 15;

/**
 * Founds a certification authority: a root, or one below another.
 *
 * @param name its common name
 * @param about `issuedBy` is the authority above it, undefined for a root; `at` is lab time: it has been valid for five
 *   years then, and will be for fifteen
 * Rejects CERT_NAME_UNUSABLE.
 * Source: RFC 5280 §4.2.1.3 and §4.2.1.9, what makes a certificate an authority's.
 */
export async function foundAuthority(
  name: string,
  about: { issuedBy: Authority | undefined; keys: KeySource; at: Date },
): Promise<Authority> {
  const { issuedBy, keys, at } = about;
  checkNames({ commonName: name, domainNames: [] });
  // The library would write another name into what this authority issues.
  if (name.includes("\\")) throw unusableName("common name", name, "an authority's name without backslash");
  const keyPair = await keys.lease();
  const spec: CertificateSpec = {
    commonName: name,
    domainNames: [],
    notBefore: yearsFrom(at, -yearsBefore),
    notAfter: yearsFrom(at, yearsAfter),
    keyPair,
  };
  if (!issuedBy) return { name, certificate: await buildCertificate(spec, "authority"), keyPair, chain: [] };
  const certificate = await issueBy(issuedBy, spec, "authority");
  return { name, certificate, keyPair, chain: [certificate, ...issuedBy.chain] };
}

/**
 * Has an authority sign a certificate, by default for both ends of mutual TLS: server and client authentication.
 * Rejects CERT_NAME_UNUSABLE.
 */
export async function issueBy(
  authority: Authority,
  spec: CertificateSpec,
  profile: CertificateProfile = "peer",
): Promise<Certificate> {
  checkNames(spec);
  const certificate = await buildCertificate(spec, profile, authority);
  if (!isSignedBy(certificate, authority.certificate))
    throw new Error(`${authority.name} has not signed ${certificate.subject}: its key or its name is another`);
  return certificate;
}

function yearsFrom(at: Date, years: number): Date {
  const then = new Date(at);
  then.setUTCFullYear(at.getUTCFullYear() + years);
  return then;
}
