import {
  defaultMessageClassifications,
  defaultRemoteDomain,
  defaultTransportConfig,
  defaultEdgeTransportSettings,
  defaultTransportSettings,
  type Directory,
  type DirectoryWrite,
  type DirectoryObjects,
  edgeReceiveConnectors,
  type ExchangeServer,
  hubReceiveConnectors,
  isEdge,
  isHub,
  type LocalCopy,
  objectId,
  type ObjectKind,
  objectWrite,
  type OrganizationView,
  type ReceiveConnector,
} from "../directory/index.ts";
import { edgeSyncPort } from "../dns/index.ts";
import { type Endpoint, formatEndpoint } from "../smtp/index.ts";
import type { Topology } from "./api/index.ts";
import type { InstalledServer } from "./server/install.ts";

/** The organization itself, without its servers and mailboxes. What an administrator has set since is kept. */
export const organizationWrites = (
  topology: Topology,
  dnsSuffix: string,
  organization: OrganizationView,
): DirectoryWrite[] => [
  objectWrite("organization", { name: topology.organization, dnsSuffix }),
  ...topology.domains.flatMap((domainName, index) =>
    unlessThere(organization, "acceptedDomain", {
      name: domainName,
      domainName,
      domainType: "Authoritative",
      default: index === 0,
    }),
  ),
  ...unlessThere(organization, "remoteDomain", defaultRemoteDomain),
  ...defaultMessageClassifications.flatMap((one) => unlessThere(organization, "messageClassification", one)),
  ...unlessThere(organization, "transportConfig", defaultTransportConfig),
  ...topology.sites.map(({ name, hubSite }) => objectWrite("site", { name, hubSiteEnabled: hubSite })),
  ...topology.siteLinks.map(({ name, sites, cost }) =>
    objectWrite("siteLink", { name, sites, adCost: cost, exchangeCost: null }),
  ),
];

/** An object of the same id is written again as it is, so that it counts as declared. */
function unlessThere<K extends ObjectKind>(
  organization: OrganizationView,
  kind: K,
  object: DirectoryObjects[K],
): DirectoryWrite[] {
  const id = objectId(kind, object);
  const before = organization.objects(kind).find((one) => objectId(kind, one) === id);
  return [objectWrite(kind, before ?? object)];
}

/**
 * What a server's own directory has to hold about it: its object with the internal transport certificate, and its
 * receive connectors. What an administrator has changed since an earlier start is kept; endpoints are those of this
 * start.
 *
 * @param bindings where its connectors listen, in the order in which Setup makes them; none without a transport role
 */
export function serverWrites(
  server: InstalledServer,
  bindings: readonly Endpoint[],
  organization: OrganizationView,
): DirectoryWrite[] {
  return [
    objectWrite("server", serverObject(server, organization)),
    ...defaultConnectors(server, bindings).map((fresh) => {
      const before = organization.receiveConnectors(server.name).find(({ name }) => name === fresh.name);
      return objectWrite("receiveConnector", before ? { ...before, bindings: fresh.bindings } : fresh);
    }),
  ];
}

function serverObject(server: InstalledServer, organization: OrganizationView): ExchangeServer {
  const { name, fqdn, site, roles, store, machineKey } = server;
  const before = organization.server(name);
  const published = before?.internalTransportCertificateThumbprint ?? firstPublished(server);
  const certificate = published === null ? undefined : store.find(published);
  const transport = isHub(server) || isEdge(server);
  const defaults = isEdge(server) ? defaultEdgeTransportSettings : defaultTransportSettings;
  const level = { intraOrgConnectorProtocolLoggingLevel: server.protocolLogging };
  return {
    name,
    fqdn,
    site: isEdge(server) ? (before?.site ?? null) : site,
    roles,
    internalTransportCertificate: certificate
      ? Buffer.from(certificate.der).toString("base64")
      : (before?.internalTransportCertificate ?? null),
    internalTransportCertificateThumbprint: published,
    machineKey: isEdge(server) ? null : machineKey.publicKey,
    transport: transport ? { ...defaults, ...level, ...before?.transport } : null,
    edge: isEdge(server) ? (before?.edge ?? edgeFacts) : null,
  };
}

/** Setup publishes the certificate that it has made. */
const firstPublished = ({ store }: InstalledServer): string | null => {
  const forSmtp = store.list().filter(({ services }) => services.includes("SMTP"));
  return (forSmtp.find(({ rootCaType }) => rootCaType === "Registry") ?? forSmtp[0])?.thumbprint ?? null;
};

/** The Exchange version that this lab's servers claim, as `[bb266959]` has it in the subscription file. */
const edgeFacts = {
  adamSslPort: edgeSyncPort,
  subscriptionEffectiveDate: null,
  productId: "",
  serialNumber: "Version 8.1 (Build 240.6)",
};

function defaultConnectors(server: InstalledServer, bindings: readonly Endpoint[]): ReceiveConnector[] {
  const [smtp = "", client = ""] = bindings.map(formatEndpoint);
  const { name, protocolLogging: protocolLoggingLevel } = server;
  const made = isHub(server)
    ? hubReceiveConnectors(name, { default: smtp, client })
    : isEdge(server)
      ? edgeReceiveConnectors(name, smtp)
      : [];
  return made.map((connector) => ({ ...connector, protocolLoggingLevel }));
}

/**
 * Makes a directory hold what this start declares, in one write: what an earlier start declared and this one does not
 * is removed, what others have made is left alone. Resolves once this process's copy shows it.
 */
export async function publish(
  writes: readonly DirectoryWrite[],
  directory: Directory,
  organization: LocalCopy,
): Promise<void> {
  const ids = writes.map(({ id }) => id).sort();
  const gone = (organization.objects("labFile")[0]?.ids ?? []).filter((id) => !ids.includes(id));
  const removals = gone.map((id): DirectoryWrite => ({ id, remove: true }));
  await organization.caughtUp(await directory.write([...writes, objectWrite("labFile", { ids }), ...removals]));
}
