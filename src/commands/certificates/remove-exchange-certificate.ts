import { defineCmdlet } from "../definition/define-cmdlet.ts";
import {
  certificateOf,
  checkDomainController,
  domainController,
  oneThumbprint,
  preview,
} from "./exchange-certificate.ts";

export const removeExchangeCertificate = defineCmdlet({
  verb: "Remove",
  noun: "ExchangeCertificate",
  synopsis:
    "Removes a certificate, or a request that waits, from the store of the server it runs on; not the one that the directory publishes.",
  source: "[exchange-certificate-cmdlets]",
  shouldProcess: "high",
  parameters: { Thumbprint: oneThumbprint, DomainController: domainController },
  errors: ["COMMAND_THUMBPRINT_UNKNOWN", "COMMAND_CONFIRMATION_NEEDED", "CERT_IN_USE"],
  examples: [
    {
      line: "Remove-ExchangeCertificate 6F029E0D20605DB1233016B787C4503FD0002C01",
      does: "Removes it, once the question is answered.",
    },
  ],
  columns: [],
  async run(context, { Thumbprint, DomainController }) {
    const { server, shouldProcess } = context;
    checkDomainController("Remove-ExchangeCertificate", server, DomainController);
    const { thumbprint } = await certificateOf(server, Thumbprint);
    await preview(context, { kind: "remove", wanted: { thumbprint } });
    if (await shouldProcess("Remove-ExchangeCertificate", thumbprint))
      await server.removeExchangeCertificate(thumbprint);
  },
});
