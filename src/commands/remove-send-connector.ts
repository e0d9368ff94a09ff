import { defineCmdlet } from "./define-cmdlet.ts";
import { oneIdentity } from "./identity.ts";
import { sendConnectors } from "./send-connector.ts";

export const removeSendConnector = defineCmdlet({
  verb: "Remove",
  noun: "SendConnector",
  synopsis: "Removes a Send connector.",
  source: "[aa998662]",
  parameters: { Identity: oneIdentity("The Send connector's name") },
  columns: [],
  async run({ server }, { Identity }) {
    await sendConnectors.remove(server, await sendConnectors.one(server, Identity));
  },
});
