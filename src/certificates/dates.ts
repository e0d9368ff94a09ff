import type { Certificate } from "./certificate.ts";

const hourMs = 3_600_000;

/** How long before the end "will expire soon" is said. Ours: no document gives it (docs/fidelity.md#expiry). */
const soonMs = 30 * 24 * hourMs;

export const isExpired = (certificate: Pick<Certificate, "notBefore" | "notAfter">, at: Date): boolean =>
  at > certificate.notAfter;

export const isNotYetValid = (certificate: Pick<Certificate, "notBefore" | "notAfter">, at: Date): boolean =>
  at < certificate.notBefore;

/** Whole hours until it expires; none once it has. */
export const hoursLeft = ({ notAfter }: Pick<Certificate, "notAfter">, at: Date): number =>
  Math.max(0, Math.floor((notAfter.getTime() - at.getTime()) / hourMs));

/** Whole hours until it expires, where that is soon; undefined where it is not, or is over. */
export function hoursLeftIfSoon(certificate: Pick<Certificate, "notAfter">, at: Date): number | undefined {
  const leftMs = certificate.notAfter.getTime() - at.getTime();
  return leftMs >= 0 && leftMs <= soonMs ? hoursLeft(certificate, at) : undefined;
}
