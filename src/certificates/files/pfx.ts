import { createPrivateKey, createPublicKey } from "node:crypto";
import { LabError, messageOf } from "../../base/index.ts";
import type { Certificate } from "../certificate.ts";
import {
  bmpString,
  context,
  contextBytes,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
} from "../der/der-write.ts";
import { derTags, readElements, readObjectIdentifier, readOne, readSequence } from "../der/der.ts";
import { readPem } from "../der/pem.ts";
import { decryptWithPassword, encryptWithPassword, isMacOf, makeMac } from "../der/pfx-encryption.ts";
import { malformedPfx, pfxPassword } from "../errors.ts";
import { isForKey, parseCertificate } from "../x509.ts";

const oid = {
  data: "1.2.840.113549.1.7.1",
  encryptedData: "1.2.840.113549.1.7.6",
  keyBag: "1.2.840.113549.1.12.10.1.1",
  shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
  certificateBag: "1.2.840.113549.1.12.10.1.3",
  x509Certificate: "1.2.840.113549.1.9.22.1",
  friendlyName: "1.2.840.113549.1.9.20",
  localKeyId: "1.2.840.113549.1.9.21",
} as const;

/** What a PKCS #12 file holds: a certificate with its key, and the authorities above it. */
export interface PfxContent {
  certificate: Certificate;
  key: { privateKeyPem: string; publicKeyPem: string };
  /** In whatever order the file has them. */
  others: readonly Certificate[];
  /** Undefined where the file gives none. */
  friendlyName: string | undefined;
}

/**
 * Writes a PKCS #12 file: everything encrypted by PBES2 with AES-256, and a MAC with SHA-256.
 * Source: RFC 7292. Ours: the algorithms, where Windows of 2007 had 3DES and RC2 (docs/fidelity.md#certificate-files).
 */
export function writePfx(
  content: {
    certificate: Certificate;
    chain: readonly Certificate[];
    privateKeyPem: string;
    friendlyName: string;
  },
  password: string,
): Buffer {
  const { certificate, chain, friendlyName } = content;
  const id = sequence(objectIdentifier(oid.localKeyId), setOf(octetString(Buffer.from(certificate.thumbprint, "hex"))));
  const name = sequence(objectIdentifier(oid.friendlyName), setOf(bmpString(friendlyName)));
  const own = setOf(id, ...(friendlyName === "" ? [] : [name]));
  const key = encryptWithPassword(readPem(content.privateKeyPem)[0]?.der ?? new Uint8Array(), password);
  const certificates = sequence(certificateBag(certificate, own), ...chain.map((above) => certificateBag(above)));
  const safe = sequence(
    encryptedContent(certificates, password),
    plainContent(sequence(bag(oid.shroudedKeyBag, sequence(key.algorithm, octetString(key.bytes)), own))),
  );
  return Buffer.from(sequence(integer(3), plainContent(safe), makeMac(safe, password)));
}

const bag = (kind: string, value: Uint8Array, attributes?: Uint8Array): Uint8Array =>
  sequence(objectIdentifier(kind), context(0, value), ...(attributes ? [attributes] : []));

const certificateBag = ({ der }: Certificate, attributes?: Uint8Array): Uint8Array =>
  bag(oid.certificateBag, sequence(objectIdentifier(oid.x509Certificate), context(0, octetString(der))), attributes);

const plainContent = (content: Uint8Array): Uint8Array =>
  sequence(objectIdentifier(oid.data), context(0, octetString(content)));

function encryptedContent(content: Uint8Array, password: string): Uint8Array {
  const { algorithm, bytes } = encryptWithPassword(content, password);
  const encrypted = sequence(objectIdentifier(oid.data), algorithm, contextBytes(0, bytes));
  return sequence(objectIdentifier(oid.encryptedData), context(0, sequence(integer(0), encrypted)));
}

/** Whether the bytes look like a PKCS #12 file: it begins with its version, 3, and its content. */
export function looksLikePfx(file: Uint8Array): boolean {
  try {
    const [version, content] = readSequence(file);
    return version?.tag === derTags.integer && version.content[0] === 3 && content?.tag === derTags.sequence;
  } catch {
    return false;
  }
}

/**
 * Reads a PKCS #12 file, RSA or EC, as OpenSSL and Windows write them.
 * Throws CERT_PFX_MALFORMED, and CERT_PFX_PASSWORD where the password is another.
 */
