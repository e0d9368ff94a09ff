import { sendConnectorErrors } from "./send-connector-rules.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { oneIdentity } from "../definition/identity.ts";
import { sendConnectorGiven, sendConnectors } from "./send-connector.ts";
import { addressSpacesParameter, sendConnectorParameters } from "./send-connector-parameters.ts";

export const setSendConnector = defineCmdlet({
  verb: "Set",
  noun: "SendConnector",
  synopsis: "Changes a Send connector.",
  source: "[aa998294]",
  parameters: {
    Identity: oneIdentity("The Send connector's name"),
    AddressSpaces: addressSpacesParameter,
    ...sendConnectorParameters,
  },
  shouldProcess: "medium",
  errors: ["COMMAND_IDENTITY_UNKNOWN", "EDGE_MANAGED_BY_SUBSCRIPTION", ...sendConnectorErrors],
  examples: [{ line: "Set-SendConnector Internet -DomainSecureEnabled $true", does: "Has it do Domain Security." }],
  columns: [],
  async run(context, { Identity, ...given }) {
    const connector = await sendConnectors.one(context.server, Identity);
    await sendConnectors.put(context, { ...connector, ...(await sendConnectorGiven(context.server, given)) });
  },
});
