import { defineCmdlet } from "./define-cmdlet.ts";
import { certificateOf, confirmDefaultSmtp, serviceNames, servicesOf } from "./exchange-certificate.ts";

export const enableExchangeCertificate = defineCmdlet({
  verb: "Enable",
  noun: "ExchangeCertificate",
  synopsis: "Has services use a certificate; none is ever taken away.",
  source: "[exchange-certificate-cmdlets]",
  parameters: {
    Thumbprint: { type: "string", position: 0, mandatory: true, help: "The certificate" },
    Services: { type: "enumList", values: serviceNames, mandatory: true, help: "What may use it from now on too" },
    Force: { type: "switch", help: "Says yes where the default SMTP certificate would be replaced" },
  },
  shouldProcess: "medium",
  columns: [],
  async run(context, { Thumbprint, Services, Force }) {
    const services = servicesOf(Services);
    const certificate = await certificateOf(context.server, Thumbprint);
    if (!(await context.shouldProcess("Enable-ExchangeCertificate", certificate.thumbprint))) return;
    // Whoever says no still gets a certificate that SMTP may use. Source: [exchange-certificate-cmdlets].
    const takesPlace =
      services.includes("SMTP") && (Force === true || (await confirmDefaultSmtp(context, certificate)));
    await context.server.enableExchangeCertificate({
      thumbprint: certificate.thumbprint,
      services,
      overwriteDefault: takesPlace,
    });
  },
});
