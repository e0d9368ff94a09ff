import { createCipheriv, createDecipheriv, createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { derTags, readElements, readObjectIdentifier, readSequence, readSmallInteger } from "./der.ts";
import { integer, nothing, objectIdentifier, octetString, sequence } from "./der-write.ts";
import { decryptRc2Cbc } from "./rc2.ts";

const oid = {
  pbes2: "1.2.840.113549.1.5.13",
  pbkdf2: "1.2.840.113549.1.5.12",
  hmacSha256: "1.2.840.113549.2.9",
  aes256: "2.16.840.1.101.3.4.1.42",
} as const;

/** Of PBKDF2. Source: RFC 8018 appendix B.1.2. */
const pseudoRandomFunctions: Readonly<Record<string, string>> = {
  "1.2.840.113549.2.7": "sha1",
  [oid.hmacSha256]: "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512",
};

/** Of PBES2. Source: RFC 8018 appendix B.2. */
const ciphers: Readonly<Record<string, { name: string; keyBytes: number }>> = {
  "2.16.840.1.101.3.4.1.2": { name: "aes-128-cbc", keyBytes: 16 },
  "2.16.840.1.101.3.4.1.22": { name: "aes-192-cbc", keyBytes: 24 },
  [oid.aes256]: { name: "aes-256-cbc", keyBytes: 32 },
  "1.2.840.113549.3.7": { name: "des-ede3-cbc", keyBytes: 24 },
};

type Decrypt = (key: Uint8Array, iv: Uint8Array, encrypted: Uint8Array) => Buffer;

const decryptBy =
  (cipher: string): Decrypt =>
  (key, iv, encrypted) => {
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  };

/** PKCS #12's own, of the years of Exchange 2007. Source: RFC 7292 appendix C. */
const oldSchemes: Readonly<Record<string, { keyBytes: number; decrypt: Decrypt }>> = {
  "1.2.840.113549.1.12.1.3": { keyBytes: 24, decrypt: decryptBy("des-ede3-cbc") },
  "1.2.840.113549.1.12.1.4": { keyBytes: 16, decrypt: decryptBy("des-ede-cbc") },
  "1.2.840.113549.1.12.1.5": { keyBytes: 16, decrypt: decryptRc2Cbc },
  "1.2.840.113549.1.12.1.6": { keyBytes: 5, decrypt: decryptRc2Cbc },
};

/** Ours: whoever writes a larger number into a file wants to keep us busy. */
const mostIterations = 1_000_000;

const iterations = 10_000;

function readIterations(content: Uint8Array | undefined): number {
  const count = readSmallInteger(content ?? new Uint8Array());
  if (count < 1 || count > mostIterations) throw new Error(`it wants its password hashed ${count} times`);
  return count;
}

/** Encrypts with a password: PBES2 with AES-256 and HMAC-SHA-256. @returns the algorithm, as DER, and the bytes. */
export function encryptWithPassword(plain: Uint8Array, password: string): { algorithm: Uint8Array; bytes: Buffer } {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const cipher = createCipheriv("aes-256-cbc", pbkdf2Sync(password, salt, iterations, 32, "sha256"), iv);
  const derivation = sequence(
    octetString(salt),
    integer(iterations),
    sequence(objectIdentifier(oid.hmacSha256), nothing),
  );
  const algorithm = sequence(
    objectIdentifier(oid.pbes2),
    sequence(
      sequence(objectIdentifier(oid.pbkdf2), derivation),
      sequence(objectIdentifier(oid.aes256), octetString(iv)),
    ),
  );
  return { algorithm, bytes: Buffer.concat([cipher.update(plain), cipher.final()]) };
}

/**
 * The inverse, and for what other programs write: AES or 3DES by PBES2, and PKCS #12's own 3DES and RC2. Throws for an
 * algorithm that is none of them, and where the password is another.
 */
export function decryptWithPassword(algorithm: Uint8Array, encrypted: Uint8Array, password: string): Buffer {
  const [scheme, parameters] = readSequence(algorithm);
  if (!scheme || !parameters) throw new Error("it does not say how it is encrypted");
  const id = readObjectIdentifier(scheme);
  if (id === oid.pbes2) return decryptPbes2(parameters.whole, encrypted, password);
  const old = oldSchemes[id];
  if (!old) throw new Error(`it is encrypted by ${id}, which is not known here`);
  const [salt, count] = readElements(parameters.content);
  const about = {
    hash: "sha1",
    salt: salt?.content ?? new Uint8Array(),
    iterations: readIterations(count?.content),
    password,
  };
  const key = derivePkcs12(about, 1, old.keyBytes);
  return old.decrypt(key, derivePkcs12(about, 2, 8), encrypted);
}

function decryptPbes2(parameters: Uint8Array, encrypted: Uint8Array, password: string): Buffer {
  const [derivation, encryption] = readSequence(parameters).map(({ whole }) => readSequence(whole));
  const [cipherId, iv] = encryption ?? [];
  const cipher = ciphers[readObjectIdentifier(cipherId)];
  const [, derivationParameters] = derivation ?? [];
  if (!cipher || !iv || !derivationParameters) throw new Error("its encryption is not known here");
  const [salt, count, ...more] = readElements(derivationParameters.content);
  const named = more.find(({ tag }) => tag === derTags.sequence);
  const hash = named ? pseudoRandomFunctions[readObjectIdentifier(readElements(named.content)[0])] : "sha1";
  if (!hash) throw new Error("the hash of its password is not known here");
  const times = readIterations(count?.content);
  const key = pbkdf2Sync(password, salt?.content ?? "", times, cipher.keyBytes, hash);
  return decryptBy(cipher.name)(key, iv.content, encrypted);
}

/** By the object identifier of a MAC's digest. */
const digests: Readonly<Record<string, string>> = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

/** `MacData` over the content of a PKCS #12 file. Source: RFC 7292 §4. */
export function makeMac(content: Uint8Array, password: string): Uint8Array {
  const salt = randomBytes(16);
  const mac = macOf({ hash: "sha256", salt, iterations, password }, content);
  const digest = sequence(sequence(objectIdentifier("2.16.840.1.101.3.4.2.1"), nothing), octetString(mac));
  return sequence(digest, octetString(salt), integer(iterations));
}

/** Whether a `MacData` was made of that content with that password. Throws for one that cannot be read. */
export function isMacOf(macData: Uint8Array, content: Uint8Array, password: string): boolean {
  const [info, salt, count] = readSequence(macData);
  const [algorithm, digest] = readElements(info?.content ?? new Uint8Array());
  const hash = digests[readObjectIdentifier(readElements(algorithm?.content ?? new Uint8Array())[0])];
  if (!hash || !digest || !salt) throw new Error("how it is protected is not known here");
  const times = count ? readIterations(count.content) : 1;
  return macOf({ hash, salt: salt.content, iterations: times, password }, content).equals(digest.content);
}

interface Derivation {
  hash: string;
  salt: Uint8Array;
  iterations: number;
  password: string;
}

const macOf = (about: Derivation, content: Uint8Array): Buffer =>
  createHmac(about.hash, derivePkcs12(about, 3, createHash(about.hash).digest().length))
    .update(content)
    .digest();

/** @param purpose 1 a key, 2 an initial value, 3 a MAC's key. Source: RFC 7292 appendix B.2. */
function derivePkcs12(
  { hash, salt, iterations: times, password }: Derivation,
  purpose: number,
  length: number,
): Buffer {
  const block = hash === "sha384" || hash === "sha512" ? 128 : 64;
  const diversifier = Buffer.alloc(block, purpose);
  const input = Buffer.concat([filled(salt, block), filled(Buffer.from(`${password}\0`, "utf16le").swap16(), block)]);
  const output: Buffer[] = [];
  for (let made = 0; made < length;) {
    let digest = createHash(hash).update(diversifier).update(input).digest();
    for (let time = 1; time < times; time++) digest = createHash(hash).update(digest).digest();
    output.push(digest);
    made += digest.length;
    addToBlocks(input, filled(digest, block).subarray(0, block));
  }
  return Buffer.concat(output).subarray(0, length);
}

/** Repeated up to a whole number of blocks. */
const filled = (bytes: Uint8Array, block: number): Buffer =>
  bytes.length === 0 ? Buffer.alloc(0) : Buffer.alloc(block * Math.ceil(bytes.length / block), bytes);

/** Adds `addend` and one to each block of `input`, as big-endian numbers, without the carry out of it. */
function addToBlocks(input: Buffer, addend: Buffer): void {
  for (let begin = 0; begin < input.length; begin += addend.length) {
    let carry = 1;
    for (let index = addend.length - 1; index >= 0; index--) {
      carry += (input[begin + index] ?? 0) + (addend[index] ?? 0);
      input[begin + index] = carry & 0xff;
      carry >>= 8;
    }
  }
}
