/**
 * One password of a replication account, sealed for one holder. Kept as an object of its own, so that each is written
 * by one server only. Source: [bb266959], ms-Exch-EdgeSyncCredential and its properties.
 */
export interface EdgeSyncCredential {
  /** Name of the server that can unseal it: the Hub that logs on, or the Edge server that lets it in. */
  holder: string;
  /** Of the Edge server. */
  targetServerFqdn: string;
  /** Of the Hub; null for the bootstrap account. */
  sourceServerFqdn: string | null;
  /** `ESRA.<edge>` for the bootstrap account, `ESRA.<edge>.<hub>.<n>` after it. */
  userName: string;
  /** From when and until when it is used, ISO 8601. */
  effectiveTime: string;
  expirationTime: string;
  /** Thumbprint of the certificate whose key opens it. */
  sealedTo: string;
  /** Ciphertext, base64. */
  sealedPassword: string;
}

/** An account that may write to an Edge server's ADAM. Only there. Source: [bb266959], the Credential Service makes it. */
export interface ReplicationAccount {
  userName: string;
  /** Null for the bootstrap account, which any Hub uses. */
  sourceServerFqdn: string | null;
  /** scrypt of its password: `<salt>:<hash>`, both base64. */
  passwordVerifier: string;
  effectiveTime: string;
  expirationTime: string;
}

/** Who may write to an Edge server's ADAM now. Only there. Source: [aa997438], lock and option. */
export interface EdgeSyncLease {
  /** FQDN of the Hub. */
  holder: string;
  type: "Lock" | "Option";
  /** ISO 8601, lab time. */
  expires: string;
  /** When its holder must have come again, or another Hub will be let in a little later; ISO 8601. */
  due: string;
}

/** What is replicated together, each with a position of its own. Source: [aa997438], the three intervals. */
export const replicationScopes = ["Topology", "Configuration", "Recipients"] as const;
export type ReplicationScope = (typeof replicationScopes)[number];

/** How far an Edge server's ADAM has come in one scope; written in one step with the changes up to there. Only there. */
export interface EdgeSyncPosition {
  scope: ReplicationScope;
  /** The subscription under which it was written: when its file was made, ISO 8601. Under another one everything is sent anew. */
  subscription: string;
  /** Null until a first full synchronization is through. */
  cookie: { invocationId: string; usn: number } | null;
  /** Counts full synchronizations; what one of them wrote bears its number. */
  generation: number;
  /**
   * A full synchronization that is under way: it began when Active Directory stood at `cookie`, and what lies up to
   * `after` there has been written. What it may have to remove lies in ADAM up to `oldUpTo`; null while its first batch
   * is the last one.
   */
  full: { cookie: { invocationId: string; usn: number }; after: number; oldUpTo: number | null } | null;
  /** When a Hub last found or made it up to date, lab time, ISO 8601, and which one (FQDN). */
  at: string;
  by: string;
}
