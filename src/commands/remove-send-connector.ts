import { defineCmdlet } from "./define-cmdlet.ts";
import { oneIdentity } from "./identity.ts";
import { sendConnectors } from "./send-connector.ts";

export const removeSendConnector = defineCmdlet({
  verb: "Remove",
  noun: "SendConnector",
  synopsis: "Removes a Send connector.",
  source: "[aa998662]",
  parameters: { Identity: oneIdentity("The Send connector's name") },
  shouldProcess: "high",
  errors: ["COMMAND_IDENTITY_UNKNOWN", "EDGE_MANAGED_BY_SUBSCRIPTION"],
  examples: [{ line: "Remove-SendConnector Internet -Confirm:$false", does: "Removes a connector without asking." }],
  columns: [],
  async run({ server, shouldProcess }, { Identity }) {
    const connector = await sendConnectors.one(server, Identity);
    if (await shouldProcess("Remove-SendConnector", connector.name)) await sendConnectors.remove(server, connector);
  },
});
