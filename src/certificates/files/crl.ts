import type { Certificate } from "../certificate.ts";
import { context, integer, objectIdentifier, octetString, sequence, time } from "../der/der-write.ts";
import { formatPem } from "../der/pem.ts";
import { encodedSubjectOf } from "../der/subject.ts";
import type { Authority } from "../issue/authority.ts";
import { signatureAlgorithm, signedBy } from "./signing.ts";

/** A certificate that its authority has taken back. */
export interface Revocation {
  /** Upper-case hex, as the certificate has it. */
  serialNumber: string;
  /** Lab time. */
  at: Date;
}

/** Takes back a certificate that this authority has issued; one that it has not, or has taken back, stays as it is. */
export function revoke(authority: Authority, certificate: Certificate, at: Date): void {
  const { revoked } = authority;
  if (isIssuedBy(certificate, authority) && !isRevoked(certificate, authority))
    revoked.push({ serialNumber: certificate.serialNumber, at });
}

const isIssuedBy = ({ issuer }: Certificate, { certificate }: Authority): boolean => issuer === certificate.subject;

/** Whether the authority has issued the certificate and taken it back. */
export const isRevoked = (certificate: Certificate, authority: Authority): boolean =>
  isIssuedBy(certificate, authority) &&
  authority.revoked.some(({ serialNumber }) => serialNumber === certificate.serialNumber);

/** Ours: how long a list is good for. */
const dayMs = 86_400_000;
const validDays = 7;

/**
 * Writes an authority's list of revoked certificates, PEM: version 2, good for a week from `at`, lab time.
 * Source: RFC 5280 §5.1; the number is how many have been revoked, so that it never goes back.
 */
export function writeRevocationList(authority: Authority, at: Date): string {
  const { keyPair, certificate, revoked } = authority;
  const entries = revoked.map(({ serialNumber, at: when }) =>
    sequence(
      integer(Buffer.from(serialNumber.padStart(serialNumber.length + (serialNumber.length % 2), "0"), "hex")),
      time(when),
    ),
  );
  const number = sequence(objectIdentifier("2.5.29.20"), octetString(integer(revoked.length + 1)));
  const list = sequence(
    integer(1),
    signatureAlgorithm(keyPair),
    encodedSubjectOf(certificate),
    time(at),
    time(new Date(at.getTime() + validDays * dayMs)),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    context(0, sequence(number)),
  );
  return formatPem("X509 CRL", signedBy(keyPair, list));
}
