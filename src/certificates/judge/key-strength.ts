import type { Certificate } from "../certificate.ts";

/** Why a certificate's key can't be used for TLS, or undefined. Source: [bb851505], item 2. Ours: P-256 beside RSA, for large labs. */
export function whyUnusableKey({ publicKey }: Pick<Certificate, "publicKey">): string | undefined {
  const strong =
    publicKey.kind === "RSA" ? publicKey.bits >= 1024 : publicKey.kind === "EC" && publicKey.curve === "P-256";
  return strong ? undefined : "its key is neither RSA of 1024 bits or more nor P-256";
}
