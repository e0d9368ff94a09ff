import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { settingsGiven } from "../definition/settings.ts";
import { checkTransportConfig, transportConfigOf, transportConfigParameters } from "./transport-config.ts";

export const setTransportConfig = defineCmdlet({
  verb: "Set",
  noun: "TransportConfig",
  synopsis: "Changes what holds for all transport servers of the organization.",
  source: "[set-transportconfig]",
  parameters: transportConfigParameters,
  shouldProcess: "medium",
  errors: ["COMMAND_DOMAIN_MALFORMED", "EDGE_MANAGED_BY_SUBSCRIPTION"],
  examples: [
    {
      line: "Set-TransportConfig -TLSSendDomainSecureList woodgrovebank.com",
      does: "Sends to a domain by Domain Security only.",
    },
  ],
  columns: [],
  async run({ server, shouldProcess }, given) {
    const config = { ...(await transportConfigOf(server)), ...settingsGiven(transportConfigParameters, given) };
    checkTransportConfig(config);
    if (await shouldProcess("Set-TransportConfig", "the organization"))
      await server.putConfiguration("transportConfig", config);
  },
});
