import { defineCmdlet } from "./define-cmdlet.ts";
import { oneIdentity } from "./identity.ts";
import { oneReceiveConnector } from "./receive-connector.ts";

export const removeReceiveConnector = defineCmdlet({
  verb: "Remove",
  noun: "ReceiveConnector",
  synopsis: "Removes a Receive connector, one that Setup made too.",
  source: "[new-receiveconnector]",
  parameters: { Identity: oneIdentity("`Server\\Name`") },
  columns: [],
  async run({ server }, { Identity }) {
    const { identity: _, ...connector } = await oneReceiveConnector(server, Identity);
    await server.removeConfiguration("receiveConnector", connector);
  },
});
