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
