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
  columns: [],
  async run({ server }, { Thumbprint, Services, Force }) {
    const services = servicesOf(Services);
    const takesPlace = services.includes("SMTP");
    const certificate = await certificateOf(server, Thumbprint);
    if (takesPlace && Force !== true) await confirmDefaultSmtp(server, certificate);
    await server.enableExchangeCertificate({
      thumbprint: certificate.thumbprint,
      services,
      overwriteDefault: takesPlace,
    });
  },
});
