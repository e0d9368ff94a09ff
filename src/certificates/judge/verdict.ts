import type { PathFinding } from "./path-rules.ts";

/** What can be said of a presented certificate; several may hold at once. */
export type Finding = "missing" | "notPublished" | "selfSigned" | PathFinding | "wrongName";

/**
 * The word for a certificate's validity in events and logs. Source: [bb331963], event 11005, for UntrustedRoot; the others
 * Inferred (docs/fidelity.md#validation-status).
 */
export type CertificateValidity =
  | "Valid"
  | "ValidSelfSigned"
  | "UntrustedRoot"
  | "PartialChain"
  | "SubjectMismatch"
  | "CertificateExpired"
  | "CertificateNotYetValid"
  | "CertificateRevoked"
  | "UnableToCheckRevocation"
  | "NameNotPermitted"
  | "InvalidUsage"
  | "NoCertificate";

export interface Verdict {
  kind: "trusted" | "untrusted";
  /** Completes "untrusted, because …"; fit for a queue's LastError. */
  reason: string;
  /** Of what counted the gravest; `Valid` or `ValidSelfSigned` exactly where the peer is trusted and presented one. */
  status: CertificateValidity;
  findings: readonly Finding[];
}

/** The status that each finding means where it counts, the gravest first. */
const statusOf: Readonly<Record<Exclude<Finding, "selfSigned">, CertificateValidity>> = {
  missing: "NoCertificate",
  notPublished: "UntrustedRoot", // what the directory publishes is all the root there is
  revoked: "CertificateRevoked",
  untrustedRoot: "UntrustedRoot",
  unknownIssuer: "PartialChain",
  notAuthority: "InvalidUsage",
  nameNotPermitted: "NameNotPermitted",
  wrongUsage: "InvalidUsage",
  weakKey: "InvalidUsage",
  expired: "CertificateExpired",
  notYetValid: "CertificateNotYetValid",
  wrongName: "SubjectMismatch",
  revocationUnknown: "UnableToCheckRevocation",
};

/** The status of the gravest of some findings that count. */
export function gravest(findings: readonly Finding[]): CertificateValidity {
  const inOrder = Object.entries(statusOf);
  const [, status] = inOrder.find(([finding]) => findings.some((one) => one === finding)) ?? [];
  if (!status) throw new Error("What counts against a certificate has a status");
  return status;
}
