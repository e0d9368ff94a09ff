import { defineCmdlet } from "./define-cmdlet.ts";
import { oneIdentity } from "./identity.ts";
import { oneReceiveConnector } from "./receive-connector.ts";
import { receiveConnectorParameters } from "./receive-connector-parameters.ts";
import { checkReceiveConnector } from "./receive-connector-rules.ts";
import { settingsGiven } from "./settings.ts";

export const setReceiveConnector = defineCmdlet({
  verb: "Set",
  noun: "ReceiveConnector",
  synopsis: "Changes a Receive connector.",
  source: "[bb125140]",
  parameters: { Identity: oneIdentity("`Server\\Name`"), ...receiveConnectorParameters },
  columns: [],
  async run({ server }, { Identity, ...given }) {
    const { identity, ...connector } = await oneReceiveConnector(server, Identity);
    const changed = { ...connector, ...settingsGiven(receiveConnectorParameters, given) };
    const onServer = await server.receiveConnectors(connector.server);
    checkReceiveConnector(
      changed,
      onServer.filter((other) => other.identity !== identity),
    );
    await server.putConfiguration("receiveConnector", changed);
  },
});
