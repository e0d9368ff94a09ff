import { createHash, X509Certificate, type KeyObject } from "node:crypto";
import type { generate } from "selfsigned";
import type { Certificate } from "./certificate.ts";
import { commonNameOf, formatDistinguishedName } from "./der/distinguished-name.ts";
import { readSequence } from "./der/der.ts";
import { malformedCertificate } from "./errors.ts";
import { readLimits } from "./extensions.ts";
import type { KeyPair } from "./keys.ts";
import { formatPem } from "./der/pem.ts";
import { encodeNameValue, justCommonName, type SubjectName } from "./der/subject.ts";

/**
 * Reads one certificate. Throws CERT_MALFORMED.
 *
 * @param derOrPem DER bytes, or PEM text
 */
export function parseCertificate(derOrPem: Uint8Array | string): Certificate {
  try {
    return describe(new X509Certificate(derOrPem));
  } catch (failure) {
    throw malformedCertificate(failure);
  }
}

function describe(x509: X509Certificate): Certificate {
  const alternateNames = dnsNamesOf(x509.subjectAltName ?? "");
  const commonName = commonNameOf(x509.subject ?? "");
  const key = publicKeyOf(x509);
  return {
    thumbprint: x509.fingerprint.replaceAll(":", ""),
    sha256: x509.fingerprint256.replaceAll(":", ""),
    subject: formatDistinguishedName(x509.subject ?? ""),
    issuer: formatDistinguishedName(x509.issuer ?? ""),
    serialNumber: x509.serialNumber.toUpperCase(),
    notBefore: readDate(x509.validFrom),
    notAfter: readDate(x509.validTo),
    certificateDomains: withoutRepetition(commonName === undefined ? alternateNames : [commonName, ...alternateNames]),
    alternateNames,
    publicKey: describeKey(key),
    enhancedKeyUsage: x509.keyUsage,
    ...readLimits(x509.raw),
    // `checkIssued` says no where key usage lacks keyCertSign, which Exchange's certificates do.
    selfSigned: x509.issuer === x509.subject && key !== undefined && x509.verify(key),
    isCertificateAuthority: x509.ca,
    der: new Uint8Array(x509.raw),
  };
}

/** Any comparison with a date that is none would be false, and the certificate never too old. */
function readDate(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new Error(`"${text}" is no date`);
  return date;
}

/** The DNS entries of `DNS:a, IP Address:…, DNS:"b"`; a value with special characters is a JSON string. */
const dnsNamesOf = (subjectAltName: string): string[] =>
  [...subjectAltName.matchAll(/(?:^|, )([A-Za-z ]+):("(?:\\.|[^"\\])*"|[^,]*)/g)]
    .filter(([, type]) => type === "DNS")
    .map(([, , value = ""]) => (value.startsWith('"') ? (JSON.parse(value) as string) : value));

/** In one pass: a certificate may have thousands. */
export function withoutRepetition(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.filter((name) => seen.size < seen.add(name.toLowerCase()).size);
}

function publicKeyOf(x509: X509Certificate): KeyObject | undefined {
  try {
    return x509.publicKey;
  } catch {
    return undefined; // an algorithm that this Node does not know
  }
}

const curves: Readonly<Record<string, string>> = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };

export function describeKey(key: KeyObject | undefined): Certificate["publicKey"] {
  const { modulusLength, namedCurve = "" } = key?.asymmetricKeyDetails ?? {};
  if (key?.asymmetricKeyType === "rsa" && modulusLength !== undefined) return { kind: "RSA", bits: modulusLength };
  if (key?.asymmetricKeyType === "ec") return { kind: "EC", curve: curves[namedCurve] ?? namedCurve };
  return { kind: "other", name: key?.asymmetricKeyType ?? "unknown" };
}

/** Whether `issuer` signed `certificate`: the names fit, and the key verifies the signature. */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  if (certificate.issuer !== issuer.subject) return false;
  const key = publicKeyOf(new X509Certificate(issuer.der));
  return key !== undefined && new X509Certificate(certificate.der).verify(key);
}

/** Byte by byte: two certificates may share names, serial number and key, and a thumbprint may be made up. */
export const isIdentical = (one: { der: Uint8Array }, other: { der: Uint8Array }): boolean =>
  Buffer.compare(one.der, other.der) === 0;

