import type { ReceiveConnectorView, ServerApi } from "../../lab/index.ts";
import { connectorNotSingle } from "./errors-of-connectors.ts";
import { receiveConnectorParameters } from "./receive-connector-parameters.ts";
import { shownSettings } from "../definition/settings.ts";

/** The one connector that `Server\Name` names; rejects CONNECTOR_UNKNOWN, COMMAND_CONNECTOR_NOT_SINGLE. */
export async function oneReceiveConnector(server: ServerApi, identity: string): Promise<ReceiveConnectorView> {
  const found = await server.receiveConnectors(identity);
  const [connector] = found;
  if (connector !== undefined && found.length === 1) return connector;
  throw connectorNotSingle(
    identity,
    found.map((candidate) => candidate.identity),
  );
}

/** As `Get-ReceiveConnector` shows it. */
export const shownReceiveConnector = (connector: ReceiveConnectorView): object => ({
  Identity: connector.identity,
  Name: connector.name,
  Server: connector.server,
  ...shownSettings(receiveConnectorParameters, connector),
});

export const receiveConnectorColumns = ["Identity", "Bindings", "Enabled"].map((property) => ({ property }));
