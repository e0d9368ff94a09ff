import {
  type Certificate,
  certificateStatus,
  exchangeInvalidity,
  isRooted,
  keyIdentifierOf,
  type PendingRequest,
  type StoredCertificate,
  type Trust,
} from "../../certificates/index.ts";
import type { CertificateView } from "../api/index.ts";

/** What is said of a certificate depends on when and where. */
interface ViewContext {
  at: Date;
  trust: Trust;
  /** Thumbprint of the one that the directory publishes for the server. */
  published: string | null;
}

/** A certificate of a server's store, as its cmdlets see it. */
export const certificateView = (certificate: StoredCertificate, context: ViewContext): CertificateView => ({
  thumbprint: certificate.thumbprint,
  services: certificate.services,
  subject: certificate.subject,
  issuer: certificate.issuer,
  serialNumber: certificate.serialNumber,
  notBefore: certificate.notBefore,
  notAfter: certificate.notAfter,
  certificateDomains: certificate.certificateDomains,
  hasPrivateKey: certificate.hasPrivateKey,
  privateKeyExportable: certificate.privateKeyExportable,
  isSelfSigned: certificate.selfSigned,
  keyAlgorithm: certificate.publicKey.kind,
  publicKeySize: bitsOf(certificate.publicKey),
  // By the store that its root is in: while that is none, nobody can say.
  rootCaType: certificate.selfSigned || isRooted(certificate, context) ? certificate.rootCaType : "Unknown",
  friendlyName: certificate.friendlyName,
  status: certificateStatus(certificate, context.at, context.trust),
  invalidity: exchangeInvalidity(certificate, context.at, context.trust) ?? null,
  internalTransport: certificate.thumbprint === context.published,
  enhancedKeyUsage: certificate.enhancedKeyUsage ?? [],
  keyIdentifier: keyIdentifierOf(certificate),
  x509Version: certificate.x509Version,
  der: certificate.der,
});

/**
 * A request that waits, listed among the certificates. Source: [exchange-certificate-cmdlets] Get-, Status and RootCAType.
 * Ours: Windows keeps a certificate that signs itself in its place; the dates here are when it was made.
 */
export const requestView = (pending: PendingRequest): CertificateView => ({
  thumbprint: pending.thumbprint,
  services: [],
  subject: pending.subject,
  issuer: pending.subject,
  serialNumber: "",
  notBefore: pending.requestedAt,
  notAfter: pending.requestedAt,
  certificateDomains: pending.certificateDomains,
  hasPrivateKey: true,
  privateKeyExportable: pending.privateKeyExportable,
  isSelfSigned: false,
  keyAlgorithm: pending.publicKey.kind,
  publicKeySize: bitsOf(pending.publicKey),
  rootCaType: "Unknown",
  friendlyName: pending.friendlyName,
  status: "PendingRequest",
  invalidity: null,
  internalTransport: false,
  enhancedKeyUsage: [],
  keyIdentifier: "",
  x509Version: 1,
  der: pending.der,
});

function bitsOf(key: Certificate["publicKey"]): number {
  if (key.kind === "RSA") return key.bits;
  return key.kind === "EC" ? Number(/\d+/.exec(key.curve)?.[0] ?? 256) : 256;
}
