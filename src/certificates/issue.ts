import type { ServerRole } from "../directory/index.ts";
import {
  type Certificate,
  type CertificateService,
  certificateServices,
  type StoredCertificate,
} from "./certificate.ts";
import { unusableName } from "./errors.ts";
import type { KeySource } from "./keys.ts";
import type { CertificateStore } from "./store.ts";
import { buildCertificate, type CertificateProfile, type CertificateSpec } from "./x509.ts";

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

const servicesByRole: Readonly<Record<ServerRole, readonly CertificateService[]>> = {
  HubTransport: ["SMTP"],
  EdgeTransport: ["SMTP"],
  ClientAccess: ["IIS", "POP", "IMAP"],
  UnifiedMessaging: ["UM"],
  Mailbox: [],
};

/**
 * What Setup enables a server's default certificate for; undefined where it makes none, on a Mailbox-only server.
 * Source: [bb851554]. Inferred: the sets of servers with one role.
 */
export function servicesForRoles(roles: readonly ServerRole[]): readonly CertificateService[] | undefined {
  const wanted = roles.flatMap((role) => servicesByRole[role]);
  return wanted.length === 0 ? undefined : certificateServices.filter((service) => wanted.includes(service));
}

/**
 * Does what Setup does on a new server: makes its default certificate and stores it. The caller publishes it.
 *
 * @param at lab time, the moment of installation: the certificate is valid from then, for a year of the calendar
 * @returns the certificate as stored, or undefined on a server that gets none
 * Source: [bb851554].
 */
export async function installDefaultCertificate(
  store: CertificateStore,
  server: { name: string; fqdn: string; roles: readonly ServerRole[] },
  keys: KeySource,
  at: Date,
): Promise<StoredCertificate | undefined> {
  const services = servicesForRoles(server.roles);
  if (!services) return undefined;
  return storeSelfSigned(store, {
    commonName: server.name,
    domainNames: [server.name, server.fqdn],
    services,
    friendlyName: "Microsoft Exchange",
    rootCaType: "Registry",
    keys,
    at,
  });
}

/**
 * Makes a self-signed certificate in a server's store, as `New-ExchangeCertificate` does. Whether it becomes the
 * internal transport certificate is the caller's affair.
 *
 * @param request `names` become the alternative names, the first the common name too; `at` is lab time: the certificate
 *   is valid from then, for a year of the calendar
 * Rejects CERT_NAME_UNUSABLE.
 * Source: [aa998327]. Ours: the subject is the first name, since there is no SubjectName to give.
 */
export function makeSelfSigned(
  store: CertificateStore,
  request: {
    names: readonly string[];
    services: readonly CertificateService[];
    friendlyName: string;
    keys: KeySource;
    at: Date;
  },
): Promise<StoredCertificate> {
  const { names, ...rest } = request;
  return storeSelfSigned(store, { commonName: names[0] ?? "", domainNames: names, rootCaType: "None", ...rest });
}

async function storeSelfSigned(
  store: CertificateStore,
  {
    keys,
    at,
    services,
    friendlyName,
    rootCaType,
    ...names
  }: Pick<CertificateSpec, "commonName" | "domainNames"> &
    Pick<StoredCertificate, "services" | "friendlyName" | "rootCaType"> & { keys: KeySource; at: Date },
): Promise<StoredCertificate> {
  checkNames(names); // before a key is spent on them
  const key = await keys.lease();
  const certificate = await issueSelfSigned({ ...names, ...yearFrom(at), keyPair: key });
  return store.add(certificate, { key, services, friendlyName, privateKeyExportable: false, rootCaType });
}

/** The validity that Exchange gives: until the same day of the next year; 28 February after a leap day. */
export function yearFrom(at: Date): { notBefore: Date; notAfter: Date } {
  const notAfter = new Date(at);
  notAfter.setUTCFullYear(at.getUTCFullYear() + 1);
  if (notAfter.getUTCMonth() !== at.getUTCMonth()) notAfter.setUTCDate(0);
  return { notBefore: at, notAfter };
}
