/**
 * What selection does where sources disagree: a lab may show either (docs/fidelity.md#where-sources-disagree).
 * Each has its name in a lab file.
 */
export interface DisputedRules {
  /** `offer`: STARTTLS presents an expired certificate all the same, event 12016; `withdraw`: it counts as none, event 12014. */
  expiredStartTls: "offer" | "withdraw";
  /** Whether an expired certificate of an authority still comes before a self-signed one that has not expired. */
  expiredPki: "wins" | "yields";
  /**
   * Of a certificate whose name fits and that is not enabled for SMTP, inbound. `skip`: it counts as none, event 12014;
   * `choose`: it counts, event 12018, and TLS fails, since the transport service may not read its key.
   */
  notEnabledForSmtp: "skip" | "choose";
}

/**
 * Source: [bb430748] step 9, 2016 edition; step 5, 2010 edition, its list of what makes a certificate eligible.
 * Inferred: that an expired PKI certificate wins, since step 9 is to be reached.
 */
export const defaultDisputedRules: DisputedRules = {
  expiredStartTls: "offer",
  expiredPki: "wins",
  notEnabledForSmtp: "skip",
};
