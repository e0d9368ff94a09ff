import { defineCmdlet } from "./define-cmdlet.ts";
import { receiveConnectorParameters } from "./receive-connector-parameters.ts";
import { shownSettings } from "./settings.ts";

export const getReceiveConnector = defineCmdlet({
  verb: "Get",
  noun: "ReceiveConnector",
  synopsis: "Shows Receive connectors.",
  source: "[aa996395]",
  parameters: {
    Identity: { type: "string", position: 0, help: "`Server\\Name`, or a server's name for all of its connectors" },
    Server: { type: "string", help: "Only connectors of this server" },
  },
  columns: [{ property: "Identity" }, { property: "Bindings" }, { property: "Enabled" }],
  async *run({ server }, { Identity, Server }) {
    for (const found of await server.receiveConnectors(Identity ?? Server)) {
      if (Server !== undefined && found.server.toLowerCase() !== Server.toLowerCase()) continue;
      yield {
        Identity: found.identity,
        Name: found.name,
        Server: found.server,
        Bindings: found.bindings,
        ...shownSettings(receiveConnectorParameters, found),
      };
    }
  },
});
