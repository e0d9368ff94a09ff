import type { CertificateService } from "../certificates/index.ts";
import type { CertificateView, ServerApi } from "../lab/index.ts";
import { formatDate } from "./date.ts";
import type { CmdletContext } from "./define-cmdlet.ts";
import { thumbprintUnknown } from "./errors.ts";
import { formatFlags } from "./settings.ts";

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

/** What may use a new certificate where nothing is said. Source: [exchange-certificate-cmdlets]. */
export const defaultServices = ["IMAP", "POP", "SMTP"] as const;

/** The services that `-Services` means: None adds nothing. */
export const servicesOf = (names: readonly (typeof serviceNames)[number][]): CertificateService[] =>
  names.filter((name) => name !== "None");

/** The columns begin at 0, 42 and 53. Source: [get-exchangecertificate-2010], its example. */
export const certificateColumns = [
  { property: "Thumbprint", width: 41 },
  { property: "ServicesStringForm", label: "Services", width: 10 },
  { property: "Subject" },
];

/** The certificate of that thumbprint in the server's store; rejects COMMAND_THUMBPRINT_UNKNOWN. */
export async function certificateOf(server: ServerApi, thumbprint: string): Promise<CertificateView> {
  const held = await server.exchangeCertificates();
  const found = held.find((candidate) => hasThumbprint(candidate, thumbprint));
  if (found) return found;
  throw thumbprintUnknown(thumbprint, server.name, held.length);
}

export const hasThumbprint = (candidate: CertificateView, wanted: string): boolean =>
  candidate.thumbprint === wanted.toUpperCase();

/**
 * Asks whether the default SMTP certificate may be replaced, where it is another one; rejects COMMAND_CONFIRMATION_NEEDED
 * where nobody can be asked. Source: [exchange-certificate-cmdlets], the words.
 *
 * @param next the certificate in its place; undefined for one that is still to be made
 */
export async function confirmDefaultSmtp(
  { server, ask }: CmdletContext,
  next: CertificateView | undefined,
): Promise<boolean> {
  const current = (await server.exchangeCertificates()).find(({ internalTransport }) => internalTransport);
  if (current === undefined || current.thumbprint === next?.thumbprint) return true;
  return ask({
    caption: "Overwrite the existing default SMTP certificate?",
    message: [
      `Current certificate: ${inQuestion(current)}`,
      `Replace it with certificate: ${next === undefined ? "the one to be made (valid for one year)" : inQuestion(next)}`,
    ].join("\n"),
    remedy: "Add -Force to say yes, or leave SMTP out of -Services",
  });
}

const inQuestion = ({ thumbprint, notAfter }: CertificateView): string =>
  `'${thumbprint}' (expires ${formatDate(notAfter)})`;

/** As `Get-ExchangeCertificate` shows it. */
export const shownCertificate = (certificate: CertificateView): object => ({
  CertificateDomains: certificate.certificateDomains,
  FriendlyName: certificate.friendlyName,
  HasPrivateKey: certificate.hasPrivateKey,
  // Ours: Exchange has no property that says which certificate the directory publishes for the server.
  InternalTransport: certificate.internalTransport,
  IsSelfSigned: certificate.isSelfSigned,
  Issuer: certificate.issuer,
  NotAfter: certificate.notAfter,
  NotBefore: certificate.notBefore,
  PrivateKeyExportable: certificate.privateKeyExportable,
  PublicKeySize: certificate.publicKeySize,
  RootCAType: certificate.rootCaType,
  SerialNumber: certificate.serialNumber,
  Services: formatFlags(serviceLetters.map(([name]) => name).filter((name) => certificate.services.includes(name))),
  ServicesStringForm: serviceLetters
    .map(([name, letter]) => (certificate.services.includes(name) ? letter : "."))
    .join(""),
  Status: certificate.status,
  Subject: certificate.subject,
  Thumbprint: certificate.thumbprint,
});
