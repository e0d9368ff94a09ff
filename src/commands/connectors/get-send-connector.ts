import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { anyIdentity } from "../definition/identity.ts";
import { sendConnectorColumns, sendConnectors, shownSendConnector } from "./send-connector.ts";

export const getSendConnector = defineCmdlet({
  verb: "Get",
  noun: "SendConnector",
  synopsis: "Shows Send connectors.",
  source: "[aa998662]",
  parameters: { Identity: anyIdentity("The Send connector's name") },
  errors: ["COMMAND_IDENTITY_UNKNOWN"],
  examples: [
    { line: "Get-SendConnector | Format-Table Name, AddressSpaces, SmartHosts", does: "Shows where mail leaves." },
  ],
  columns: sendConnectorColumns,
  async *run({ server }, { Identity }) {
    for (const found of await sendConnectors.find(server, Identity)) yield shownSendConnector(found);
  },
});
