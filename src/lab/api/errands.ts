import type { RevocationReason } from "../../certificates/index.ts";
import type { HostFault } from "../../world/index.ts";
import type { CertificateIssue } from "./certificates.ts";

/**
 * What is done in a lab by whoever stands outside its servers: a teacher, an authority, somebody with a memory stick. Ours.
 * Steps ask a `Lab` for it, cmdlets the server they run on; it is one and the same. Names are taken in any case.
 */
export interface LabErrands {
  /** Who is there, in the lab file's order. */
  inhabitants(): Promise<readonly Inhabitant[]>;
  authorities(): Promise<readonly AuthorityView[]>;
  /**
   * Has an authority answer the request in a file on a server's disk, and leaves the answer there: a `.p7b` brings the
   * authorities above it, any other file is the certificate alone, PEM. Resolves with the thumbprint. Rejects CERT_*, FILE_*.
   */
  issueFromRequest(issue: CertificateIssue): Promise<string>;
  /**
   * Has the authority that issued a certificate take it back, and issue its next list. Rejects CERT_REVOKE_UNKNOWN,
   * CERT_REVOKE_FOREIGN, CERT_REVOKED_ALREADY, CERT_AUTHORITY_UNKNOWN, FILE_*.
   */
  revokeCertificate(wanted: CertificateRevocation): Promise<RevokedCertificate>;
  /**
   * Has an outside host or a server trust a certificate from now on, as whoever installs it there would. Resolves with the
   * thumbprint. Rejects CERT_*, FILE_*, HOST_ELSEWHERE, LAB_NOBODY.
   */
  trustCertificate(wanted: CertificateTrust): Promise<string>;
  /**
   * Carries a file from one server's disk to another's, as an administrator would; a file of this machine, to the top of
   * the other's disk. Resolves with where it lies on this machine then. Rejects FILE_*.
   */
  carryFile(file: string, from: string, to: string): Promise<string>;
  /**
   * Has somebody misbehave from now on, until it is cleared; what was set before goes. Rejects LAB_FAULT_UNFIT, LAB_NOBODY,
   * HOST_ELSEWHERE, CERT_*.
   */
  setFault(fault: LabFault): Promise<void>;
  /** Somebody is as the lab file has it again; an attacker goes. Rejects LAB_NOBODY, HOST_ELSEWHERE. */
  clearFault(on: string): Promise<void>;
  /** What `setFault` has set and `clearFault` has not cleared. */
  faults(): Promise<readonly LabFault[]>;
}

export interface Inhabitant {
  kind: "server" | "host" | "attacker";
  name: string;
}

/**
 * A server presents another certificate than its own, an outside host behaves otherwise than declared, or an attacker stands
 * in the way, of whom nothing more is said.
 */
export interface LabFault extends HostFault {
  on: string;
  /** Of a server: whether the directory names the certificate for it; default: yes. */
  published?: boolean | undefined;
}

export interface AuthorityView {
  name: string;
  /** The authority above it; null: it is a root. */
  issuedBy: string | null;
  subject: string;
  thumbprint: string;
  notBefore: Date;
  notAfter: Date;
  revoked: readonly { serialNumber: string; at: Date; reason: RevocationReason }[];
  /** Its latest list. */
  list: { number: number; thisUpdate: Date; nextUpdate: Date };
  files: AuthorityFiles;
}

/** Where an authority's certificate and its latest list lie on this machine. */
export interface AuthorityFiles {
  /** PEM. */
  certificate: string;
  /** PEM. */
  list: string;
  /** The same list, DER. */
  listDer: string;
}

/** Which certificate, by its thumbprint or by a file on a server's disk. */
export type CertificateRevocation = ({ thumbprint: string } | { on: string; file: string }) & {
  /** Who is to take it back; default: the authority that has issued it. */
  authority?: string | undefined;
  /** Default: `unspecified`. */
  reason?: RevocationReason | undefined;
};

export interface RevokedCertificate {
  authority: string;
  thumbprint: string;
  subject: string;
  serialNumber: string;
  reason: RevocationReason;
  /** Lab time. */
  at: Date;
  /** Of the list that says so. */
  listNumber: number;
  list: string;
}

/** Who is to trust what: an authority of the lab, or the certificate in a file on the disk of the server `on`. */
export type CertificateTrust = { by: string } & (
  { authority: string } | { on: string; file: string; /** Of a PKCS #12 file. */ password?: string | undefined }
);
