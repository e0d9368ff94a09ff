import { certificateStatus, orderForSelection } from "../certificates/index.ts";
import type { LocalCopy, Directory, ReceiveConnector } from "../directory/index.ts";
import { objectChange, receiveConnectorId, serverId } from "../directory/index.ts";
import type { Clock } from "../base/index.ts";
import type { DeliveryQueues } from "../transport/queue/index.ts";
import type {
  AdSiteView,
  CertificateView,
  QueueView,
  ReceiveConnectorView,
  ServerApi,
  TransportServerView,
} from "./api.ts";
import { noTransport, unknownConnector, unknownServer } from "./errors.ts";
import type { InstalledServer } from "./install.ts";

/** What the cmdlets of one server reach: its store and queues, and the directory of the organization. */
export interface ServerApiModules {
  server: InstalledServer;
  clock: Clock;
  organization: LocalCopy;
  directory: Directory;
  /** Undefined on a server without a running HubTransport role. */
  queues: () => DeliveryQueues | undefined;
}

/** The server as cmdlets see it. Everything that goes in and comes out is plain data. */
export function serverApi({ server, clock, organization, directory, queues }: ServerApiModules): ServerApi {
  const write = async (...writes: Parameters<Directory["write"]>[0]): Promise<void> =>
    organization.caughtUp(await directory.write(writes));

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
    const found = all.filter((connector) => same(connector.identity, identity) || same(connector.server, identity));
    if (found.length === 0)
      throw unknownConnector(
        identity,
        all.map((connector) => connector.identity),
      );
    return found;
  };
  const transport = () => {
    const found = queues();
    if (!found) throw noTransport(server.name);
    return found;
  };

  return {
    name: server.name,
    transportServers: async (identity) => transportServers(identity),
    async setTransportServer(identity, settings) {
      const { name, ...transport } = transportServers(identity)[0] as TransportServerView;
      await write(objectChange("server", serverId(name), { transport: { ...transport, ...settings } }));
    },
    exchangeCertificates: async () => {
      const published = organization.server(server.name)?.internalTransportCertificateThumbprint;
      return orderForSelection(server.store.list()).map((certificate): CertificateView => ({
        thumbprint: certificate.thumbprint,
        services: certificate.services,
        subject: certificate.subject,
        issuer: certificate.issuer,
        serialNumber: certificate.serialNumber,
        notBefore: certificate.notBefore,
        notAfter: certificate.notAfter,
        certificateDomains: certificate.certificateDomains,
        hasPrivateKey: certificate.hasPrivateKey,
        privateKeyExportable: certificate.privateKeyExportable,
        isSelfSigned: certificate.selfSigned,
        publicKeySize: certificate.publicKey.kind === "RSA" ? certificate.publicKey.bits : 256,
        rootCaType: certificate.rootCaType,
        friendlyName: certificate.friendlyName,
        status: certificateStatus(certificate, clock.now()),
        internalTransport: certificate.thumbprint === published,
      }));
    },
    receiveConnectors: async (identity) => connectors(identity),
    async setReceiveConnector(identity, changes) {
      const found = connectors().find((connector) => same(connector.identity, identity));
      if (!found)
        throw unknownConnector(
          identity,
          connectors().map((connector) => connector.identity),
        );
      await write(objectChange("receiveConnector", receiveConnectorId(found.server, found.name), changes));
    },
    queues: async () => [submissionQueue(server.name), ...transport().views()],
    retryQueue: async (identity) => transport().retry(identity),
    adSites: async () =>
      organization.sites().map((site): AdSiteView => ({
        ...site,
        servers: organization.servers().flatMap((member) => (member.site === site.name ? [member.name] : [])),
      })),
  };
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const viewOfConnector = (connector: ReceiveConnector): ReceiveConnectorView => ({
  ...connector,
  identity: `${connector.server}\\${connector.name}`,
});

/** Always there, and always empty to look at: what is taken in is categorized at once. Source: [bb125237]. */
const submissionQueue = (server: string): QueueView => ({
  identity: `${server}\\Submission`,
  deliveryType: "Undefined",
  nextHopDomain: "Submission",
  status: "Ready",
  messageCount: 0,
  lastError: null,
  lastRetryTime: null,
  nextRetryTime: null,
  messages: [],
});
