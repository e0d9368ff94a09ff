import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { settingsGiven } from "../definition/settings.ts";
import { transportParameters } from "./transport-settings.ts";

export const setTransportServer = defineCmdlet({
  verb: "Set",
  noun: "TransportServer",
  synopsis: "Changes the settings of a Hub Transport or Edge Transport server.",
  source: "[bb124238]",
  parameters: {
    Identity: { type: "string", position: 0, fromPipeline: "both", mandatory: true, help: "The server's name" },
    ...transportParameters,
  },
  shouldProcess: "medium",
  errors: ["SERVER_UNKNOWN"],
  examples: [
    {
      line: "Set-TransportServer Ex2007EE -IntraOrgConnectorProtocolLoggingLevel Verbose",
      does: "Has the mail between servers logged.",
    },
  ],
  columns: [],
  async run({ server, shouldProcess }, { Identity, ...given }) {
    const [named] = await server.transportServers(Identity);
    if (await shouldProcess("Set-TransportServer", named?.name ?? Identity))
      await server.setTransportServer(Identity, settingsGiven(transportParameters, given));
  },
});
