import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { shownSettings } from "../definition/settings.ts";
import { transportParameters } from "./transport-settings.ts";

export const getTransportServer = defineCmdlet({
  verb: "Get",
  noun: "TransportServer",
  synopsis: "Shows the settings of Hub Transport and Edge Transport servers.",
  source: "[bb124238]",
  parameters: {
    Identity: { type: "string", position: 0, fromPipeline: "both", help: "The server's name", default: "every one" },
  },
  errors: ["SERVER_UNKNOWN"],
  examples: [
    {
      line: "Get-TransportServer | Format-List Name, IntraOrg*",
      does: "Shows who writes protocol logs between servers.",
    },
  ],
  columns: [{ property: "Name" }, { property: "IntraOrgConnectorProtocolLoggingLevel" }],
  async *run({ server }, { Identity }) {
    for (const found of await server.transportServers(Identity))
      yield { Name: found.name, ...shownSettings(transportParameters, found) };
  },
});
