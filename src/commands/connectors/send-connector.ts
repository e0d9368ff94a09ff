import { formatAddressSpace, isEdge, type SendConnector } from "../../directory/index.ts";
import type { ServerApi } from "../../lab/index.ts";
import { namedConfiguration } from "../definition/configuration.ts";
import { sourceElsewhere, sourceUnknown } from "./errors-of-send-connectors.ts";
import type { Given } from "../definition/parameter.ts";
import { same } from "../definition/same.ts";
import { addressSpacesParameter, sendConnectorParameters } from "./send-connector-parameters.ts";
import { checkAllHubs, checkSendConnector, readAddressSpace, readSmartHost } from "./send-connector-rules.ts";
import { settingsGiven, shownSettings } from "../definition/settings.ts";

/** The Send connectors of the organization; on an Edge Transport server, its own. */
export const sendConnectors = namedConfiguration({
  kind: "sendConnector",
  noun: "SendConnector",
  called: "Send connector",
  async check(connector, { server }) {
    checkSendConnector(connector);
    checkAllHubs(connector, await edgeServers(server));
  },
});

const parameters = { ...sendConnectorParameters, AddressSpaces: addressSpacesParameter };

/** The settings that were given, each value checked for itself; rejects COMMAND_SEND_…. */
export async function sendConnectorGiven(
  server: ServerApi,
  { AddressSpaces, ...given }: Given<typeof parameters>,
): Promise<Partial<SendConnector>> {
  const { smartHosts, sourceTransportServers, ...settings } = settingsGiven(sendConnectorParameters, given);
  return {
    ...settings,
    ...(AddressSpaces && { addressSpaces: AddressSpaces.map(readAddressSpace) }),
    ...(smartHosts && { smartHosts: smartHosts.map(readSmartHost) }),
    ...(sourceTransportServers && { sourceTransportServers: await sourcesOf(server, sourceTransportServers) }),
  };
}

/** The source servers in their own spelling; rejects COMMAND_SEND_SOURCE_…. */
async function sourcesOf(server: ServerApi, wanted: readonly string[]): Promise<string[]> {
  const known = isEdge(server)
    ? [server.name]
    : [...(await server.transportServers()).map(({ name }) => name), ...(await edgeServers(server))];
  return wanted.map((name) => {
    const found = known.find((candidate) => same(candidate, name));
    if (found !== undefined) return found;
    // Source: [new-sendconnector] SourceTransportServers, not valid on Edge Transport servers.
    throw isEdge(server) ? sourceElsewhere(name, server.name) : sourceUnknown(name, [...new Set(known)]);
  });
}

const edgeServers = async (server: ServerApi): Promise<string[]> =>
  isEdge(server) ? [server.name] : (await server.edgeSubscriptions()).map(({ name }) => name);

/** As `Get-SendConnector` shows it. */
export const shownSendConnector = (connector: SendConnector): object => ({
  Identity: connector.name,
  Name: connector.name,
  AddressSpaces: connector.addressSpaces.map(formatAddressSpace),
  ...shownSettings(sendConnectorParameters, connector),
});

export const sendConnectorColumns = ["Identity", "AddressSpaces", "Enabled"].map((property) => ({ property }));