/** Whether the certificate is for that public key: it carries the key's SPKI byte by byte. */
export const isForKey = (certificate: Certificate, publicKeyPem: string): boolean =>
  Buffer.from(certificate.der).includes(Buffer.from(publicKeyPem.replaceAll(/-----[^-]+-----|\s/g, ""), "base64"));

export const toPem = (certificate: Certificate): string => formatPem("CERTIFICATE", certificate.der);

/** SHA-1 of its public key, as the subject key identifier of RFC 5280 §4.2.1.2 (1); 40 upper-case hex digits. */
export function keyIdentifierOf(certificate: Certificate): string {
  const spki = new X509Certificate(certificate.der).publicKey.export({ type: "spki", format: "der" });
  const [, bits] = readSequence(spki);
  return createHash("sha1")
    .update(bits?.content.subarray(1) ?? "")
    .digest("hex")
    .toUpperCase();
}

/** What a certificate is made of, whoever signs it. */
export interface CertificateSpec {
  commonName: string;
  /** The whole name, where it has more parts than the common name. */
  subject?: SubjectName;
  /** DNS entries of the subject alternative name, in order. */
  domainNames: readonly string[];
  notBefore: Date;
  notAfter: Date;
  /** Its private half is needed where the certificate signs itself. */
  keyPair: SubjectKey;
}

/** The key that a certificate is for: one that only its holder has whole may come without its private half. */
export type SubjectKey = Pick<KeyPair, "kind" | "publicKeyPem"> & Partial<Pick<KeyPair, "privateKeyPem">>;

/** Who signs. */
export interface Issuer {
  certificate: Certificate;
  keyPair: KeyPair;
}

/** What it is for: a TLS server, both ends of mutual TLS, or signing certificates. */
export type CertificateProfile = "server" | "peer" | "authority";

/**
 * Builds and signs a certificate, with the key of its issuer or with its own; what is promised of it: `issueSelfSigned`,
 * `issueBy`, `foundAuthority`. The issuer's key must be of the same kind as the certificate's.
 */
export async function buildCertificate(
  spec: CertificateSpec,
  profile: CertificateProfile,
  issuer?: Issuer,
): Promise<Certificate> {
  const { keyPair } = spec;
  // The library would take the issuer's key for one of the other kind.
  if (issuer && issuer.keyPair.kind !== keyPair.kind)
    throw new Error(`An authority with an ${issuer.keyPair.kind} key cannot sign for an ${keyPair.kind} key`);
  const privateKey = keyPair.privateKeyPem ?? issuer?.keyPair.privateKeyPem; // under an issuer it is read and not used
  if (privateKey === undefined) throw new Error("A certificate that signs itself needs the whole key pair");
  // Loading it takes a tenth of a second: only those who issue pay.
  const { generate } = await import("selfsigned");
  // Names reach the library as object identifiers and the hex of their DER: no character of them can mean anything else.
  const subject = (spec.subject ?? justCommonName(spec.commonName)).map((attribute) => ({
    name: attribute.type,
    value: `#${Buffer.from(encodeNameValue(attribute)).toString("hex")}`,
  }));
  const { cert } = await generate(subject, {
    algorithm: "sha256", // its default is SHA-1
    keyType: keyPair.kind === "RSA" ? "rsa" : "ec",
    keyPair: { privateKey, publicKey: keyPair.publicKeyPem },
    notBeforeDate: spec.notBefore,
    notAfterDate: spec.notAfter,
    extensions: extensionsFor(profile, spec.domainNames),
    ...(issuer && { ca: { key: issuer.keyPair.privateKeyPem, cert: toPem(issuer.certificate) } }),
  });
  return parseCertificate(cert);
}

type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>["extensions"]>;

function extensionsFor(profile: CertificateProfile, domainNames: readonly string[]): Extensions {
  if (profile === "authority") {
    return [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ];
  }
  return [
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
    { name: "extKeyUsage", serverAuth: true, ...(profile === "peer" && { clientAuth: true }) },
    { name: "subjectAltName", altNames: domainNames.map((value) => ({ type: 2, value })) },
  ];
}
