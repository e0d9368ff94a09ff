import type { Certificate } from "../certificate.ts";
import { context, element, integer, objectIdentifier, octetString, sequence, time } from "../der/der-write.ts";
import { formatPem } from "../der/pem.ts";
import { encodedSubjectOf } from "../der/subject.ts";
import { foreignRevocation, revokedAlready } from "../errors.ts";
import type { Authority } from "../issue/authority.ts";
import { isSignedBy } from "../x509.ts";
import { signatureAlgorithm, signedBy } from "./signing.ts";

/**
 * Why a certificate is taken back, and the number that stands for it in a list. Source: RFC 5280 §5.3.1; without those that
 * take something back only for a while, or are of attribute certificates.
 */
const reasonCodes = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  privilegeWithdrawn: 9,
} as const;

export type RevocationReason = keyof typeof reasonCodes;
export const revocationReasons = Object.keys(reasonCodes) as readonly RevocationReason[];

/** A certificate that its authority has taken back. */
export interface Revocation {
  /** Upper-case hex, as the certificate has it. */
  serialNumber: string;
  /** Lab time. */
  at: Date;
  reason: RevocationReason;
}

/**
 * Takes back a certificate that this authority has issued; it stands in the next list.
 * Throws CERT_REVOKE_FOREIGN where another one has issued it, or nobody has, and CERT_REVOKED_ALREADY.
 */
export function revoke(
  authority: Authority,
  certificate: Certificate,
  at: Date,
  reason: RevocationReason = "unspecified",
): void {
  if (!isIssuedBy(certificate, authority)) throw foreignRevocation(certificate, authority.name);
  const before = authority.revoked.find(({ serialNumber }) => serialNumber === certificate.serialNumber);
  if (before) throw revokedAlready(certificate, authority.name, before.at);
  authority.revoked.push({ serialNumber: certificate.serialNumber, at, reason });
}

/** By its key: others may have its name. A root has issued itself, which no list can take back. */
export const isIssuedBy = (certificate: Certificate, authority: Authority): boolean =>
  !certificate.selfSigned && isSignedBy(certificate, authority.certificate);

/** Whether the authority has issued the certificate and taken it back. */
export const isRevoked = (certificate: Certificate, authority: Authority): boolean =>
  isIssuedBy(certificate, authority) &&
  authority.revoked.some(({ serialNumber }) => serialNumber === certificate.serialNumber);

/** Ours: how long a list is good for. */
const validMs = 7 * 86_400_000;
export const nextUpdateAfter = (at: Date): Date => new Date(at.getTime() + validMs);

/**
 * Writes an authority's list of revoked certificates, PEM: version 2, good for a week from `at`, lab time.
 * Source: RFC 5280 §5.1.
 *
 * @param number higher than that of the list before; default: how many have been revoked, and one
 */
export function writeRevocationList(authority: Authority, at: Date, number = authority.revoked.length + 1): string {
  const { keyPair, certificate, revoked } = authority;
  const list = sequence(
    integer(1),
    signatureAlgorithm(keyPair),
    encodedSubjectOf(certificate),
    time(at),
    time(nextUpdateAfter(at)),
    ...(revoked.length > 0 ? [sequence(...revoked.map(entryOf))] : []),
    context(0, sequence(extension("2.5.29.20", integer(number)))),
  );
  return formatPem("X509 CRL", signedBy(keyPair, list));
}

/** Source: RFC 5280 §5.3.1: `unspecified` is said by leaving the reason out. */
function entryOf({ serialNumber, at, reason }: Revocation): Uint8Array {
  const serial = Buffer.from(serialNumber.padStart(serialNumber.length + (serialNumber.length % 2), "0"), "hex");
  const enumerated = element(0x0a, Buffer.of(reasonCodes[reason]));
  const extensions = reason === "unspecified" ? [] : [sequence(extension("2.5.29.21", enumerated))];
  return sequence(integer(serial), time(at), ...extensions);
}

const extension = (identifier: string, value: Uint8Array): Uint8Array =>
  sequence(objectIdentifier(identifier), octetString(value));
