import type { Certificate } from "./certificate.ts";

const hourMs = 3_600_000;

/** How long before the end "will expire soon" is said. Ours: no document gives it. */
const soonMs = 30 * 24 * hourMs;

export const isExpired = (certificate: Certificate, at: Date): boolean => at > certificate.notAfter;

export const isNotYetValid = (certificate: Certificate, at: Date): boolean => at < certificate.notBefore;

/** Whole hours until it expires, where that is soon; undefined where it is not, or is over. */
export function hoursLeftIfSoon(certificate: Certificate, at: Date): number | undefined {
  const leftMs = certificate.notAfter.getTime() - at.getTime();
  return leftMs >= 0 && leftMs <= soonMs ? Math.floor(leftMs / hourMs) : undefined;
}
