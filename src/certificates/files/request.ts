import { createHash, createPublicKey } from "node:crypto";
import { messageOf } from "../../base/index.ts";
import type { Certificate, PendingRequest } from "../certificate.ts";
import {
  context,
  contextBytes,
  element,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  yes,
} from "../der/der-write.ts";
import { derTags, readElements, readObjectIdentifier, readSequence } from "../der/der.ts";
import { formatPem, readPem } from "../der/pem.ts";
import { commonNameIn, decodeSubject, encodeSubject, formatSubject, type SubjectName } from "../der/subject.ts";
import { malformedRequest } from "../errors.ts";
import type { KeyPair } from "../keys.ts";
import { describeKey, type SubjectKey, withoutRepetition } from "../x509.ts";
import { isSignature, signedBy } from "./signing.ts";

/** A PKCS #10 request as read, its signature verified: whoever made it has the private key. */
export interface CertificateRequest {
  subject: SubjectName;
  /** DNS names that it asks for, in order. */
  alternateNames: readonly string[];
  /** CN and DNS names, without repetition. */
  certificateDomains: readonly string[];
  publicKeyPem: string;
  publicKey: Certificate["publicKey"];
  der: Uint8Array;
}

const oid = {
  extensionRequest: "1.2.840.113549.1.9.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  extendedKeyUsage: "2.5.29.37",
  serverAuthentication: "1.3.6.1.5.5.7.3.1",
} as const;

/**
 * Makes a request for a TLS server's certificate, signed with the key that it is for; PKCS #10, DER.
 * Source: RFC 2986 §4; what Exchange asks for: [aa998327].
 */
export const buildRequest = (request: {
  subject: SubjectName;
  domainNames: readonly string[];
  keyPair: KeyPair;
}): Uint8Array =>
  signedBy(
    request.keyPair,
    sequence(
      integer(0),
      encodeSubject(request.subject),
      spkiOf(request.keyPair.publicKeyPem),
      context(
        0,
        sequence(objectIdentifier(oid.extensionRequest), setOf(sequence(...extensionsFor(request.domainNames)))),
      ),
    ),
  );

const spkiOf = (publicKeyPem: string): Uint8Array => readPem(publicKeyPem)[0]?.der ?? new Uint8Array();

const digitalSignatureAndKeyEncipherment = element(0x03, Buffer.of(5, 0xa0));

const extensionsFor = (domainNames: readonly string[]): readonly Uint8Array[] => [
  sequence(objectIdentifier(oid.keyUsage), yes, octetString(digitalSignatureAndKeyEncipherment)),
  sequence(objectIdentifier(oid.extendedKeyUsage), octetString(sequence(objectIdentifier(oid.serverAuthentication)))),
  sequence(
    objectIdentifier(oid.subjectAltName),
    octetString(sequence(...domainNames.map((name) => contextBytes(2, Buffer.from(name, "latin1"))))),
  ),
];

export const requestToPem = (der: Uint8Array): string => formatPem("NEW CERTIFICATE REQUEST", der);

/** Reads a request, PEM or DER. Throws CERT_REQUEST_MALFORMED, also where its signature is not its own key's. */
export function parseRequest(file: Uint8Array): CertificateRequest {
  const pem = readPem(Buffer.from(file).toString("latin1")).find(({ label }) => /CERTIFICATE REQUEST$/.test(label));
  const der = pem?.der ?? file;
  try {
    return readRequest(der);
  } catch (failure) {
    throw malformedRequest(messageOf(failure), failure);
  }
}

function readRequest(der: Uint8Array): CertificateRequest {
  const [info, algorithm, signature] = readSequence(der);
  const isRequest = info?.tag === derTags.sequence && algorithm?.tag === derTags.sequence;
  if (!isRequest || signature?.tag !== derTags.bitString || signature.content[0] !== 0)
    throw new Error("it is no PKCS #10 request");
  const [, name, spki, attributes] = readElements(info.content);
  if (!name || !spki) throw new Error("it names nobody, or has no key");
  const key = createPublicKey({ key: Buffer.from(spki.whole), format: "der", type: "spki" });
  const publicKeyPem = key.export({ type: "spki", format: "pem" }).toString();
  const signed = readObjectIdentifier(readElements(algorithm.content)[0]);
  if (!isSignature(signature.content.subarray(1), info.whole, { publicKeyPem, algorithm: signed }))
    throw new Error("its signature is not made with the key in it");
  const subject = decodeSubject(name.whole);
  const alternateNames = dnsNamesOf(attributes?.content);
  const commonName = commonNameIn(subject);
  return {
    subject,
    alternateNames,
    certificateDomains: withoutRepetition(commonName === undefined ? alternateNames : [commonName, ...alternateNames]),
    publicKeyPem,
    publicKey: describeKey(key),
    der: new Uint8Array(der),
  };
}

/** `[0] SET OF Attribute`, whatever else is asked for left aside. */
function dnsNamesOf(attributes: Uint8Array | undefined): readonly string[] {
  for (const { whole } of attributes ? readElements(attributes) : []) {
    const [type, values] = readSequence(whole);
    if (!type || !values || readObjectIdentifier(type) !== oid.extensionRequest) continue;
    for (const extension of readSequence(values.content)) {
      const fields = readElements(extension.content);
      if (readObjectIdentifier(fields[0]) !== oid.subjectAltName) continue;
      const names = readSequence(fields.at(-1)?.content ?? new Uint8Array());
      return names.filter(({ tag }) => tag === 0x82).map(({ content }) => Buffer.from(content).toString("latin1"));
    }
  }
  return [];
}

/** A request as a store keeps it. Throws CERT_REQUEST_MALFORMED. */
export function pendingRequest(
  file: Uint8Array,
  beside: Pick<PendingRequest, "friendlyName" | "privateKeyExportable" | "requestedAt">,
): PendingRequest {
  const { der, subject, certificateDomains, publicKey } = parseRequest(file);
  const { friendlyName, privateKeyExportable, requestedAt } = beside;
  const thumbprint = createHash("sha1").update(der).digest("hex").toUpperCase();
  const shown = { thumbprint, subject: formatSubject(subject), certificateDomains, publicKey };
  return { ...shown, friendlyName, privateKeyExportable, requestedAt, der };
}

/** The key as an issuer needs it; undefined for a kind that no certificate here is issued for. */
export const subjectKeyOf = ({ publicKey, publicKeyPem }: CertificateRequest): SubjectKey | undefined => {
  if (publicKey.kind === "RSA") return { kind: "RSA", publicKeyPem };
  return publicKey.kind === "EC" && publicKey.curve === "P-256" ? { kind: "P-256", publicKeyPem } : undefined;
};
