import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { oneIdentity } from "../definition/identity.ts";
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
  async run(context, { Identity }) {
    await sendConnectors.remove(context, await sendConnectors.one(context.server, Identity));
  },
});
