import type { Certificate } from "../certificate.ts";
import { commonNameIn, formatSubject } from "../der/subject.ts";
import { requestKeyUnusable, unusableName } from "../errors.ts";
import type { Revocation } from "../files/crl.ts";
import { type CertificateRequest, subjectKeyOf } from "../files/request.ts";
import { type KeyPair, keyPairOf, type KeySource } from "../keys.ts";
import {
  buildCertificate,
  type CertificateProfile,
  type CertificateSpec,
  isForKey,
  isSignedBy,
  parseCertificate,
} from "../x509.ts";
import { checkNames, yearFrom } from "./issue.ts";

/** A certification authority of the lab: it signs what it is asked to. */
export interface Authority {
  name: string;
  certificate: Certificate;
  keyPair: KeyPair;
  /** What must accompany what it issues: itself, then those above it, without the root; empty for a root. */
  chain: readonly Certificate[];
  /** What it has issued and taken back, in the order in which it did. */
  revoked: Revocation[];
  /** How many lists of those it has issued: the number of the latest. */
  lists: number;
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
  const certificate = issuedBy ? await issueBy(issuedBy, spec, "authority") : await buildCertificate(spec, "authority");
  return { name, certificate, keyPair, chain: chainOf(certificate, issuedBy), revoked: [], lists: 0 };
}

/**
 * The authority that has kept these, as it was; undefined where another one is above it now, or its key is another.
 *
 * @param privateKeyPem PKCS #8
 * Throws where the certificate or the key cannot be read.
 */
export function reopenAuthority(
  name: string,
  kept: { certificatePem: string; privateKeyPem: string; revoked: readonly Revocation[]; lists: number },
  issuedBy: Authority | undefined,
): Authority | undefined {
  const certificate = parseCertificate(kept.certificatePem);
  const keyPair = keyPairOf(kept.privateKeyPem);
  if (!isSignedBy(certificate, issuedBy?.certificate ?? certificate)) return undefined;
  if (!isForKey(certificate, keyPair.publicKeyPem)) return undefined;
  const { revoked, lists } = kept;
  return { name, certificate, keyPair, chain: chainOf(certificate, issuedBy), revoked: [...revoked], lists };
}

const chainOf = (certificate: Certificate, above: Authority | undefined): readonly Certificate[] =>
  above ? [certificate, ...above.chain] : [];

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

/**
 * Has an authority sign what a request asks for, for a TLS server, valid for a year of the calendar from `at`, lab time.
 * Rejects CERT_NAME_UNUSABLE, and CERT_REQUEST_KEY where the request's key is of another kind than the authority's.
 * Ours: of the names asked for, DNS names alone are granted.
 */
export async function issueFromRequest(
  authority: Authority,
  request: CertificateRequest,
  at: Date,
): Promise<Certificate> {
  const keyPair = subjectKeyOf(request);
  const subject = formatSubject(request.subject);
  if (keyPair?.kind !== authority.keyPair.kind) throw requestKeyUnusable(subject, authority.keyPair.kind);
  const { subject: name, alternateNames } = request;
  const commonName = commonNameIn(name) ?? "";
  return issueBy(
    authority,
    { commonName, subject: name, domainNames: alternateNames, ...yearFrom(at), keyPair },
    "server",
  );
}

function yearsFrom(at: Date, years: number): Date {
  const then = new Date(at);
  then.setUTCFullYear(at.getUTCFullYear() + years);
  return then;
}