export function readPfx(file: Uint8Array, password: string): PfxContent {
  try {
    const safe = openSafe(file, password);
    const bags = readSequence(safe).flatMap(({ whole }) => bagsOf(whole, password));
    return contentOf(bags);
  } catch (failure) {
    throw failure instanceof LabError ? failure : malformedPfx(messageOf(failure), failure);
  }
}

/** The authenticated content. Throws CERT_PFX_PASSWORD where its MAC is another's. */
function openSafe(file: Uint8Array, password: string): Uint8Array {
  const [, content, mac] = readSequence(file);
  const [type, held] = readElements(content?.content ?? new Uint8Array());
  if (!type || !held || readObjectIdentifier(type) !== oid.data)
    throw new Error("it is not protected by a password alone");
  const safe = readOne(held.content, derTags.octetString);
  if (!mac) throw new Error("it is not protected against changes");
  if (!isMacOf(mac.whole, safe, password)) throw pfxPassword();
  return safe;
}

type Bag = { kind: "key"; privateKeyPem: string } | { kind: "certificate"; der: Uint8Array; friendlyName?: string };

function bagsOf(contentInfo: Uint8Array, password: string): readonly Bag[] {
  const [type, held] = readSequence(contentInfo);
  if (!type || !held) throw new Error("a part of it is empty");
  const isEncrypted = readObjectIdentifier(type) === oid.encryptedData;
  const content = isEncrypted ? decryptContent(held.content, password) : readOne(held.content, derTags.octetString);
  return readSequence(content).flatMap(({ whole }) => readBag(whole, password));
}

/** `SEQUENCE { version, SEQUENCE { type, algorithm, [0] bytes } }`. */
function decryptContent(encryptedData: Uint8Array, password: string): Uint8Array {
  const [, info] = readSequence(encryptedData);
  const [, algorithm, bytes] = readElements(info?.content ?? new Uint8Array());
  if (!algorithm || !bytes) throw new Error("an encrypted part of it is empty");
  return decryptWithPassword(algorithm.whole, bytes.content, password);
}

function readBag(whole: Uint8Array, password: string): readonly Bag[] {
  const [kind, value, attributes] = readSequence(whole);
  if (!kind || !value) throw new Error("a bag in it is empty");
  switch (readObjectIdentifier(kind)) {
    case oid.keyBag:
      return [keyOf(value.content)];
    case oid.shroudedKeyBag: {
      const [algorithm, bytes] = readSequence(value.content);
      if (!algorithm || !bytes) throw new Error("its key is empty");
      return [keyOf(decryptWithPassword(algorithm.whole, bytes.content, password))];
    }
    case oid.certificateBag: {
      const [type, held] = readSequence(value.content);
      if (!type || !held || readObjectIdentifier(type) !== oid.x509Certificate) return [];
      const friendlyName = friendlyNameOf(attributes?.content);
      const der = readOne(held.content, derTags.octetString);
      return [{ kind: "certificate", der, ...(friendlyName !== undefined && { friendlyName }) }];
    }
    default:
      return []; // revocation lists and secrets are nobody's here
  }
}

function keyOf(der: Uint8Array): Bag {
  const key = createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
  return { kind: "key", privateKeyPem: key.export({ type: "pkcs8", format: "pem" }).toString() };
}

function friendlyNameOf(attributes: Uint8Array | undefined): string | undefined {
  for (const { content } of attributes ? readElements(attributes) : []) {
    const [type, values] = readElements(content);
    if (!type || !values || readObjectIdentifier(type) !== oid.friendlyName) continue;
    const [value] = readElements(values.content);
    return value && Buffer.from(value.content).swap16().toString("utf16le");
  }
  return undefined;
}

function contentOf(bags: readonly Bag[]): PfxContent {
  const keys = bags.filter((one) => one.kind === "key");
  const certificates = bags.flatMap((one) =>
    one.kind === "certificate" ? [{ ...one, certificate: parseCertificate(one.der) }] : [],
  );
  const [key] = keys;
  if (!key) throw new Error("it holds no private key");
  const publicKeyPem = createPublicKey(key.privateKeyPem).export({ type: "spki", format: "pem" }).toString();
  const own = certificates.find(({ certificate }) => isForKey(certificate, publicKeyPem));
  if (!own) throw new Error("it holds no certificate for its private key");
  return {
    certificate: own.certificate,
    key: { privateKeyPem: key.privateKeyPem, publicKeyPem },
    others: certificates.filter((one) => one !== own).map(({ certificate }) => certificate),
    friendlyName: own.friendlyName,
  };
}
