import type { Certificate } from "./certificate.ts";

const hourMs = 3_600_000;

/** How long before the end "will expire soon" is said. Ours: no document gives it (docs/fidelity.md#expiry). */
const soonMs = 30 * 24 * hourMs;

export const isExpired = (certificate: Pick<Certificate, "notBefore" | "notAfter">, at: Date): boolean =>
  at > certificate.notAfter;

export const isNotYetValid = (certificate: Pick<Certificate, "notBefore" | "notAfter">, at: Date): boolean =>
  at < certificate.notBefore;

/** Whole hours until it expires, where that is soon; undefined where it is not, or is over. */
export function hoursLeftIfSoon(
  certificate: Pick<Certificate, "notBefore" | "notAfter">,
  at: Date,
): number | undefined {
  const leftMs = certificate.notAfter.getTime() - at.getTime();
  return leftMs >= 0 && leftMs <= soonMs ? Math.floor(leftMs / hourMs) : undefined;
}

/** What an expired certificate is still good for where sources disagree: a lab may show either (docs/fidelity.md#expiry). */
export interface ExpiryRules {
  /** `offer`: STARTTLS presents it all the same, event 12016; `withdraw`: it counts as none, event 12014. */
  expiredStartTls: "offer" | "withdraw";
  /** Whether an expired certificate of an authority still comes before a self-signed one that has not expired. */
  expiredPki: "wins" | "yields";
}

/** Source: [bb430748] step 9, 2016 edition. Inferred: that an expired PKI certificate wins, since step 9 is to be reached. */
export const defaultExpiryRules: ExpiryRules = { expiredStartTls: "offer", expiredPki: "wins" };
