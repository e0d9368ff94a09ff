import {
  type CertificateService,
  type CertificateStore,
  commonNameIn,
  justCommonName,
  type KeySource,
  parseSubject,
  type StoredCertificate,
  subjectOf,
  type WantedCertificate,
} from "../../certificates/index.ts";
import { isEdge, isHub, type ServerRole } from "../../directory/index.ts";
import type { WantedCertificateFields } from "../api/index.ts";

/** Of what a new certificate takes its names where none are given. */
interface Maker {
  name: string;
  fqdn: string;
  store: CertificateStore;
}

/**
 * What a new certificate may be used for where nothing is said. Source: [exchange-certificate-cmdlets] New-.
 * Inferred: SMTP is nobody's where there is no transport role, and nothing would be published for it.
 */
const defaultServices = (roles: readonly ServerRole[]): readonly CertificateService[] =>
  isHub({ roles }) || isEdge({ roles }) ? ["IMAP", "POP", "SMTP"] : ["IMAP", "POP"];

/**
 * What a new certificate, or a request, is to be: as given, else as the one that it is like, else as Exchange has it.
 * Throws CERT_SUBJECT_MALFORMED, CERT_THUMBPRINT_UNKNOWN.
 * Source: [exchange-certificate-cmdlets] New-, its defaults; that the CN is added to the names; [aa998327] Instance.
 */
export function wantedCertificate(
  { name, fqdn, store }: Maker,
  request: WantedCertificateFields,
  modules: { keys: KeySource; at: Date },
): WantedCertificate {
  const like = request.like === undefined ? undefined : store.get(request.like);
  const subject =
    request.subjectName === undefined
      ? like
        ? subjectOf(like)
        : justCommonName(name)
      : parseSubject(request.subjectName);
  const names = request.domainNames ?? like?.alternateNames ?? [name, fqdn];
  return {
    subject,
    domainNames: withName(commonNameIn(subject), names),
    friendlyName: request.friendlyName ?? like?.friendlyName ?? "Microsoft Exchange",
    privateKeyExportable: request.privateKeyExportable ?? like?.privateKeyExportable ?? false,
    keySize: request.keySize,
    ...modules,
  };
}

/** First, where it is not among them; a common name that is no host's stays out of them. */
const withName = (commonName: string | undefined, names: readonly string[]): readonly string[] =>
  commonName === undefined || !/^[\w*-]+(\.[\w-]+)*$/.test(commonName) || names.some((one) => isSame(one, commonName))
    ? names
    : [commonName, ...names];

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/**
 * The services of a new certificate. A renewed one has those of the old one.
 *
 * @param keepsIis false: a renewal leaves IIS where it was (docs/fidelity.md#renewal)
 */
export function wantedServices(
  services: readonly CertificateService[] | undefined,
  like: Pick<StoredCertificate, "services"> | undefined,
  keepsIis: boolean,
  roles: readonly ServerRole[],
): readonly CertificateService[] {
  if (services) return services;
  return like ? like.services.filter((service) => keepsIis || service !== "IIS") : defaultServices(roles);
}
