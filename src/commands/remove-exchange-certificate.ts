import { defineCmdlet } from "./define-cmdlet.ts";
import { certificateOf } from "./exchange-certificate.ts";

export const removeExchangeCertificate = defineCmdlet({
  verb: "Remove",
  noun: "ExchangeCertificate",
  synopsis: "Removes a certificate from the store of the server it runs on; not the one that the directory publishes.",
  source: "[exchange-certificate-cmdlets]",
  parameters: { Thumbprint: { type: "string", position: 0, mandatory: true, help: "The certificate" } },
  shouldProcess: "high",
  columns: [],
  async run({ server, shouldProcess }, { Thumbprint }) {
    const { thumbprint } = await certificateOf(server, Thumbprint);
    if (await shouldProcess("Remove-ExchangeCertificate", thumbprint))
      await server.removeExchangeCertificate(thumbprint);
  },
});
