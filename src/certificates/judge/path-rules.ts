import type { Certificate } from "../certificate.ts";
import { isExpired, isNotYetValid } from "../dates.ts";
import { type ChainSources, longestPath, type Path, pathsFrom } from "./chain.ts";
import { whyUnusableKey } from "./key-strength.ts";
import { nameProblems } from "./path-names.ts";
import { revocationProblems } from "./path-revocation.ts";
import type { RevocationLists } from "./revocation.ts";

/** What a chain can be found lacking. */
export type PathFinding =
  | "revoked"
  | "untrustedRoot"
  | "unknownIssuer"
  | "notAuthority"
  | "nameNotPermitted"
  | "wrongUsage"
  | "weakKey"
  | "expired"
  | "notYetValid"
  | "revocationUnknown";

export interface PathProblem {
  finding: PathFinding;
  /** Of the certificate itself, or of an authority above it. */
  ofAuthority: boolean;
  /** Completes "the certificate …". */
  text: string;
}

/** A path and all that speaks against it. */
export interface JudgedPath extends Path {
  problems: readonly PathProblem[];
}

/** What the certificate is to prove: that its holder is this server, or this client. */
export type PeerRole = "server" | "client";

/** What is asked of a path. */
interface Asked {
  /** Lab time. */
  at: Date;
  role: PeerRole;
}

/**
 * The best path from a certificate to a trusted root: one without problems where there is one, else one that reaches a
 * root, else the one with the fewest.
 * Source: RFC 5280 §6.1.
 */
export function bestPath(leaf: Certificate, sources: ChainSources, asked: Asked): JudgedPath {
  let best: JudgedPath | undefined;
  for (const path of pathsFrom(leaf, sources, asked.at)) {
    const judged = { ...path, problems: problemsOf(path, asked, sources.revocation) };
    if (!best || rank(judged) < rank(best)) best = judged;
    // What the certificate itself lacks, no other path would give it.
    if (!judged.problems.some(({ finding, ofAuthority }) => ofAuthority || isAboutTheEnd(finding))) break;
  }
  if (!best) throw new Error(`No path at all leads from ${leaf.subject}`);
  return best;
}

const rank = ({ end, problems }: JudgedPath): number => (end === "trusted" ? 0 : 1000) + problems.length;

const isAboutTheEnd = (finding: PathFinding): boolean => finding === "untrustedRoot" || finding === "unknownIssuer";

function problemsOf(path: Path, { at, role }: Asked, lists: RevocationLists | undefined): readonly PathProblem[] {
  const { elements } = path;
  return [
    ...endProblems(path),
    ...elements.flatMap((element, index) => [
      ...(index === 0 ? [] : [...authorityProblems(elements, index), ...nameProblems(elements, index)]),
      ...dateProblems(element, at, index > 0),
      ...revocationProblems(elements, index, lists, at),
      ...extensionProblems(element, index > 0),
    ]),
    ...usageProblems(elements, role),
    ...keyProblems(elements[0]),
  ];
}

function endProblems({ elements, end }: Path): readonly PathProblem[] {
  const top = elements.at(-1) as Certificate;
  const alone = elements.length === 1;
  const problem = (finding: PathFinding, text: string): PathProblem[] => [{ finding, ofAuthority: false, text }];
  switch (end) {
    case "trusted":
      return [];
    case "selfSigned":
      return problem(
        "untrustedRoot",
        alone ? "signs itself and is not trusted here" : `chains up to ${top.subject}, which is not trusted here`,
      );
    case "noIssuer":
      return problem(
        "unknownIssuer",
        alone
          ? `was issued by ${top.issuer}, whose certificate is not known here`
          : `chains up to ${top.subject}, whose issuer ${top.issuer} is not known here`,
      );
    case "tooLong":
      return problem("unknownIssuer", `leads to no trusted root within ${longestPath} certificates and a fair effort`);
  }
}

