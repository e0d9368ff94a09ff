import { createPrivateKey, type KeyObject, randomBytes, sign } from "node:crypto";
import type { Certificate } from "../../certificate.ts";
import {
  bitString,
  context,
  contextBytes,
  element,
  integer,
  nothing,
  objectIdentifier,
  octetString,
  sequence,
  time,
  yes,
} from "../../der/der-write.ts";
import { derTags, readElements, readSequence } from "../../der/der.ts";
import { readPem } from "../../der/pem.ts";
import { encodeSubject, justCommonName } from "../../der/subject.ts";
import { type KeyUsage, keyUsages, oid } from "../../extensions.ts";
import type { KeyPems } from "../../keys.ts";
import { parseCertificate } from "../../x509.ts";

/** All that a certificate is made of, also what nobody in earnest would put into one. */
export interface Blueprint {
  /** Null: its subject is empty. */
  commonName: string | null;
  /** DNS entries of the subject alternative name; without any, and without addresses, there is no such extension. */
  names: readonly string[];
  /** IPv4 addresses in the subject alternative name. */
  addresses: readonly string[];
  notBefore: Date;
  notAfter: Date;
  /** Hexadecimal; undefined: a random one. */
  serialNumber?: string;
  authority: boolean;
  /** Null leaves the extension out, here and below. */
  keyUsage: readonly KeyUsage[] | null;
  /** Object identifiers. */
  enhancedKeyUsage: readonly string[] | null;
  /** DNS names: everything that it issues must lie within one of them. */
  permitted: readonly string[] | null;
  /** Whether it has a critical extension that nobody has ever heard of. */
  unknownExtension: boolean;
  /** With which its issuer signs. */
  digest: "sha256" | "sha1";
}

/** Who signs; without a certificate the one that is made signs itself. */
export interface Signer {
  certificate?: Certificate;
  keyPair: KeyPems;
}

/**
 * Builds and signs a certificate that is what the blueprint says, whatever is wrong with that. Ours.
 *
 * @param keyPair its own; the signer's may be of another kind
 */
export function buildFromBlueprint(blueprint: Blueprint, keyPair: KeyPems, signer: Signer): Certificate {
  const subject = blueprint.commonName === null ? sequence() : encodeSubject(justCommonName(blueprint.commonName));
  const key = createPrivateKey(signer.keyPair.privateKeyPem);
  const algorithm = algorithmOf(key, blueprint.digest);
  const signedPart = sequence(
    context(0, integer(2)),
    integer(Buffer.from(blueprint.serialNumber ?? randomSerialNumber(), "hex")),
    algorithm,
    signer.certificate ? subjectOf(signer.certificate) : subject,
    sequence(time(blueprint.notBefore), time(blueprint.notAfter)),
    subject,
    readPem(keyPair.publicKeyPem)[0]?.der ?? new Uint8Array(),
    context(3, sequence(...extensionsOf(blueprint))),
  );
  const digest = key.asymmetricKeyType === "ed25519" ? null : blueprint.digest;
  return parseCertificate(sequence(signedPart, algorithm, bitString(sign(digest, signedPart, key))));
}

/** Sixteen bytes, the first of them neither nothing nor negative. */
const randomSerialNumber = (): string => {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
};

/** Source: RFC 8017 appendix A.2.4, RFC 5758 §3.2 (with RFC 3279 §2.2.3 for SHA-1), RFC 8410 §3. */
function algorithmOf(key: KeyObject, digest: Blueprint["digest"]): Uint8Array {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return sequence(objectIdentifier(digest === "sha1" ? "1.2.840.113549.1.1.5" : "1.2.840.113549.1.1.11"), nothing);
    case "ec":
      return sequence(objectIdentifier(digest === "sha1" ? "1.2.840.10045.4.1" : "1.2.840.10045.4.3.2"));
    case "ed25519":
      return sequence(objectIdentifier("1.3.101.112"));
    default:
      throw new Error(`Nothing is signed with a key of kind ${key.asymmetricKeyType}`);
  }
}

/** The subject as it stands in the certificate: the fifth of its fields behind the version. */
function subjectOf({ der }: Certificate): Uint8Array {
  const [signedPart] = readSequence(der);
  const fields = readElements(signedPart?.content ?? new Uint8Array());
  const subject = fields.filter(({ tag }) => tag !== derTags.context0)[4];
  if (!subject) throw new Error("An issuer without a subject");
  return subject.whole;
}

function extensionsOf(blueprint: Blueprint): readonly Uint8Array[] {
  const { authority, keyUsage, enhancedKeyUsage, permitted, unknownExtension, commonName } = blueprint;
  const alternateNames = [
    ...blueprint.names.map((name) => contextBytes(2, Buffer.from(name, "latin1"))),
    ...blueprint.addresses.map((address) => contextBytes(7, Buffer.from(address.split(".").map(Number)))),
  ];
  return [
    extension(oid.basicConstraints, true, sequence(...(authority ? [yes] : []))),
    ...(keyUsage ? [extension(oid.keyUsage, true, keyUsageBits(keyUsage))] : []),
    ...(enhancedKeyUsage
      ? [extension(oid.extendedKeyUsage, false, sequence(...enhancedKeyUsage.map(objectIdentifier)))]
      : []),
    // Source: RFC 5280 §4.2.1.6: critical where it is all the name there is.
    ...(alternateNames.length > 0
      ? [extension(oid.subjectAltName, commonName === null, sequence(...alternateNames))]
      : []),
    ...(permitted ? [extension(oid.nameConstraints, true, sequence(context(0, ...permitted.map(subtree))))] : []),
    ...(unknownExtension ? [extension("2.5.29.99", true, nothing)] : []),
  ];
}

const extension = (id: string, critical: boolean, value: Uint8Array): Uint8Array =>
  sequence(objectIdentifier(id), ...(critical ? [yes] : []), octetString(value));

const subtree = (name: string): Uint8Array => sequence(contextBytes(2, Buffer.from(name, "latin1")));

/** A BIT STRING of at most one byte, without the zeros at its end. Source: X.690 §11.2.2. */
function keyUsageBits(usages: readonly KeyUsage[]): Uint8Array {
  const byte = usages.reduce((bits, usage) => bits | (0x80 >> keyUsages.indexOf(usage)), 0);
  const unused = byte === 0 ? 0 : Math.log2(byte & -byte);
  return element(derTags.bitString, Buffer.of(unused, byte));
}
