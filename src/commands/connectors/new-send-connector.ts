import { sendConnectorErrors } from "./send-connector-rules.ts";
import { defaultSendConnector, type SendConnector } from "../../directory/index.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { newName } from "../definition/identity.ts";
import { sendConnectorColumns, sendConnectorGiven, sendConnectors, shownSendConnector } from "./send-connector.ts";
import { addressSpacesParameter, sendConnectorParameters } from "./send-connector-parameters.ts";

const usages = ["Custom", "Internal", "Internet", "Partner"] as const;

/**
 * What the usages of a new Send connector set beside permissions.
 * Source: [new-send-connector-wizard]. Inferred: DomainSecureEnabled of Partner (docs/fidelity.md#send-connectors).
 */
const usageDefaults: { readonly [K in (typeof usages)[number]]: Partial<SendConnector> } = {
  Custom: {},
  Internal: { dnsRoutingEnabled: false, smartHostAuthMechanism: "ExchangeServer" },
  Internet: { dnsRoutingEnabled: true },
  Partner: { dnsRoutingEnabled: true, domainSecureEnabled: true },
};

export const newSendConnector = defineCmdlet({
  verb: "New",
  noun: "SendConnector",
  synopsis: "Makes a Send connector.",
  source: "[new-sendconnector]",
  parameters: {
    Name: newName("What it is called; unique in the organization"),
    AddressSpaces: { ...addressSpacesParameter, mandatory: true },
    Usage: {
      type: "enum",
      values: usages,
      help: "What it is for, where another parameter does not say",
      default: "Custom",
    },
    ...sendConnectorParameters,
  },
  shouldProcess: "medium",
  errors: ["COMMAND_NAME_TAKEN", "EDGE_MANAGED_BY_SUBSCRIPTION", ...sendConnectorErrors],
  examples: [
    {
      line: "New-SendConnector Internet -AddressSpaces '*' -Usage Internet",
      does: "Makes a connector to the Internet.",
    },
  ],
  columns: sendConnectorColumns,
  async *run(context, { Name, Usage = "Custom", ...given }) {
    const connector = {
      ...defaultSendConnector,
      ...usageDefaults[Usage],
      name: Name,
      ...(await sendConnectorGiven(context.server, { SourceTransportServers: [context.server.name], ...given })),
    };
    for await (const made of sendConnectors.create(context, connector)) yield shownSendConnector(made);
  },
});
