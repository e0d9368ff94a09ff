import { X509Certificate, type KeyObject } from "node:crypto";
import type { Certificate } from "./certificate.ts";
import { commonNameOf, encodeNameValue, formatDistinguishedName } from "./distinguished-name.ts";
import { malformedCertificate } from "./errors.ts";
import type { KeyPair } from "./keys.ts";

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
    notBefore: new Date(x509.validFrom),
    notAfter: new Date(x509.validTo),
    certificateDomains: withoutRepetition(commonName === undefined ? alternateNames : [commonName, ...alternateNames]),
    alternateNames,
    publicKey: describeKey(key),
    enhancedKeyUsage: x509.keyUsage,
    x509Version: versionOf(x509.raw),
    // `checkIssued` says no where key usage lacks keyCertSign, which Exchange's certificates do.
    selfSigned: x509.issuer === x509.subject && key !== undefined && x509.verify(key),
    isCertificateAuthority: x509.ca,
    der: new Uint8Array(x509.raw),
  };
}

/** The DNS entries of `DNS:a, IP Address:…, DNS:"b"`; a value with special characters is a JSON string. */
const dnsNamesOf = (subjectAltName: string): string[] =>
  [...subjectAltName.matchAll(/(?:^|, )([A-Za-z ]+):("(?:\\.|[^"\\])*"|[^,]*)/g)]
    .filter(([, type]) => type === "DNS")
    .map(([, , value = ""]) => (value.startsWith('"') ? (JSON.parse(value) as string) : value));

const withoutRepetition = (names: readonly string[]): string[] =>
  names.filter((name, index) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === index);

function publicKeyOf(x509: X509Certificate): KeyObject | undefined {
  try {
    return x509.publicKey;
  } catch {
    return undefined; // an algorithm that this Node does not know
  }
}

const curves: Readonly<Record<string, string>> = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };

function describeKey(key: KeyObject | undefined): Certificate["publicKey"] {
  const { modulusLength, namedCurve = "" } = key?.asymmetricKeyDetails ?? {};
  if (key?.asymmetricKeyType === "rsa" && modulusLength !== undefined) return { kind: "RSA", bits: modulusLength };
  if (key?.asymmetricKeyType === "ec") return { kind: "EC", curve: curves[namedCurve] ?? namedCurve };
  return { kind: "other", name: key?.asymmetricKeyType ?? "unknown" };
}

/** The version field, which Node does not show: `[0] { INTEGER v }` first in the signed part, absent in version 1. */
function versionOf(der: Uint8Array): number {
  const signedPart = contentStart(der, 0);
  const first = contentStart(der, signedPart);
  return der[first] === 0xa0 ? (der[first + 4] ?? 0) + 1 : 1;
}

/** Where the content of the DER element at `offset` begins. */
function contentStart(der: Uint8Array, offset: number): number {
  const length = der[offset + 1] ?? 0;
  return offset + 2 + (length > 0x7f ? length & 0x7f : 0);
}

/** Whether `issuer` signed `certificate`: the names fit, and the key verifies the signature. */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  if (certificate.issuer !== issuer.subject) return false;
  const key = publicKeyOf(new X509Certificate(issuer.der));
  return key !== undefined && new X509Certificate(certificate.der).verify(key);
}

/** Whether the certificate is for that public key: it carries the key's SPKI byte by byte. */
export const isForKey = (certificate: Certificate, publicKeyPem: string): boolean =>
  Buffer.from(certificate.der).includes(Buffer.from(publicKeyPem.replaceAll(/-----[^-]+-----|\s/g, ""), "base64"));

export function toPem(certificate: Certificate): string {
  const lines =
    Buffer.from(certificate.der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** What a self-signed server certificate is made of. */
export interface SelfSignedSpec {
  commonName: string;
  /** DNS entries of the subject alternative name, in order. */
  domainNames: readonly string[];
  notBefore: Date;
  notAfter: Date;
  keyPair: KeyPair;
}

/** Builds and signs an end-entity certificate for TLS servers; what it promises: `issueSelfSigned`. */
export async function buildSelfSigned(spec: SelfSignedSpec): Promise<Certificate> {
  // Loading it takes a tenth of a second: only those who issue pay.
  const { generate } = await import("selfsigned");
  const { cert } = await generate([{ name: "commonName", value: encodeNameValue(spec.commonName) }], {
    algorithm: "sha256", // its default is SHA-1
    keyType: spec.keyPair.kind === "RSA" ? "rsa" : "ec",
    keyPair: { privateKey: spec.keyPair.privateKeyPem, publicKey: spec.keyPair.publicKeyPem },
    notBeforeDate: spec.notBefore,
    notAfterDate: spec.notAfter,
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: spec.domainNames.map((value) => ({ type: 2, value })) },
    ],
  });
  return parseCertificate(cert);
}
