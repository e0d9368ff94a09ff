import type { Decision, Step } from "../base/index.ts";
import type { Certificate } from "./certificate.ts";
import { coversName, isExpired, isNotYetValid } from "./status.ts";

/** What can be said of a presented certificate; several may hold at once. */
type Finding = "missing" | "notPublished" | "selfSigned" | "unknownIssuer" | "expired" | "notYetValid" | "wrongName";

interface Verdict {
  kind: "trusted" | "untrusted";
  /** Completes "untrusted, because …"; fit for a queue's LastError. */
  reason: string;
  findings: readonly Finding[];
}

/**
 * By what a peer is judged. Direct trust: it must present exactly the certificate that the directory publishes for that
 * server. None: whatever it presents is recorded, and nothing depends on it.
 */
export type TrustRule =
  | { kind: "direct-trust"; server: string; published: { thumbprint: string; der: Uint8Array } | null }
  | { kind: "none" };

/**
 * Decides whether a peer may be trusted with the certificate it presented.
 *
 * @param presented undefined when the peer presented none
 * @param context `at` is lab time; `expectedName` the name the peer should have
 * @returns every finding, whether or not it mattered. Under direct trust the published certificate alone decides: dates,
 *   names and issuers are told and do not count, and an expired one raises 12019
 * Source: [bb430753] direct trust, 2013 edition; expiry: [bb430790] step 5, 2016 edition.
 */
export function judgePeer(
  presented: Certificate | undefined,
  rule: TrustRule,
  context: { at: Date; expectedName?: string },
): Decision<Verdict> {
  const findings = findingsOf(presented, rule, context);
  const steps = findings.map((finding): Step => ({
    source: "ours",
    text: `the peer's certificate: ${words[finding]}`,
  }));
  const reason = rule.kind === "none" ? undefined : whyUntrusted(presented, rule);
  const verdict: Verdict = reason
    ? { kind: "untrusted", reason, findings }
    : {
        kind: "trusted",
        reason: rule.kind === "none" ? "no identity is asked for" : "it is the one that the directory publishes",
        findings,
      };

  const source = rule.kind === "none" ? "ours" : "bb430753#direct-trust";
  const expired = rule.kind === "direct-trust" && verdict.kind === "trusted" && findings.includes("expired");
  const event = expired && presented ? { event: { id: 12019, parameters: [presented.subject] } } : {};
  return { outcome: verdict, steps: [...steps, { source, text: `${verdict.kind}: ${verdict.reason}`, ...event }] };
}

const words: Readonly<Record<Finding, string>> = {
  missing: "none was presented",
  notPublished: "not the one that the directory publishes",
  selfSigned: "self-signed",
  unknownIssuer: "its issuer is not known here",
  expired: "expired",
  notYetValid: "not valid yet",
  wrongName: "lacks the expected name",
};

function findingsOf(
  presented: Certificate | undefined,
  rule: TrustRule,
  { at, expectedName }: { at: Date; expectedName?: string },
): Finding[] {
  if (!presented) return ["missing"];
  const holds: Readonly<Record<Exclude<Finding, "missing">, boolean>> = {
    notPublished: rule.kind === "direct-trust" && !isPublished(presented, rule.published),
    selfSigned: presented.selfSigned,
    unknownIssuer: !presented.selfSigned, // no roots are known yet
    expired: isExpired(presented, at),
    notYetValid: isNotYetValid(presented, at),
    wrongName: expectedName !== undefined && !coversName(presented, expectedName),
  };
  return (Object.keys(holds) as (keyof typeof holds)[]).filter((finding) => holds[finding]);
}

/** Byte by byte: two certificates may share names, serial number and key. */
const isPublished = (presented: Certificate, published: { der: Uint8Array } | null): boolean =>
  published !== null && Buffer.compare(presented.der, published.der) === 0;

function whyUntrusted(
  presented: Certificate | undefined,
  rule: TrustRule & { kind: "direct-trust" },
): string | undefined {
  const { server, published } = rule;
  if (!presented) return `${server} presented no certificate`;
  if (isPublished(presented, published)) return undefined;
  const found = `${server} presented certificate ${presented.thumbprint} (${presented.subject})`;
  return published
    ? `${found}, but the directory publishes ${published.thumbprint} for it`
    : `${found}, but the directory publishes none for it`;
}
