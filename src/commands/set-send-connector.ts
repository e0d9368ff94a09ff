import { defineCmdlet } from "./define-cmdlet.ts";
import { oneIdentity } from "./identity.ts";
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
  errors: [
    "COMMAND_IDENTITY_UNKNOWN",
    "EDGE_MANAGED_BY_SUBSCRIPTION",
    "COMMAND_SEND_ADDRESS_SPACE_MALFORMED",
    "COMMAND_SEND_ADDRESS_SPACE_MISSING",
    "COMMAND_SEND_AUTH_WITHOUT_SMART_HOSTS",
    "COMMAND_SEND_ALL_HUBS_REFUSED",
    "COMMAND_SEND_DOMAIN_SECURE_UNMET",
    "COMMAND_SEND_ROUTING_CONTRADICTION",
    "COMMAND_SEND_SMART_HOSTS_MISSING",
    "COMMAND_SEND_SMART_HOST_MALFORMED",
    "COMMAND_SEND_SOURCE_ELSEWHERE",
    "COMMAND_SEND_SOURCE_UNKNOWN",
    "COMMAND_SEND_TLS_CONTRADICTION",
  ],
  examples: [{ line: "Set-SendConnector Internet -DomainSecureEnabled $true", does: "Has it do Domain Security." }],
  columns: [],
  async run({ server }, { Identity, ...given }) {
    const connector = await sendConnectors.one(server, Identity);
    await sendConnectors.put(server, { ...connector, ...(await sendConnectorGiven(server, given)) });
  },
});
