import {
  defaultSendConnector,
  type DirectoryWrite,
  objectId,
  objectWrite,
  type SendConnector,
} from "../../directory/index.ts";
import { startsFrom } from "../wire/replica.ts";

/** Source: [bb266920]. */
const internetName = (site: string): string => `EdgeSync - ${site} to Internet`;
const inboundName = (site: string): string => `EdgeSync - Inbound to ${site}`;

/**
 * The Send connectors that a subscription makes, or an Edge server that is added to those of its site.
 * Source: [bb266920] names, address spaces, smart hosts. Inferred: SmartHostAuthMechanism ExchangeServer from the 2016
 * edition; one inbound connector for all Edge servers of a site (docs/fidelity.md#edgesync-connectors).
 */
export function connectorWrites(
  connectors: readonly SendConnector[],
  { edge, site }: { edge: string; site: string },
  wanted: { internet: boolean; inbound: boolean },
): DirectoryWrite[] {
  const made: SendConnector[] = [
    ...(wanted.internet ? [internetConnector(site)] : []),
    ...(wanted.inbound ? [inboundConnector(site)] : []),
  ];
  return made.flatMap((fresh) => {
    const connector = connectors.find(({ name }) => name === fresh.name) ?? fresh;
    if (startsFrom(connector.sourceTransportServers, edge)) return [];
    const sourceTransportServers = [...connector.sourceTransportServers, edge];
    return [objectWrite("sendConnector", { ...connector, sourceTransportServers })];
  });
}

const internetConnector = (site: string): SendConnector => ({
  ...defaultSendConnector,
  name: internetName(site),
  addressSpaces: [{ type: "SMTP", domain: "*", cost: 100 }],
  domainSecureEnabled: true,
});

const inboundConnector = (site: string): SendConnector => ({
  ...defaultSendConnector,
  name: inboundName(site),
  addressSpaces: [{ type: "SMTP", domain: "--", cost: 1 }],
  dnsRoutingEnabled: false,
  smartHosts: ["--"],
  smartHostAuthMechanism: "ExchangeServer",
});

/** Takes an Edge server out of every connector; one that starts from nowhere else goes. Source: [remove-edgesubscription]. */
export const connectorsWithout = (connectors: readonly SendConnector[], edge: string): DirectoryWrite[] =>
  connectors
    .filter(({ sourceTransportServers }) => startsFrom(sourceTransportServers, edge))
    .map((connector) => {
      const left = connector.sourceTransportServers.filter((source) => !startsFrom([source], edge));
      return left.length === 0
        ? { id: objectId("sendConnector", connector), remove: true }
        : objectWrite("sendConnector", { ...connector, sourceTransportServers: left });
    });
