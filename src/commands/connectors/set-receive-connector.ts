import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { connectorElsewhere } from "./errors-of-connectors.ts";
import { oneIdentity } from "../definition/identity.ts";
import { oneReceiveConnector } from "./receive-connector.ts";
import { receiveConnectorParameters } from "./receive-connector-parameters.ts";
import { checkReceiveConnector, receiveConnectorErrors } from "./receive-connector-rules.ts";
import { settingsGiven } from "../definition/settings.ts";

export const setReceiveConnector = defineCmdlet({
  verb: "Set",
  noun: "ReceiveConnector",
  synopsis: "Changes a Receive connector.",
  source: "[bb125140]",
  parameters: { Identity: oneIdentity("`Server\\Name`"), ...receiveConnectorParameters },
  shouldProcess: "medium",
  errors: ["COMMAND_CONNECTOR_NOT_SINGLE", ...receiveConnectorErrors],
  examples: [
    {
      line: String.raw`Set-ReceiveConnector 'Ex2007EE\Default Ex2007EE' -ProtocolLoggingLevel Verbose`,
      does: "Has it write a protocol log.",
    },
  ],
  columns: [],
  async run({ server, shouldProcess }, { Identity, ...given }) {
    const connector = await oneReceiveConnector(server, Identity);
    const onServer = await server.receiveConnectors(connector.server);
    const changes = settingsGiven(receiveConnectorParameters, given);
    if (changes.bindings && connector.server !== server.name) throw connectorElsewhere(connector.server, server.name);
    checkReceiveConnector(
      { ...connector, ...changes },
      onServer.filter(({ identity }) => identity !== connector.identity),
    );
    if (await shouldProcess("Set-ReceiveConnector", connector.identity))
      await server.setReceiveConnector(connector.identity, changes);
  },
});
