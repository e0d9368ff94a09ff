import type { Decision, Step } from "../../base/index.ts";
import type { Certificate } from "../certificate.ts";
import { isExpired, isNotYetValid } from "../dates.ts";
import { bearsName, coversName, nameOf, type PeerName } from "../names.ts";
import { isIdentical } from "../x509.ts";
import type { Trust } from "./chain.ts";
import { bestPath, type JudgedPath, type PeerRole } from "./path-rules.ts";
import { type Finding, gravest, type Verdict } from "./verdict.ts";

/**
 * By what a peer is judged. Direct trust: it must present exactly the certificate that the directory publishes for that
 * server. Chain: its certificate must lead to one of `roots`, be within its dates and for its use, and bear `name`; a
 * server is judged, unless `peerIs` says otherwise; where `revocation` is given, nobody on the way may have been revoked. None: whatever it presents is recorded, and nothing depends on it.
 */
export type TrustRule =
  | { kind: "direct-trust"; server: string; published: { thumbprint: string; der: Uint8Array } | null }
  | ({ kind: "chain"; name: PeerName | undefined; peerIs?: PeerRole } & Trust)
  | { kind: "none" };

/** The circumstances: lab time, the name that the peer should have, the authorities that it sent with its certificate. */
interface JudgeContext {
  at: Date;
  /** Told where the certificate lacks it; only a chain rule's own `name` counts. */
  expectedName?: string;
  chain?: readonly Certificate[];
}

/**
 * Decides whether a peer may be trusted with the certificate it presented.
 *
 * @param presented undefined when the peer presented none
 * @returns every finding, whether or not it mattered. Under direct trust the published certificate alone decides: dates,
 *   names and issuers are told and do not count, and an expired one raises 12019. Under a chain rule they all count
 * Source: [bb430753] direct trust, 2013 edition; expiry: [bb430790] step 5, 2016 edition; chain: [bb266978], both sides
 *   validate the other's certificate, and RFC 5280 §6.1.
 */
export function judgePeer(
  presented: Certificate | undefined,
  rule: TrustRule,
  context: JudgeContext,
): Decision<Verdict> {
  const path = presented && rule.kind === "chain" ? pathOf(presented, rule, context) : undefined;
  const observations = presented ? observe(presented, rule, context, path) : [nothingPresented(rule)];
  const verdict = verdictOf(presented, rule, observations, path);
  const expired = rule.kind === "direct-trust" && verdict.kind === "trusted" && verdict.findings.includes("expired");
  const event = expired && presented ? { event: { id: 12019, parameters: [presented.subject] } } : {};
  return {
    outcome: verdict,
    steps: [
      ...(path
        ? [{ source: "ours", text: `the chain: ${path.elements.map(({ subject }) => subject).join(" < ")}` }]
        : []),
      ...observations.map(({ text }): Step => ({ source: "ours", text: `the peer's certificate ${text}` })),
      { source: sources[rule.kind], text: `${verdict.kind}: ${verdict.reason}`, ...event },
    ],
  };
}

const sources: Readonly<Record<TrustRule["kind"], string>> = {
  "direct-trust": "bb430753#direct-trust",
  chain: "bb331963#chain",
  none: "ours",
};

interface Observation {
  finding: Finding;
  /** Completes "the certificate …". */
  text: string;
  /** Whether it makes the peer untrusted. */
  counts: boolean;
}

const nothingPresented = ({ kind }: TrustRule): Observation => ({
  finding: "missing",
  text: "was not presented",
  counts: kind !== "none",
});

const pathOf = (
  presented: Certificate,
  { roots, peerIs = "server", revocation }: TrustRule & { kind: "chain" },
  { at, chain = [] }: JudgeContext,
): JudgedPath => bestPath(presented, { intermediates: chain, roots, revocation }, { at, role: peerIs });

function observe(
  presented: Certificate,
  rule: TrustRule,
  { at, expectedName }: JudgeContext,
  path: JudgedPath | undefined,
): readonly Observation[] {
  const tell = (holds: boolean, finding: Finding, text: string, counts = false): Observation[] =>
    holds ? [{ finding, text, counts }] : [];
  const unpublished = rule.kind === "direct-trust" && !isPublished(presented, rule.published);
  const wanted = rule.kind === "chain" ? rule.name : undefined;
  const lacksName = wanted
    ? !bearsName(presented, wanted)
    : expectedName !== undefined && !coversName(presented, expectedName);
  return [
    ...tell(unpublished, "notPublished", "is not the one that the directory publishes", true),
    ...tell(presented.selfSigned, "selfSigned", "is self-signed"),
    ...(path
      ? path.problems.map(({ finding, text }) => ({ finding, text, counts: true }))
      : [
          ...tell(!presented.selfSigned, "unknownIssuer", "is of an issuer that is not known here"),
          ...tell(isExpired(presented, at), "expired", "has expired"),
          ...tell(isNotYetValid(presented, at), "notYetValid", "is not valid yet"),
        ]),
    ...tell(
      lacksName,
      "wrongName",
      wanted ? `does not bear the name ${nameOf(wanted)}` : "lacks the expected name",
      wanted !== undefined,
    ),
  ];
}

function verdictOf(
  presented: Certificate | undefined,
  rule: TrustRule,
  observations: readonly Observation[],
  path: JudgedPath | undefined,
): Verdict {
  const findings = [...new Set(observations.map(({ finding }) => finding))];
  const against = observations.filter(({ counts }) => counts);
  if (against.length === 0) {
    const status = presented === undefined ? "NoCertificate" : presented.selfSigned ? "ValidSelfSigned" : "Valid";
    return { kind: "trusted", reason: whyTrusted(rule, path), status, findings };
  }
  const reason = rule.kind === "direct-trust" ? whyUntrusted(presented, rule) : whatSpeaksAgainst(presented, against);
  return { kind: "untrusted", reason, status: gravest(against.map(({ finding }) => finding)), findings };
}

function whyTrusted(rule: TrustRule, path: JudgedPath | undefined): string {
  if (rule.kind === "none") return "no identity is asked for";
  if (rule.kind === "direct-trust") return "it is the one that the directory publishes";
  const root = path?.elements.at(-1);
  return path?.elements.length === 1 ? "it is trusted itself" : `it chains up to ${root?.subject}, which is trusted`;
}

const whatSpeaksAgainst = (presented: Certificate | undefined, against: readonly Observation[]): string =>
  presented
    ? `certificate ${presented.thumbprint} (${presented.subject}) ${against.map(({ text }) => text).join("; it ")}`
    : "no certificate was presented";

const isPublished = (presented: Certificate, published: { der: Uint8Array } | null): boolean =>
  published !== null && isIdentical(presented, published);

function whyUntrusted(presented: Certificate | undefined, rule: TrustRule & { kind: "direct-trust" }): string {
  const { server, published } = rule;
  if (!presented) return `${server} presented no certificate`;
  const found = `${server} presented certificate ${presented.thumbprint} (${presented.subject})`;
  return published
    ? `${found}, but the directory publishes ${published.thumbprint} for it`
    : `${found}, but the directory publishes none for it`;
}
