import {
  type Directory,
  type DirectoryObjects,
  isEdge,
  type LocalCopy,
  objectChange,
  objectId,
  objectWrite,
  type ReceiveConnector,
  receiveConnectorId,
  serverId,
} from "../../directory/index.ts";
import { formatEndpoint, parseEndpoint } from "../../smtp/index.ts";
import type { ConfigurationKind, ReceiveConnectorView, ServerApi, TransportServerView } from "../api/index.ts";
import { foreignBinding, managedBySubscription, unknownConnector, unknownServer } from "../errors.ts";
import type { InstalledServer } from "../server/install.ts";
import type { Listeners } from "../server/listeners.ts";

interface ConfigurationModules {
  server: InstalledServer;
  organization: LocalCopy;
  write(...writes: Parameters<Directory["write"]>[0]): Promise<void>;
  /** Undefined on a server without a running transport role. */
  listeners: () => Listeners | undefined;
  /** The addresses that this server may listen at. */
  ownAddresses: readonly string[];
}

type ConfigurationApi = Pick<
  ServerApi,
  | "transportServers"
  | "setTransportServer"
  | "receiveConnectors"
  | "setReceiveConnector"
  | "configuration"
  | "putConfiguration"
  | "removeConfiguration"
  | "adSites"
>;

/** Source: [aa997438], the cmdlets that are disabled on a subscribed Edge server; a receive connector is its own. */
const replicated: readonly ConfigurationKind[] = [
  "acceptedDomain",
  "remoteDomain",
  "messageClassification",
  "sendConnector",
  "transportConfig",
];

/** What cmdlets read and change of a server's own directory. */
export function configurationApi(modules: ConfigurationModules): ConfigurationApi {
  const { server, organization, write } = modules;

  const transportServers = (identity?: string): TransportServerView[] => {
    const all = organization.servers().flatMap(({ name, transport }) => (transport ? [{ name, ...transport }] : []));
    if (identity === undefined) return all;
    const found = all.filter(({ name }) => same(name, identity));
    if (found.length === 0)
      throw unknownServer(
        identity,
        all.map(({ name }) => name),
      );
    return found;
  };
  const connectors = (identity?: string): ReceiveConnectorView[] => {
    const all = organization.servers().flatMap(({ name }) => organization.receiveConnectors(name).map(viewOfConnector));
    if (identity === undefined) return all;
    const named = all.filter((connector) => same(connector.identity, identity) || same(connector.server, identity));
    // Inferred: as [set-receiveconnector-2010] names connectors in its examples, a name alone is that of this server's connector.
    const own = all.filter((connector) => same(connector.server, server.name) && same(connector.name, identity));
    const found = named.length > 0 ? named : own;
    if (found.length === 0)
      throw unknownConnector(
        identity,
        all.map((connector) => connector.identity),
      );
    return found;
  };
  const assertOurs = (kind: ConfigurationKind): void => {
    const own = organization.server(server.name);
    const subscribed = own && isEdge(own) && (own.edge?.subscriptionEffectiveDate ?? null) !== null;
    if (subscribed && replicated.includes(kind)) throw managedBySubscription(server.name, words[kind]);
  };

  return {
    transportServers: async (identity) => transportServers(identity),
    async setTransportServer(identity, settings) {
      const { name, ...transport } = transportServers(identity)[0] as TransportServerView;
      await write(objectChange("server", serverId(name), { transport: { ...transport, ...settings } }));
    },
    receiveConnectors: async (identity) => connectors(identity),
    async setReceiveConnector(identity, changes) {
      const found = connectors().find((connector) => same(connector.identity, identity));
      if (!found)
        throw unknownConnector(
          identity,
          connectors().map((connector) => connector.identity),
        );
      const opened = changes.bindings ? { bindings: await openBindings(changes.bindings, modules) } : {};
      const id = receiveConnectorId(found.server, found.name);
      await write(objectChange("receiveConnector", id, { ...changes, ...opened }));
    },
    configuration: async (kind) => organization.objects(kind),
    async putConfiguration(kind, object) {
      assertOurs(kind);
      await write(objectWrite(kind, isReceiveConnector(kind, object) ? await listening(object, modules) : object));
    },
    async removeConfiguration(kind, object) {
      assertOurs(kind);
      await write({ id: objectId(kind, object), remove: true });
    },
    adSites: async () =>
      organization.objects("site").map((site) => ({
        ...site,
        servers: organization.servers().flatMap((member) => (member.site === site.name ? [member.name] : [])),
      })),
  };
}

const words: Readonly<Record<ConfigurationKind, string>> = {
  acceptedDomain: "accepted domains",
  remoteDomain: "remote domains",
  messageClassification: "message classifications",
  transportConfig: "the transport settings",
  sendConnector: "Send connectors",
  receiveConnector: "Receive connectors",
};

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const viewOfConnector = (connector: ReceiveConnector): ReceiveConnectorView => ({
  ...connector,
  identity: `${connector.server}\\${connector.name}`,
});

const isReceiveConnector = <K extends ConfigurationKind>(
  kind: K,
  object: DirectoryObjects[ConfigurationKind],
): object is ReceiveConnector => kind === "receiveConnector" && "bindings" in object;

/** The connector as it really listens. */
const listening = async <C extends ReceiveConnector>(connector: C, modules: ConfigurationModules): Promise<C> => ({
  ...connector,
  bindings: await openBindings(connector.bindings, modules),
});

/** Opens each binding before anybody is told of it; `0.0.0.0` is this server's own address. */
async function openBindings(
  bindings: readonly string[],
  { server, listeners, ownAddresses }: ConfigurationModules,
): Promise<string[]> {
  const opened: string[] = [];
  for (const binding of bindings) {
    const at = parseEndpoint(binding.replace(/^0\.0\.0\.0:/, `${ownAddresses[0] ?? "127.0.0.1"}:`));
    if (!at || !ownAddresses.includes(at.address)) throw foreignBinding(server.name, binding, ownAddresses);
    opened.push(formatEndpoint((await listeners()?.open(at)) ?? at));
  }
  return opened;
}
