import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  X509Certificate,
} from "node:crypto";
import type { Certificate } from "../certificate.ts";
import { fromBase64 } from "../der/base64.ts";
import { cannotSeal } from "../errors.ts";

/** What it is for stands in every ciphertext: one made for another purpose does not open. */
const label = Buffer.from("hubedge sealed credential, 1");

/** Told by the first byte, so that no key is ever tried on what was made for the other kind. */
const kinds = { rsa: 1, ec: 2 } as const;

/**
 * Seals a secret so that only the holder of the certificate's private key can read it: RSA-OAEP with SHA-256 for an RSA
 * key; for P-256 an ephemeral ECDH key, HKDF and AES-256-GCM. Twice the same secret looks different.
 *
 * @param secret for an RSA 2048 key up to 190 bytes of UTF-8; any length for P-256
 * @returns base64. Throws CERT_CANNOT_SEAL for a key of another kind, and one that is too small for the secret
 * Ours: how Exchange encrypts the credentials of EdgeSync is not documented (docs/fidelity.md#sealed-credentials).
 */
export function sealSecret(secret: string, certificate: Certificate): string {
  const { publicKey } = new X509Certificate(certificate.der);
  const bytes = Buffer.from(secret, "utf8");
  switch (certificate.publicKey.kind) {
    case "RSA":
      return sealForRsa(bytes, publicKey, certificate).toString("base64");
    case "EC":
      if (!isP256(publicKey))
        throw cannotSeal(certificate.subject, `its key is on the curve ${certificate.publicKey.curve}`);
      return sealForEc(bytes, publicKey).toString("base64");
    case "other":
      throw cannotSeal(certificate.subject, `its key is of the kind ${certificate.publicKey.name}`);
  }
}

/** Reads what was sealed for this key; undefined for anything else, whatever it is. */
export function unsealSecret(sealed: string, key: KeyObject): string | undefined {
  const bytes = fromBase64(sealed);
  if (!bytes) return undefined;
  try {
    const secret = unseal(bytes[0], bytes.subarray(1), key);
    return secret?.toString("utf8");
  } catch {
    return undefined; // every way in which it can fail to open says the same: it was not sealed for this key
  }
}

function unseal(kind: number | undefined, body: Buffer, key: KeyObject): Buffer | undefined {
  if (kind === kinds.rsa && key.asymmetricKeyType === "rsa") return privateDecrypt({ key, ...oaep }, body);
  if (kind === kinds.ec && isP256(key)) return unsealWithEc(body, key);
  return undefined;
}

const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256", oaepLabel: label } as const;

function sealForRsa(secret: Buffer, key: KeyObject, { subject }: Certificate): Buffer {
  const modulusBytes = (key.asymmetricKeyDetails?.modulusLength ?? 0) >> 3;
  const room = modulusBytes - 2 * 32 - 2; // two SHA-256 hashes and two bytes: RFC 8017 §7.1.1
  if (secret.length > room)
    throw cannotSeal(
      subject,
      `its RSA key has room for ${Math.max(0, room)} bytes, and ${secret.length} are to be sealed`,
    );
  return Buffer.concat([Buffer.of(kinds.rsa), publicEncrypt({ key, ...oaep }, secret)]);
}

const isP256 = (key: KeyObject): boolean =>
  key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1";

/** SPKI of a P-256 key: always of this length. */
const spkiBytes = 91;
const tagBytes = 16;

/** Kind, the ephemeral public key, the ciphertext, its tag. */
function sealForEc(secret: Buffer, recipient: KeyObject): Buffer {
  const ephemeral = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const shared = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: recipient });
  const from = spkiOf(ephemeral.publicKey);
  const { key, nonce } = derive(shared, from, spkiOf(recipient));
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const encrypted = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([Buffer.of(kinds.ec), from, encrypted, cipher.getAuthTag()]);
}

function unsealWithEc(body: Buffer, key: KeyObject): Buffer | undefined {
  if (body.length < spkiBytes + tagBytes) return undefined;
  const from = body.subarray(0, spkiBytes);
  const sender = createPublicKey({ key: from, format: "der", type: "spki" });
  // Throws where the sender's key is on another curve, or on none.
  const shared = diffieHellman({ privateKey: key, publicKey: sender });
  const derived = derive(shared, from, spkiOf(createPublicKey(key)));
  const decipher = createDecipheriv("aes-256-gcm", derived.key, derived.nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(body.subarray(-tagBytes));
  return Buffer.concat([decipher.update(body.subarray(spkiBytes, -tagBytes)), decipher.final()]);
}

const spkiOf = (key: KeyObject): Buffer => key.export({ type: "spki", format: "der" });

/**
 * Both public keys go into the key: a ciphertext belongs to one pair. The nonce may come from there too, since an
 * ephemeral key is used once.
 */
function derive(shared: Buffer, from: Buffer, to: Buffer): { key: Buffer; nonce: Buffer } {
  const bytes = Buffer.from(hkdfSync("sha256", shared, Buffer.alloc(0), Buffer.concat([label, from, to]), 32 + 12));
  return { key: bytes.subarray(0, 32), nonce: bytes.subarray(32) };
}
