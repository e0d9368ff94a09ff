import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { bitString, nothing, objectIdentifier, sequence } from "../der/der-write.ts";
import type { KeyPair } from "../keys.ts";

/** SHA-256 with the key's own kind of signature. Source: RFC 4055 §5, RFC 5758 §3.2. */
const algorithms: Readonly<Record<KeyPair["kind"], Uint8Array>> = {
  RSA: sequence(objectIdentifier("1.2.840.113549.1.1.11"), nothing),
  "P-256": sequence(objectIdentifier("1.2.840.10045.4.3.2")),
};

/** What X.509's signed things name their signature by. */
export const signatureAlgorithm = ({ kind }: Pick<KeyPair, "kind">): Uint8Array => algorithms[kind];

/** `SEQUENCE { what is signed, the algorithm, the signature }`: certificates, requests and revocation lists alike. */
export const signedBy = (
  { kind, privateKeyPem }: Pick<KeyPair, "kind" | "privateKeyPem">,
  content: Uint8Array,
): Uint8Array =>
  sequence(content, algorithms[kind], bitString(sign("sha256", content, createPrivateKey(privateKeyPem))));

const hashes: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.5": "sha1",
  "1.2.840.113549.1.1.11": "sha256",
  "1.2.840.113549.1.1.12": "sha384",
  "1.2.840.113549.1.1.13": "sha512",
  "1.2.840.10045.4.1": "sha1",
  "1.2.840.10045.4.3.2": "sha256",
  "1.2.840.10045.4.3.3": "sha384",
  "1.2.840.10045.4.3.4": "sha512",
};

/** Whether the signature is that key's; false for an algorithm that is not known here. */
export function isSignature(
  signature: Uint8Array,
  content: Uint8Array,
  by: { publicKeyPem: string; algorithm: string },
): boolean {
  const hash = hashes[by.algorithm];
  return hash !== undefined && verify(hash, content, createPublicKey(by.publicKeyPem), signature);
}
