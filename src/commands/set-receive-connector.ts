import { defineCmdlet } from "./define-cmdlet.ts";
import { connectorNotSingle } from "./errors.ts";
import { receiveConnectorParameters } from "./receive-connector-parameters.ts";
import { checkReceiveConnector } from "./receive-connector-rules.ts";
import { settingsGiven } from "./settings.ts";

export const setReceiveConnector = defineCmdlet({
  verb: "Set",
  noun: "ReceiveConnector",
  synopsis: "Changes a Receive connector.",
  source: "[bb125140]",
  parameters: {
    Identity: { type: "string", position: 0, mandatory: true, help: "`Server\\Name`" },
    ...receiveConnectorParameters,
  },
  columns: [],
  async run({ server }, { Identity, ...given }) {
    const found = await server.receiveConnectors(Identity);
    const [connector] = found;
    if (connector === undefined || found.length > 1)
      throw connectorNotSingle(
        Identity,
        found.map((candidate) => candidate.identity),
      );

    const changes = settingsGiven(receiveConnectorParameters, given);
    checkReceiveConnector({ ...connector, ...changes }); // all of it, before anything changes
    await server.setReceiveConnector(connector.identity, changes);
  },
});
