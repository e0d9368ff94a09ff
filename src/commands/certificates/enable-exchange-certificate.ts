import { defineCmdlet } from "../definition/define-cmdlet.ts";
import {
  certificateOf,
  confirmDefaultSmtp,
  checkDomainController,
  domainController,
  oneThumbprint,
  preview,
  serviceNames,
  servicesOf,
  warnIfInvalid,
} from "./exchange-certificate.ts";

export const enableExchangeCertificate = defineCmdlet({
  verb: "Enable",
  noun: "ExchangeCertificate",
  synopsis: "Has services use a certificate; none is ever taken away, except that IIS has one certificate only.",
  source: "[exchange-certificate-cmdlets]",
  shouldProcess: "medium",
  parameters: {
    Thumbprint: { ...oneThumbprint, help: "The certificate" },
    Services: { type: "enumList", values: serviceNames, mandatory: true, help: "What may use it from now on too" },
    Force: {
      type: "switch",
      basis: "inferred",
      help: "Says yes where the default SMTP certificate would be replaced",
    },
    DomainController: domainController,
  },
  asks: [
    "`Overwrite the existing default SMTP certificate?` where another certificate is the default, unless `-Force` is given; No leaves the default as it is.",
  ],
  errors: [
    "COMMAND_THUMBPRINT_UNKNOWN",
    "COMMAND_CONFIRMATION_NEEDED",
    "CERT_PRIVATE_KEY_MISSING",
    "CERT_REQUEST_WAITS",
    "CERT_NOT_FOR_EXCHANGE",
    "CERT_WILDCARD_SERVICE",
  ],
  examples: [
    {
      line: "Enable-ExchangeCertificate -Thumbprint 6F029E0D20605DB1233016B787C4503FD0002C01 -Services iis,pop,imap",
      does: "Has the web site, POP and IMAP use that certificate.",
    },
  ],
  columns: [],
  async run(context, { Thumbprint, Services, Force, DomainController }) {
    const { server, shouldProcess } = context;
    checkDomainController("Enable-ExchangeCertificate", server, DomainController);
    const services = servicesOf(Services);
    const certificate = await certificateOf(server, Thumbprint);
    const { thumbprint } = certificate;
    await preview(context, { kind: "enable", wanted: { thumbprint, services } });
    warnIfInvalid(context, certificate);
    if (!(await shouldProcess("Enable-ExchangeCertificate", thumbprint))) return;
    // Whoever says no still gets a certificate that SMTP may use. Source: [exchange-certificate-cmdlets].
    const overwriteDefault =
      services.includes("SMTP") && (Force === true || (await confirmDefaultSmtp(context, certificate)));
    await server.enableExchangeCertificate({ thumbprint, services, overwriteDefault });
  },
});
