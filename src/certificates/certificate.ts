import type { KeyUsage, NameConstraints } from "./extensions.ts";

/** Services of Exchange 2007, in the order of the letters `Get-ExchangeCertificate` prints: IPUWS. Source: [aa998327]. */
export const certificateServices = ["IMAP", "POP", "UM", "IIS", "SMTP"] as const;
export type CertificateService = (typeof certificateServices)[number];

/** A certificate as parsed, whoever holds it. Parsed once; every field is a plain value. */
export interface Certificate {
  /** SHA-1 of the DER, 40 upper-case hex digits. */
  thumbprint: string;
  /** SHA-256 of the DER, 64 upper-case hex digits. */
  sha256: string;
  /** As Exchange prints a distinguished name: `CN=Ex2007EE`, several parts joined by `, `. */
  subject: string;
  issuer: string;
  /** Upper-case hex, as printed by Exchange. */
  serialNumber: string;
  notBefore: Date;
  notAfter: Date;
  /** CN and DNS SAN entries, without repetition (`CertificateDomains`). */
  certificateDomains: readonly string[];
  /** DNS SAN entries alone, in order. */
  alternateNames: readonly string[];
  publicKey: { kind: "RSA"; bits: number } | { kind: "EC"; curve: string } | { kind: "other"; name: string };
  /** Extended key usage OIDs; undefined when the extension is absent. */
  enhancedKeyUsage: readonly string[] | undefined;
  /** What its key may do; undefined when the extension is absent. */
  keyUsage: readonly KeyUsage[] | undefined;
  x509Version: number;
  /** Issuer equals subject, and its own key verifies it. */
  selfSigned: boolean;
  /** It may sign certificates: by its basic constraints, and by its key usage where it has that. */
  isCertificateAuthority: boolean;
  /** How many authorities may stand between this one and an end entity; undefined: any number. */
  pathLength: number | undefined;
  /** What names it may issue for; undefined: any. */
  nameConstraints: NameConstraints | undefined;
  /** OIDs of critical extensions that are not understood here: it may not be relied on. */
  unknownCriticalExtensions: readonly string[];
  /** By which its issuer signed it, in Windows' words: `sha1RSA`; an object identifier for one that has none here. */
  signatureAlgorithm: string;
  der: Uint8Array;
}

/** A certificate in a server's store, with what Exchange keeps beside it. */
export interface StoredCertificate extends Certificate {
  /** What is presented with it: the authorities above it, its issuer first, without the root. */
  chain: readonly Certificate[];
  services: readonly CertificateService[];
  hasPrivateKey: boolean;
  privateKeyExportable: boolean;
  friendlyName: string;
  /** `Registry` for the one Setup made, `None` for later ones. Source: docs/fidelity.md#root-ca-type. */
  rootCaType: "None" | "Registry" | "ThirdParty" | "Enterprise" | "GroupPolicy" | "Unknown";
}

/** A request that no authority has answered yet, in a server's store with the key that it is for. */
export interface PendingRequest {
  /** Ours: SHA-1 of the request's DER, 40 upper-case hex digits; Windows keeps a certificate of its own for it. */
  thumbprint: string;
  subject: string;
  /** CN and DNS names, without repetition. */
  certificateDomains: readonly string[];
  publicKey: Certificate["publicKey"];
  friendlyName: string;
  privateKeyExportable: boolean;
  /** Lab time. */
  requestedAt: Date;
  /** PKCS #10. */
  der: Uint8Array;
}

/**
 * A thumbprint as people paste it, in its own spelling. Ours: blanks, small letters and invisible characters, as Windows' dialog
 * puts one before it, are no reason to find nothing.
 */
export const readThumbprint = (text: string): string => text.replaceAll(/[\s\p{Cf}]/gu, "").toUpperCase();
