import type { CertificateService } from "../../certificates/index.ts";
import { isEdge } from "../../directory/index.ts";
import { type CertificateChange, type CertificateView, readThumbprint, type ServerApi } from "../../lab/index.ts";
import { formatDate } from "../definition/date.ts";
import type { CmdletContext } from "../definition/define-cmdlet.ts";
import { parameterNotHere } from "../definition/errors.ts";
import { notACertificate, thumbprintUnknown } from "./errors.ts";
import type { ParameterSpecs } from "../definition/parameter.ts";
import { formatFlags } from "../definition/settings.ts";

/** One position per service; an unset one is a dot. Source: [get-exchangecertificate-2010], shortened to the services of 2007. */
const serviceLetters = [
  ["IMAP", "I"],
  ["POP", "P"],
  ["UM", "U"],
  ["IIS", "W"],
  ["SMTP", "S"],
] as const;

/** What `-Services` may say. Source: [aa998327]. */
export const serviceNames = ["None", ...serviceLetters.map(([name]) => name)] as const;

/** The services that `-Services` means: None adds nothing. */
export const servicesOf = (names: readonly (typeof serviceNames)[number][]): CertificateService[] =>
  names.filter((name) => name !== "None");

/** The columns begin at 0, 42 and 53. Source: [get-exchangecertificate-2010], its example. */
const columns = [
  { property: "Thumbprint", width: 41 },
  { property: "ServicesStringForm", label: "Services", width: 10 },
  { property: "Subject" },
];

/** How every cmdlet that yields one shows it. Source: [get-exchangecertificate-2010], its lists of properties. */
export const certificateTable = {
  columns,
  kindBy: "ServicesStringForm",
  listed: [
    "AccessRules",
    "CertificateDomains",
    "HasPrivateKey",
    "IsSelfSigned",
    "Issuer",
    "NotAfter",
    "NotBefore",
    "PublicKeySize",
    "RootCAType",
    "SerialNumber",
    "Services",
    "Status",
    "Subject",
    "Thumbprint",
  ],
};

/** The certificate of that thumbprint in the server's store; rejects COMMAND_THUMBPRINT_UNKNOWN. */
export async function certificateOf(server: ServerApi, thumbprint: string): Promise<CertificateView> {
  const held = await server.exchangeCertificates();
  const found = held.find((candidate) => hasThumbprint(candidate, thumbprint));
  if (found) return found;
  throw thumbprintUnknown(thumbprint, server.name, held.length);
}

/** Refuses before anything is asked or promised what would be refused in the end; tells what would come of it. */
export async function preview({ server, verbose }: CmdletContext, change: CertificateChange): Promise<void> {
  for (const line of await server.previewCertificateChange(change)) verbose(line);
}

/** What Exchange says of a certificate that it takes all the same. */
export function warnIfInvalid({ warning }: CmdletContext, { thumbprint, invalidity }: CertificateView): void {
  if (!invalidity) return;
  const end = invalidity.refused ? "No service can be enabled for it" : "It is taken all the same";
  warning(
    `The certificate with thumbprint ${thumbprint} is not valid for use with Exchange Server (reason: ${invalidity.reason}). ${end}.`,
  );
}

/** Spaces and case do not matter: thumbprints are taken as people paste them. */
export const hasThumbprint = (candidate: CertificateView, wanted: string): boolean =>
  candidate.thumbprint === readThumbprint(wanted);

/** The certificate that a cmdlet is about, by its thumbprint or from the pipeline. */
export const oneThumbprint = {
  type: "string",
  position: 0,
  mandatory: true,
  fromPipeline: "both",
  help: "The certificate, or a request that waits",
} as const satisfies ParameterSpecs[string];

/** Of a cmdlet that writes to Active Directory. */
export const domainController = {
  type: "string",
  help: "Not on an Edge Transport server. Taken for the sake of scripts: there is one directory, and it is always the one written to",
} as const satisfies ParameterSpecs[string];

/** An Edge server writes to its own ADAM only. Throws COMMAND_PARAMETER_NOT_ON_THIS_ROLE. Source: [aa998327]. */
export function checkDomainController(cmdlet: string, server: ServerApi, given: string | undefined): void {
  if (given !== undefined && isEdge(server))
    throw parameterNotHere(cmdlet, "DomainController", server.name, "servers of the organization");
}

/** The certificate that an object of the pipeline stands for; rejects COMMAND_NOT_A_CERTIFICATE, COMMAND_THUMBPRINT_UNKNOWN. */
export function certificateOfObject(server: ServerApi, instance: object): Promise<CertificateView> {
  const thumbprint: unknown = Reflect.get(instance, "Thumbprint");
  if (typeof thumbprint !== "string") throw notACertificate("Instance");
  return certificateOf(server, thumbprint);
}

