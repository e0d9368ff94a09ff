import { defineCmdlet } from "./define-cmdlet.ts";
import { certificateOf, domainController, oneThumbprint } from "./exchange-certificate.ts";

export const removeExchangeCertificate = defineCmdlet({
  verb: "Remove",
  noun: "ExchangeCertificate",
  synopsis:
    "Removes a certificate, or a request that waits, from the store of the server it runs on; not the one that the directory publishes.",
  source: "[exchange-certificate-cmdlets]",
  shouldProcess: "high",
  parameters: { Thumbprint: oneThumbprint, DomainController: domainController },
  columns: [],
  async run({ server, shouldProcess }, { Thumbprint }) {
    const { thumbprint } = await certificateOf(server, Thumbprint);
    if (await shouldProcess("Remove-ExchangeCertificate", thumbprint))
      await server.removeExchangeCertificate(thumbprint);
  },
});
