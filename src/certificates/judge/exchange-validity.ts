import type { StoredCertificate } from "../certificate.ts";
import type { Trust } from "./chain.ts";
import { whyUnusableKey } from "./key-strength.ts";
import { serverAuthentication } from "./path-rules.ts";
import { type CertificateStatus, certificateStatus } from "./status.ts";

/** What makes a certificate unfit for every service. */
type LastingReason =
  | "PrivateKeyMissing"
  | "KeyAlgorithmUnsupported"
  | "SigningNotSupported"
  | "PkixKpServerAuthNotFoundInEnhancedKeyUsage";

/** Why a certificate is not valid for use with Exchange. */
export interface ExchangeInvalidity {
  /** What it lacks, or what its Status says of it now. */
  reason: LastingReason | Exclude<CertificateStatus, "Valid">;
  /** Whether `Enable-ExchangeCertificate` refuses it; otherwise it takes it with a warning. */
  refused: boolean;
}

/**
 * Why a certificate of a server's store is not valid for use with Exchange at that time, or undefined where it is.
 *
 * Source: [exchange-certificate-cmdlets] Enable-, PrivateKeyMissing, the one reason that was seen; [bb851505], what a
 * certificate must have for TLS. Inferred: the names of the other reasons; a key that may not sign, since direct trust
 * has both sides sign. Dates, trust and revocation change: what is found there is told, and refuses nothing, as selection
 * presents such a certificate too ([bb430748] step 9).
 *
 * @param trust whom the server believes
 */
export function exchangeInvalidity(
  certificate: StoredCertificate,
  at: Date,
  trust: Trust,
): ExchangeInvalidity | undefined {
  const lasting = whatItLacks(certificate);
  if (lasting) return { reason: lasting, refused: true };
  const status = certificateStatus(certificate, at, trust);
  return status === "Valid" ? undefined : { reason: status, refused: false };
}

function whatItLacks(certificate: StoredCertificate): LastingReason | undefined {
  const { hasPrivateKey, enhancedKeyUsage, keyUsage } = certificate;
  if (!hasPrivateKey) return "PrivateKeyMissing";
  if (whyUnusableKey(certificate) !== undefined) return "KeyAlgorithmUnsupported";
  if (keyUsage && !keyUsage.includes("digitalSignature")) return "SigningNotSupported";
  return enhancedKeyUsage && !enhancedKeyUsage.includes(serverAuthentication)
    ? "PkixKpServerAuthNotFoundInEnhancedKeyUsage"
    : undefined;
}
