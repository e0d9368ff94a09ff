import { isEdge, newReceiveConnector as beginning, type ReceiveConnector } from "../../directory/index.ts";
import type { ServerApi } from "../../lab/index.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { nameTaken } from "../definition/errors.ts";
import { connectorElsewhere, usageNeeds, usageNotOnEdge } from "./errors-of-connectors.ts";
import { newName } from "../definition/identity.ts";
import { oneReceiveConnector, receiveConnectorColumns, shownReceiveConnector } from "./receive-connector.ts";
import { receiveConnectorParameters } from "./receive-connector-parameters.ts";
import { checkReceiveConnector, receiveConnectorErrors } from "./receive-connector-rules.ts";
import { receiveConnectorUsages, usageDefaults } from "./receive-connector-usage.ts";
import { same } from "../definition/same.ts";
import { settingsGiven } from "../definition/settings.ts";

export const newReceiveConnector = defineCmdlet({
  verb: "New",
  noun: "ReceiveConnector",
  synopsis: "Makes a Receive connector.",
  source: "[new-receiveconnector]",
  parameters: {
    Name: newName("What it is called; unique on its server"),
    Usage: {
      type: "enum",
      values: receiveConnectorUsages,
      mandatory: true,
      help: "What it is for: who may submit, with which mechanisms, where another parameter does not say",
    },
    Server: {
      type: "string",
      help: "The server that listens; only the one the cmdlet runs on, which it is without this",
    },
    ...receiveConnectorParameters,
  },
  shouldProcess: "medium",
  errors: [
    "COMMAND_NAME_TAKEN",
    "SERVER_UNKNOWN",
    "COMMAND_CONNECTOR_ELSEWHERE",
    "COMMAND_CONNECTOR_USAGE_NEEDS",
    "COMMAND_CONNECTOR_USAGE_NOT_ON_EDGE",
    ...receiveConnectorErrors,
  ],
  examples: [
    {
      line: "New-ReceiveConnector Partners -Usage Partner -RemoteIPRanges 192.0.2.0/24 -Bindings 0.0.0.0:25",
      does: "Makes a connector for partners.",
    },
  ],
  columns: receiveConnectorColumns,
  async *run({ server, shouldProcess }, { Name, Usage, Server, ...given }) {
    await checkOwner(server, Server ?? server.name);
    const others = (await server.receiveConnectors()).filter((other) => other.server === server.name);
    const taken = others.find((other) => same(other.name, Name));
    if (taken) throw nameTaken("Receive connector", Name, taken.name);

    const connector = {
      ...beginning({ server: server.name, name: Name }, isEdge(server) ? "edge" : "hub"),
      ...settingsOf(Usage, server, others),
      ...settingsGiven(receiveConnectorParameters, given),
    };
    if (usageDefaults[Usage].needsRanges && given.RemoteIPRanges === undefined)
      throw usageNeeds(Usage, "RemoteIPRanges", "10.0.0.0/24");
    if (connector.bindings.length === 0) throw usageNeeds(Usage, "Bindings", "0.0.0.0:26");
    checkReceiveConnector(connector, others);
    if (!(await shouldProcess("New-ReceiveConnector", `${server.name}\\${Name}`))) return;
    await server.putConfiguration("receiveConnector", connector);
    yield shownReceiveConnector(await oneReceiveConnector(server, `${server.name}\\${Name}`)); // as it really listens
  },
});

/** Rejects SERVER_UNKNOWN, COMMAND_CONNECTOR_ELSEWHERE. */
async function checkOwner(server: ServerApi, wanted: string): Promise<void> {
  const [owner] = await server.transportServers(wanted);
  if (!same(wanted, server.name)) throw connectorElsewhere(owner?.name ?? wanted, server.name);
}

/** What the usage says; of its binding, where the server listens for that purpose already. */
function settingsOf(
  usage: keyof typeof usageDefaults,
  server: ServerApi,
  others: readonly ReceiveConnector[],
): Partial<ReceiveConnector> {
  if (usage === "Client" && isEdge(server)) throw usageNotOnEdge(usage, server.name);
  const { settings, listensLike } = usageDefaults[usage];
  const [usual] = others.find(({ permissionGroups }) => listensLike?.(permissionGroups))?.bindings ?? [];
  return {
    ...settings,
    bindings: usual === undefined ? [] : [usual],
    // Source: [receive-connectors] usage types, an Edge Transport server knows no legacy servers.
    permissionGroups: settings.permissionGroups.filter(
      (group) => !(isEdge(server) && group === "ExchangeLegacyServers"),
    ),
  };
}
