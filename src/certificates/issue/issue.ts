import type { Certificate, CertificateService, PendingRequest, StoredCertificate } from "../certificate.ts";
import { commonNameIn, justCommonName, type SubjectName } from "../der/subject.ts";
import { unusableName } from "../errors.ts";
import type { KeySize, KeySource } from "../keys.ts";
import type { CertificateStore } from "../store/store.ts";
import { buildCertificate, type CertificateProfile, type CertificateSpec } from "../x509.ts";

/**
 * Issues a certificate that signs itself: for TLS servers, SHA-256, no authority, names exactly as given.
 * Throws CERT_NAME_UNUSABLE.
 *
 * Source: [bb851554]; usage fields from the 2016 edition of its properties. Ours: SHA-256 where Exchange signed with
 * SHA-1, which today's TLS libraries refuse (docs/fidelity.md#default-certificate).
 */
export async function issueSelfSigned(
  spec: CertificateSpec,
  profile: CertificateProfile = "server",
): Promise<Certificate> {
  checkNames(spec);
  const certificate = await buildCertificate(spec, profile);
  if (!certificate.selfSigned)
    throw new Error(`The halves of the key pair for ${certificate.subject} do not belong together`);
  return certificate;
}

/** Throws CERT_NAME_UNUSABLE. */
export function checkNames({ commonName, domainNames }: Pick<CertificateSpec, "commonName" | "domainNames">): void {
  if (!/^\P{Cc}{1,64}$/u.test(commonName))
    throw unusableName("common name", commonName, "1 to 64 characters without control characters");
  const unusable = domainNames.find((name) => !/^[\x21-\x7e]{1,253}$/.test(name));
  if (unusable !== undefined) throw unusableName("domain name", unusable, "1 to 253 ASCII characters without spaces");
}

/**
 * Does what Setup does on a new server: makes its default certificate and stores it. The caller publishes it.
 *
 * @param server `services` as `decideSetupCertificate` has them
 * @param at lab time, the moment of installation: the certificate is valid from then, for a year of the calendar
 * Source: [bb851554].
 */
export async function installDefaultCertificate(
  store: CertificateStore,
  server: { name: string; fqdn: string; services: readonly CertificateService[] },
  keys: KeySource,
  at: Date,
): Promise<StoredCertificate> {
  return storeSelfSigned(store, {
    subject: justCommonName(server.name),
    domainNames: [server.name, server.fqdn],
    services: server.services,
    friendlyName: "Microsoft Exchange",
    privateKeyExportable: false,
    keySize: undefined,
    rootCaType: "Registry",
    keys,
    at,
  });
}

/** What is asked of a new certificate, by whoever it is to be signed. */
export interface WantedCertificate {
  subject: SubjectName;
  /** DNS entries of the alternative name, in order. */
  domainNames: readonly string[];
  friendlyName: string;
  privateKeyExportable: boolean;
  /** Undefined: what the lab's keys are. */
  keySize: KeySize | undefined;
  keys: KeySource;
  /** Lab time. */
  at: Date;
}

/**
 * Makes a self-signed certificate in a server's store, as `New-ExchangeCertificate` does, valid from `at` for a year of the
 * calendar. Whether it becomes the internal transport certificate is the caller's affair.
 *
 * Rejects CERT_NAME_UNUSABLE.
 * Source: [aa998327].
 */
export const makeSelfSigned = (
  store: CertificateStore,
  wanted: WantedCertificate & { services: readonly CertificateService[] },
): Promise<StoredCertificate> => storeSelfSigned(store, { rootCaType: "None", ...wanted });

/**
 * Makes a request for a certificate in a server's store, as `New-ExchangeCertificate -GenerateRequest` does; its key waits
 * there for the answer. Rejects CERT_NAME_UNUSABLE.
 * Source: [aa998327].
 */
export async function makeRequest(
  store: CertificateStore,
  { subject, domainNames, keySize, keys, at, ...beside }: WantedCertificate,
): Promise<PendingRequest> {
  checkNames({ commonName: commonNameIn(subject) ?? "", domainNames }); // before a key is spent on them
  const keyPair = await keys.lease(keySize);
  return store.request({ subject, domainNames, keyPair, requestedAt: at, ...beside });
}

async function storeSelfSigned(
  store: CertificateStore,
  wanted: WantedCertificate & Pick<StoredCertificate, "services" | "rootCaType">,
): Promise<StoredCertificate> {
  const { subject, domainNames, keySize, keys, at, ...beside } = wanted;
  const names = { commonName: commonNameIn(subject) ?? "", subject, domainNames };
  checkNames(names); // before a key is spent on them
  const key = await keys.lease(keySize);
  const certificate = await issueSelfSigned({ ...names, ...yearFrom(at), keyPair: key });
  return store.add(certificate, { key, ...beside });
}

/** The validity that Exchange gives: until the same day of the next year; 28 February after a leap day. */
export function yearFrom(at: Date): { notBefore: Date; notAfter: Date } {
  const notAfter = new Date(at);
  notAfter.setUTCFullYear(at.getUTCFullYear() + 1);
  if (notAfter.getUTCMonth() !== at.getUTCMonth()) notAfter.setUTCDate(0);
  return { notBefore: at, notAfter };
}
