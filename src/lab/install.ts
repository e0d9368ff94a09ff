import { join } from "node:path";
import {
  type CertificateStore,
  installDefaultCertificate,
  type KeySource,
  type MachineKey,
  openCertificateStore,
  openMachineKey,
} from "../certificates/index.ts";
import {
  defaultTransportSettings,
  type DirectoryWrite,
  type ExchangeServer,
  hubReceiveConnectors,
  objectWrite,
  type OrganizationView,
} from "../directory/index.ts";
import { formatEndpoint, type Endpoint } from "../smtp/index.ts";
import type { Topology } from "./api.ts";

/** What Setup leaves on a server: its certificate store and its machine key, in a folder of its own. */
export interface InstalledServer {
  name: string;
  fqdn: string;
  site: string;
  roles: Topology["servers"][number]["roles"];
  protocolLogging: Topology["servers"][number]["protocolLogging"];
  folder: string;
  store: CertificateStore;
  machineKey: MachineKey;
}

/**
 * Installs one server, or finds it installed: a server that has a certificate keeps it. Every role but Mailbox brings a
 * self-signed certificate, valid one year from lab time. Source: [bb851554], [bb124273].
 */
export async function installServer(
  declared: Topology["servers"][number],
  lab: { dataFolder: string; dnsSuffix: string; keys: KeySource; at: Date },
): Promise<InstalledServer> {
  const folder = join(lab.dataFolder, "servers", declared.name);
  const { name, site, roles, protocolLogging } = declared;
  const fqdn = `${name}.${lab.dnsSuffix}`;
  const [store, machineKey] = await Promise.all([
    openCertificateStore(join(folder, "certificates")),
    openMachineKey(folder),
  ]);
  if (store.list().length === 0) await installDefaultCertificate(store, { name, fqdn, roles }, lab.keys, lab.at);
  return { name, fqdn, site, roles, protocolLogging, folder, store, machineKey };
}

/**
 * What the directory has to hold about a server: its object with the internal transport certificate, and its receive
 * connectors. What an administrator has changed since an earlier start is kept; endpoints are those of this start.
 */
export function serverWrites(
  server: InstalledServer,
  bindings: { default: Endpoint; client: Endpoint } | undefined,
  organization: OrganizationView,
): DirectoryWrite[] {
  const { name, fqdn, site, roles, store, machineKey } = server;
  const before = organization.server(name);
  const published =
    before?.internalTransportCertificateThumbprint ??
    store.list().find((certificate) => certificate.services.includes("SMTP"))?.thumbprint ??
    null;
  const certificate = published === null ? undefined : store.find(published);
  const object: ExchangeServer = {
    name,
    fqdn,
    site,
    roles,
    internalTransportCertificate: certificate
      ? Buffer.from(certificate.der).toString("base64")
      : (before?.internalTransportCertificate ?? null),
    internalTransportCertificateThumbprint: published,
    machineKey: machineKey.publicKey,
    transport: bindings
      ? (before?.transport ?? {
          ...defaultTransportSettings,
          intraOrgConnectorProtocolLoggingLevel: server.protocolLogging,
        })
      : null,
    edge: null,
  };
  return [objectWrite("server", object), ...(bindings ? connectorWrites(server, bindings, organization) : [])];
}

function connectorWrites(
  { name, protocolLogging }: InstalledServer,
  bindings: { default: Endpoint; client: Endpoint },
  organization: OrganizationView,
): DirectoryWrite[] {
  const places = { default: formatEndpoint(bindings.default), client: formatEndpoint(bindings.client) };
  return hubReceiveConnectors(name, places).map((fresh) => {
    const before = organization.receiveConnectors(name).find((connector) => connector.name === fresh.name);
    return objectWrite(
      "receiveConnector",
      before ? { ...before, bindings: fresh.bindings } : { ...fresh, protocolLoggingLevel: protocolLogging },
    );
  });
}
