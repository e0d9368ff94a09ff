import type { CertificateView } from "../lab/index.ts";
import { defineCmdlet } from "./define-cmdlet.ts";
import { certificateColumns, certificateOf, hasThumbprint, shownCertificate } from "./exchange-certificate.ts";
import { same } from "./same.ts";

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
  columns: certificateColumns,
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
    if (Thumbprint !== undefined) await certificateOf(server, Thumbprint); // an unknown one is an error, not nothing
    for (const certificate of await server.exchangeCertificates())
      if (Thumbprint === undefined || hasThumbprint(certificate, Thumbprint))
        if (isForOneOf(certificate, DomainName)) yield shownCertificate(certificate);
  },
});

const isForOneOf = (candidate: CertificateView, names: readonly string[] | undefined): boolean =>
  names === undefined || names.some((name) => candidate.certificateDomains.some((own) => same(own, name)));