/** Whether the element at `index` was allowed to sign the one below it. Source: RFC 5280 §6.1.4 (k) to (n). */
function authorityProblems(elements: readonly Certificate[], index: number): readonly PathProblem[] {
  const authority = elements[index] as Certificate;
  const problem = (text: string): PathProblem[] => [
    { finding: "notAuthority", ofAuthority: true, text: `relies on ${authority.subject}, which ${text}` },
  ];
  if (!authority.isCertificateAuthority) return problem("is no certification authority");
  // Authorities that renewed themselves do not count.
  const below = elements.slice(1, index).filter(({ subject, issuer }) => subject !== issuer).length;
  const { pathLength } = authority;
  return pathLength !== undefined && below > pathLength
    ? problem(`may have ${pathLength === 0 ? "no authority" : `no more than ${pathLength} authorities`} below it`)
    : [];
}

function keyProblems(leaf: Certificate): readonly PathProblem[] {
  const lack = whyUnusableKey(leaf);
  return lack === undefined ? [] : [{ finding: "weakKey", ofAuthority: false, text: `cannot be used: ${lack}` }];
}

function dateProblems(element: Certificate, at: Date, ofAuthority: boolean): readonly PathProblem[] {
  const subject = ofAuthority ? `relies on ${element.subject}, which ` : "";
  if (isExpired(element, at))
    return [{ finding: "expired", ofAuthority, text: `${subject}expired at ${element.notAfter.toISOString()}` }];
  if (isNotYetValid(element, at)) {
    const text = `${subject}is not valid before ${element.notBefore.toISOString()}`;
    return [{ finding: "notYetValid", ofAuthority, text }];
  }
  return [];
}

/** Source: RFC 5280 §6.1.4 (o) and §6.1.5 (f): a critical extension that is not understood forbids the use. */
function extensionProblems(element: Certificate, ofAuthority: boolean): readonly PathProblem[] {
  const { unknownCriticalExtensions: unknown, subject } = element;
  if (unknown.length === 0) return [];
  const text = `has the critical extension ${unknown.join(", ")}, which is not understood here`;
  return [{ finding: "wrongUsage", ofAuthority, text: ofAuthority ? `relies on ${subject}, which ${text}` : text }];
}

export const serverAuthentication = "1.3.6.1.5.5.7.3.1";
const clientAuthentication = "1.3.6.1.5.5.7.3.2";
const anyUsage = "2.5.29.37.0";

/**
 * One purpose must be allowed all the way up, as Windows and OpenSSL want it.
 * Source: RFC 5280 §4.2.1.12. Ours: a client may present a certificate for servers, as Exchange's own are.
 */
function usageProblems(elements: readonly Certificate[], role: PeerRole): readonly PathProblem[] {
  let purposes = role === "server" ? [serverAuthentication] : [clientAuthentication, serverAuthentication];
  for (const [index, element] of elements.entries()) {
    purposes = purposes.filter((purpose) => isAllowedFor(element, purpose));
    if (purposes.length > 0) continue;
    const text =
      index === 0 ? `is not for TLS ${role}s` : `relies on ${element.subject}, which is not for TLS ${role}s`;
    return [{ finding: "wrongUsage", ofAuthority: index > 0, text }];
  }
  const [{ keyUsage }] = elements as readonly [Certificate];
  return keyUsage && !keyUsage.some((usage) => tlsKeyUsages[role].includes(usage))
    ? [
        {
          finding: "wrongUsage",
          ofAuthority: false,
          text: `has a key that may only be used for ${keyUsage.join(", ") || "nothing"}`,
        },
      ]
    : [];
}

const isAllowedFor = ({ enhancedKeyUsage }: Certificate, purpose: string): boolean =>
  enhancedKeyUsage === undefined || enhancedKeyUsage.includes(purpose) || enhancedKeyUsage.includes(anyUsage);

/** What a handshake does with the key. Source: RFC 5246 §7.4.2 and §7.4.6, RFC 8446 §4.4.2.2. */
const tlsKeyUsages: Readonly<Record<PeerRole, readonly string[]>> = {
  server: ["digitalSignature", "keyEncipherment", "keyAgreement"],
  client: ["digitalSignature"],
};
