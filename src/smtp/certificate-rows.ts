/** What protocol logs tell of a certificate. */
interface ShownCertificate {
  subject: string;
  issuer: string;
  serialNumber: string;
  thumbprint: string;
  /** DNS names of the subject alternative name, in order. */
  alternateNames: readonly string[];
}

/**
 * Data and context of the rows that tell which certificate this side presents, on either side of a session.
 * Source: published logs (docs/fidelity.md#certificate-rows).
 */
export const sentCertificateRows = (certificate: ShownCertificate): [data: string, context: string][] => [
  ["", "Sending certificate"],
  [certificate.subject, "Certificate subject"],
  [certificate.issuer, "Certificate issuer name"],
  [certificate.serialNumber, "Certificate serial number"],
  [certificate.thumbprint, "Certificate thumbprint"],
  [certificate.alternateNames.join(";"), "Certificate alternate names"],
];
