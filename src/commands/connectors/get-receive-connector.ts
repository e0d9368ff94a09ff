import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { receiveConnectorColumns, shownReceiveConnector } from "./receive-connector.ts";
import { same } from "../definition/same.ts";

export const getReceiveConnector = defineCmdlet({
  verb: "Get",
  noun: "ReceiveConnector",
  synopsis: "Shows Receive connectors.",
  source: "[aa996395]",
  parameters: {
    Identity: {
      type: "string",
      position: 0,
      fromPipeline: "both",
      help: "`Server\\Name`, the name alone of one of this server's, or a server's name for all of its connectors",
    },
    Server: { type: "string", help: "Only connectors of this server" },
  },
  errors: ["COMMAND_IDENTITY_UNKNOWN"],
  examples: [
    {
      line: "Get-ReceiveConnector Ex2007EE | Format-List Name, Bindings, AuthMechanism",
      does: "Shows where a server listens.",
    },
  ],
  columns: receiveConnectorColumns,
  async *run({ server }, { Identity, Server }) {
    for (const found of await server.receiveConnectors(Identity ?? Server))
      if (Server === undefined || same(found.server, Server)) yield shownReceiveConnector(found);
  },
});