/**
 * Asks whether a certificate may take the place of the default SMTP certificate, where that is another one. Rejects
 * COMMAND_CONFIRMATION_NEEDED where nobody can be asked.
 * Source: [exchange-certificate-cmdlets], the lines; which edition wrote them how is told in docs/fidelity.md#prompts.
 */
export async function confirmDefaultSmtp({ server, ask }: CmdletContext, next: CertificateView): Promise<boolean> {
  const current = (await server.exchangeCertificates()).find(({ internalTransport }) => internalTransport);
  if (current === undefined || current.thumbprint === next.thumbprint) return true;
  return ask({
    caption: overwriteQuestions[server.overwriteQuestion],
    message: [`Current certificate: ${inQuestion(current)}`, `Replace it with certificate: ${inQuestion(next)}`].join(
      "\n",
    ),
    remedy: "Add -Force to say yes, or leave SMTP out of -Services",
  });
}

/** Sources disagree on the words: docs/fidelity.md#where-sources-disagree. */
const overwriteQuestions: Readonly<Record<ServerApi["overwriteQuestion"], string>> = {
  "the-existing": "Overwrite the existing default SMTP certificate?",
  existing: "Overwrite existing default SMTP certificate?",
};

const inQuestion = ({ thumbprint, notAfter }: CertificateView): string =>
  `'${thumbprint}' (expires ${formatDate(notAfter)})`;

const usageNames: Readonly<Record<string, string>> = {
  "1.3.6.1.5.5.7.3.1": "Server Authentication",
  "1.3.6.1.5.5.7.3.2": "Client Authentication",
};

/** As .NET prints an object that has no words of its own. Source: [get-exchangecertificate-2010], its list of properties. */
const typeName = (name: string): string => `System.Security.Cryptography.${name}`;

/** Who may use a private key, by number: the system, the administrators, and for SMTP the Network Service. */
const accessRules = ({ hasPrivateKey, services }: CertificateView): string[] =>
  hasPrivateKey
    ? Array<string>(services.includes("SMTP") ? 3 : 2).fill("System.Security.AccessControl.CryptoKeyAccessRule")
    : [];

const isPending = ({ status }: CertificateView): boolean => status === "PendingRequest";

/** As `Get-ExchangeCertificate` shows it; the key itself is in none of it. Source: [get-exchangecertificate-2010]. */
export const shownCertificate = (certificate: CertificateView, { name }: Pick<ServerApi, "name">): object => ({
  AccessRules: accessRules(certificate),
  Archived: false,
  CertificateDomains: certificate.certificateDomains,
  CertificateRequest: isPending(certificate) ? Buffer.from(certificate.der).toString("base64") : null,
  DnsNameList: certificate.certificateDomains,
  EnhancedKeyUsageList: certificate.enhancedKeyUsage.map((id) => (usageNames[id] ? `${usageNames[id]} (${id})` : id)),
  FriendlyName: certificate.friendlyName,
  HasPrivateKey: certificate.hasPrivateKey,
  IISServices: certificate.services.includes("IIS") ? [`IIS://${name}/W3SVC/1`] : [],
  // Ours: Exchange has no property that says which certificate the directory publishes for the server.
  InternalTransport: certificate.internalTransport,
  IsSelfSigned: certificate.isSelfSigned,
  Issuer: certificate.issuer,
  IssuerName: typeName("X509Certificates.X500DistinguishedName"),
  KeyIdentifier: certificate.keyIdentifier,
  NotAfter: certificate.notAfter,
  NotBefore: certificate.notBefore,
  // Inferred: .NET 2.0 has no object for a key that is not RSA, and shows nothing.
  PrivateKey:
    certificate.hasPrivateKey && certificate.keyAlgorithm === "RSA" ? typeName("RSACryptoServiceProvider") : null,
  PrivateKeyExportable: certificate.privateKeyExportable,
  PublicKey: typeName("X509Certificates.PublicKey"),
  PublicKeySize: certificate.publicKeySize,
  RawData: isPending(certificate) ? [] : [...certificate.der],
  RootCAType: certificate.rootCaType,
  SendAsTrustedIssuer: false,
  SerialNumber: certificate.serialNumber,
  Services: formatFlags(serviceLetters.map(([service]) => service).filter((one) => certificate.services.includes(one))),
  ServicesStringForm: serviceLetters
    .map(([service, letter]) => (certificate.services.includes(service) ? letter : "."))
    .join(""),
  SignatureAlgorithm: typeName("Oid"),
  Status: certificate.status,
  Subject: certificate.subject,
  SubjectKeyIdentifier: certificate.keyIdentifier,
  SubjectName: typeName("X509Certificates.X500DistinguishedName"),
  Thumbprint: certificate.thumbprint,
  Version: certificate.x509Version,
});
