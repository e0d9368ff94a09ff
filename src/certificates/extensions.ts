import { derTags, readElements, readObjectIdentifier, readOne, readSmallInteger } from "./der/der.ts";

/** What a key may do, by the bit of the key usage extension. Source: RFC 5280 §4.2.1.3. */
export const keyUsages = [
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
  nameConstraints: NameConstraints | undefined;
  unknownCriticalExtensions: readonly string[];
  signatureAlgorithm: string;
}

/** The DNS names that an authority may issue for: within one of `permitted`, where there are any, and of none of `excluded`. */
export interface NameConstraints {
  permitted: readonly string[];
  excluded: readonly string[];
}

export const oid = {
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  nameConstraints: "2.5.29.30",
  extendedKeyUsage: "2.5.29.37",
} as const;

/** The critical extensions that are acted on here. Source: RFC 5280 §4.2: any other one forbids the certificate's use. */
const understood: readonly string[] = Object.values(oid);

/** As Windows names them; any other one by its object identifier. */
const signatureAlgorithms: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.4": "md5RSA",
  "1.2.840.113549.1.1.5": "sha1RSA",
  "1.2.840.113549.1.1.11": "sha256RSA",
  "1.2.840.113549.1.1.12": "sha384RSA",
  "1.2.840.113549.1.1.13": "sha512RSA",
  "1.2.840.10045.4.1": "sha1ECDSA",
  "1.2.840.10045.4.3.2": "sha256ECDSA",
  "1.2.840.10045.4.3.3": "sha384ECDSA",
  "1.2.840.10045.4.3.4": "sha512ECDSA",
};

/** Reads version and extensions out of a certificate's DER. Throws where they cannot be read. */
export function readLimits(der: Uint8Array): CertificateLimits {
  const [signedPart, algorithm] = readElements(readOne(der, derTags.sequence));
  if (signedPart?.tag !== derTags.sequence || algorithm?.tag !== derTags.sequence)
    throw new Error("it has no signed part");
  const fields = readElements(signedPart.content);
  const version = fields.find(({ tag }) => tag === derTags.context0);
  const extensions = readExtensions(fields.find(({ tag }) => tag === derTags.context3)?.content);
  const contentOf = (id: string): Uint8Array | undefined => extensions.find((extension) => extension.id === id)?.value;
  return {
    x509Version: version ? readSmallInteger(readOne(version.content, derTags.integer)) + 1 : 1,
    keyUsage: readKeyUsage(contentOf(oid.keyUsage)),
    pathLength: readPathLength(contentOf(oid.basicConstraints)),
    nameConstraints: readNameConstraints(contentOf(oid.nameConstraints)),
    unknownCriticalExtensions: extensions.filter((one) => one.critical && !isUnderstood(one)).map(({ id }) => id),
    signatureAlgorithm: readAlgorithm(algorithm.content),
  };
}

/** Names of other kinds than DNS can be constrained too, and that is not acted on here. */
const isUnderstood = ({ id, value }: Extension): boolean =>
  understood.includes(id) &&
  (id !== oid.nameConstraints || subtreesIn(value).every(({ kind }) => kind === derTags.contextBytes2));

function readAlgorithm(content: Uint8Array): string {
  const dotted = readObjectIdentifier(readElements(content)[0]);
  return signatureAlgorithms[dotted] ?? dotted;
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
    return { id: readObjectIdentifier(id), critical, value: value.content };
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

/** The subtrees of a name constraints extension: `[0]` those permitted, `[1]` those excluded, each a name and its bounds. */
const subtreesIn = (value: Uint8Array): readonly { permitted: boolean; kind: number; name: string }[] =>
  readElements(readOne(value, derTags.sequence)).flatMap(({ tag, content }) =>
    readElements(content).map((subtree) => {
      const [base] = readElements(subtree.content);
      if (!base) throw new Error("its name constraints cannot be read");
      const name = Buffer.from(base.content).toString("latin1");
      return { permitted: tag === derTags.context0, kind: base.tag, name };
    }),
  );

/** Source: RFC 5280 §4.2.1.10. */
function readNameConstraints(value: Uint8Array | undefined): NameConstraints | undefined {
  if (!value) return undefined;
  const ofDns = subtreesIn(value).filter(({ kind }) => kind === derTags.contextBytes2);
  const names = (permitted: boolean): string[] =>
    ofDns.filter((one) => one.permitted === permitted).map(({ name }) => name);
  return { permitted: names(true), excluded: names(false) };
}
