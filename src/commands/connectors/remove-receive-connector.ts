import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { oneIdentity } from "../definition/identity.ts";
import { oneReceiveConnector } from "./receive-connector.ts";

export const removeReceiveConnector = defineCmdlet({
  verb: "Remove",
  noun: "ReceiveConnector",
  synopsis: "Removes a Receive connector, one that Setup made too.",
  source: "[new-receiveconnector]",
  parameters: { Identity: oneIdentity("`Server\\Name`") },
  shouldProcess: "high",
  errors: ["COMMAND_CONFIRMATION_NEEDED", "COMMAND_CONNECTOR_NOT_SINGLE"],
  examples: [
    {
      line: String.raw`Remove-ReceiveConnector 'Ex2007EE\Client Ex2007EE' -Confirm:$false`,
      does: "Removes a connector without asking.",
    },
  ],
  columns: [],
  async run({ server, shouldProcess }, { Identity }) {
    const { identity, ...connector } = await oneReceiveConnector(server, Identity);
    if (await shouldProcess("Remove-ReceiveConnector", identity))
      await server.removeConfiguration("receiveConnector", connector);
  },
});
