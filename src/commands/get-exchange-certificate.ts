import type { CertificateView } from "../lab/index.ts";
import { defineCmdlet } from "./define-cmdlet.ts";
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

export const getExchangeCertificate = defineCmdlet({
  verb: "Get",
  noun: "ExchangeCertificate",
  synopsis: "Shows the certificates in the store of the server it runs on.",
  source: "[bb124950]",
  parameters: {
    Thumbprint: { type: "string", position: 0, help: "Only the certificate with this thumbprint" },
    DomainName: {
      type: "stringList",
      help: "Only certificates for one of these names; the first shown is the one a connector of that name would choose",
    },
  },
  // The columns begin at 0, 42 and 53. Source: [get-exchangecertificate-2010], its example.
  columns: [
    { property: "Thumbprint", width: 41 },
    { property: "ServicesStringForm", label: "Services", width: 10 },
    { property: "Subject" },
  ],
  listed: [
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
  async *run({ server }, { Thumbprint, DomainName }) {
    const held = await server.exchangeCertificates();
    const found = held.filter((candidate) => hasThumbprint(candidate, Thumbprint) && isForOneOf(candidate, DomainName));
    if (Thumbprint !== undefined && !held.some((candidate) => hasThumbprint(candidate, Thumbprint)))
      throw thumbprintUnknown(Thumbprint, server.name, held.length);
    for (const certificate of found) yield shownCertificate(certificate);
  },
});

const hasThumbprint = (candidate: CertificateView, wanted: string | undefined): boolean =>
  wanted === undefined || candidate.thumbprint === wanted.toUpperCase();

function isForOneOf(candidate: CertificateView, names: readonly string[] | undefined): boolean {
  const own = candidate.certificateDomains.map((name) => name.toLowerCase());
  return names === undefined || names.some((name) => own.includes(name.toLowerCase()));
}

const shownCertificate = (certificate: CertificateView): object => ({
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
