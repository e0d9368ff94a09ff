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
import { buildSelfSigned, type SelfSignedSpec } from "./x509.ts";

/**
 * Issues a certificate that signs itself: for TLS servers, SHA-256, no authority, names exactly as given.
 * Throws CERT_NAME_UNUSABLE.
 *
 * Source: [bb851554]; usage fields from the 2016 edition of its properties. Ours: SHA-256 where Exchange signed with
 * SHA-1, which today's TLS libraries refuse (docs/fidelity.md#default-certificate).
 */
export async function issueSelfSigned(spec: SelfSignedSpec): Promise<Certificate> {
  if (!/^\P{Cc}{1,64}$/u.test(spec.commonName))
    throw unusableName("common name", spec.commonName, "1 to 64 characters without control characters");
  const unusable = spec.domainNames.find((name) => !/^[\x21-\x7e]{1,253}$/.test(name));
  if (unusable !== undefined) throw unusableName("domain name", unusable, "1 to 253 ASCII characters without spaces");

  const certificate = await buildSelfSigned(spec);
  if (!certificate.selfSigned)
    throw new Error(`The halves of the key pair for ${certificate.subject} do not belong together`);
  return certificate;
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
  const keyPair = await keys.lease();
  const certificate = await issueSelfSigned({
    commonName: server.name,
    domainNames: [server.name, server.fqdn],
    notBefore: at,
    notAfter: aYearAfter(at),
    keyPair,
  });
  return store.add(certificate, {
    key: keyPair,
    services,
    friendlyName: "Microsoft Exchange",
    privateKeyExportable: false,
    rootCaType: "Registry",
  });
}

/** The same day of the next year; 28 February after a leap day. */
function aYearAfter(at: Date): Date {
  const end = new Date(at);
  end.setUTCFullYear(at.getUTCFullYear() + 1);
  if (end.getUTCMonth() !== at.getUTCMonth()) end.setUTCDate(0);
  return end;
}
