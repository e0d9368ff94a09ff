import { derTags, readElements, readObjectIdentifier, readOne, readSmallInteger } from "./der.ts";

/** What a key may do, by the bit of the key usage extension. Source: RFC 5280 §4.2.1.3. */
const keyUsages = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
] as const;
export type KeyUsage = (typeof keyUsages)[number];

/** What Node's `X509Certificate` does not show of a certificate. */
interface CertificateLimits {
  x509Version: number;
  keyUsage: readonly KeyUsage[] | undefined;
  pathLength: number | undefined;
  unknownCriticalExtensions: readonly string[];
}

const oid = {
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  extendedKeyUsage: "2.5.29.37",
} as const;

/** The critical extensions that are acted on here. Source: RFC 5280 §4.2: any other one forbids the certificate's use. */
const understood: readonly string[] = Object.values(oid);

/** Reads version and extensions out of a certificate's DER. Throws where they cannot be read. */
export function readLimits(der: Uint8Array): CertificateLimits {
  const [signedPart] = readElements(readOne(der, derTags.sequence));
  if (signedPart?.tag !== derTags.sequence) throw new Error("it has no signed part");
  const fields = readElements(signedPart.content);
  const version = fields.find(({ tag }) => tag === derTags.context0);
  const extensions = readExtensions(fields.find(({ tag }) => tag === derTags.context3)?.content);
  const contentOf = (id: string): Uint8Array | undefined => extensions.find((extension) => extension.id === id)?.value;
  return {
    x509Version: version ? readSmallInteger(readOne(version.content, derTags.integer)) + 1 : 1,
    keyUsage: readKeyUsage(contentOf(oid.keyUsage)),
    pathLength: readPathLength(contentOf(oid.basicConstraints)),
    unknownCriticalExtensions: extensions
      .filter(({ id, critical }) => critical && !understood.includes(id))
      .map(({ id }) => id),
  };
}

interface Extension {
  id: string;
  critical: boolean;
  value: Uint8Array;
}

/** `SEQUENCE OF SEQUENCE { OID, BOOLEAN DEFAULT FALSE, OCTET STRING }`. */
function readExtensions(content: Uint8Array | undefined): readonly Extension[] {
  if (!content) return [];
  const extensions = readElements(readOne(content, derTags.sequence)).map(({ content: fields }): Extension => {
    const elements = readElements(fields);
    const [id] = elements;
    const value = elements.at(-1);
    if (id?.tag !== derTags.objectIdentifier || value?.tag !== derTags.octetString)
      throw new Error("an extension cannot be read");
    const critical = elements.some(({ tag, content }) => tag === derTags.boolean && content[0] !== 0);
    return { id: readObjectIdentifier(id.content), critical, value: value.content };
  });
  // Two of a kind could be read differently here and by the peer. Source: RFC 5280 §4.2.
  if (new Set(extensions.map(({ id }) => id)).size < extensions.length)
    throw new Error("an extension stands in it twice");
  return extensions;
}

/** A BIT STRING: the first byte counts the unused bits at the end, the highest bit comes first. */
function readKeyUsage(value: Uint8Array | undefined): readonly KeyUsage[] | undefined {
  if (!value) return undefined;
  const bits = readOne(value, derTags.bitString).subarray(1);
  return keyUsages.filter((_, bit) => ((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

/** `SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL }`. */
function readPathLength(value: Uint8Array | undefined): number | undefined {
  if (!value) return undefined;
  const length = readElements(readOne(value, derTags.sequence)).find(({ tag }) => tag === derTags.integer);
  return length && readSmallInteger(length.content);
}
