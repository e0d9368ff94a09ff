import { X509Certificate } from "node:crypto";
import type { Clock } from "../../base/index.ts";
import { type Certificate, parseCertificate, sealSecret } from "../../certificates/index.ts";
import {
  type Directory,
  type DirectoryWrite,
  type EdgeSyncCredential,
  type ExchangeServer,
  isEdge,
  isHub,
  type LocalCopy,
  objectId,
  objectWrite,
  serverId,
} from "../../directory/index.ts";
import type { Names } from "../../dns/index.ts";
import {
  edgeFileAltered,
  edgeFileForeign,
  edgeFileMalformed,
  edgeFileOutOfDate,
  edgeFileUsed,
  edgeHostUnknown,
  edgeNameTaken,
  edgeSiteUnknown,
  edgeSiteWithoutHub,
  edgeSubscribedElsewhere,
  edgeSubscriptionUnknown,
} from "../errors.ts";
import { connectorsWithout, connectorWrites } from "./edge-connectors.ts";
import { isSignedWith, parseSubscriptionFile, type SubscriptionFile } from "./subscription-file.ts";

/** What the organization's end of a subscription works with. */
export interface HubSubscriptionModules {
  clock: Clock;
  directory: Directory;
  organization: LocalCopy;
  names: Names;
}

export interface ImportRequest {
  site: string;
  createInternetSendConnector: boolean;
  createInboundSendConnector: boolean;
}

/**
 * Takes a subscription file into Active Directory, in one step: the Edge server with its certificate, the bootstrap
 * credential sealed for it and for each Hub of the site, the Send connectors. A subscription of the same server to the
 * same site is overwritten, with all its credentials.
 *
 * @returns the Edge server's name
 * Rejects EDGE_FILE_*, EDGE_SITE_*, EDGE_HOST_UNKNOWN, EDGE_NAME_TAKEN, EDGE_SUBSCRIBED_ELSEWHERE, having changed nothing.
 * Source: [aa997438], [bb266959]. Ours: the Hub that imports seals for all (docs/fidelity.md#edgesync-credentials).
 */
export async function importSubscription(
  modules: HubSubscriptionModules,
  text: string,
  request: ImportRequest,
): Promise<string> {
  const { directory, organization, clock } = modules;
  const { file, signature } = parseSubscriptionFile(text);
  const certificate = judgeFile(file, signature, organization, clock.now());
  const hubs = hubsOfSite(organization, request.site);
  judgePlace(modules, file, request.site);
  const cookie = await directory.write([
    objectWrite("server", edgeServerOf(file, certificate, request.site)),
    ...credentialsOf(organization, [file.edgeServerFqdn, edgeNamed(organization, file.edgeServerName)?.fqdn]).map(
      removal,
    ),
    ...bootstrapCredentials(file, certificate, hubs, clock.now()),
    ...connectorWrites(
      organization.objects("sendConnector"),
      { edge: file.edgeServerName, site: request.site },
      { internet: request.createInternetSendConnector, inbound: request.createInboundSendConnector },
    ),
  ]);
  await organization.caughtUp(cookie);
  return file.edgeServerName;
}

/** Whether the file is what an Edge server wrote, in its time, about itself. Source: [bb266959]; Ours: the signature. */
function judgeFile(file: SubscriptionFile, signature: string, organization: LocalCopy, at: Date): Certificate {
  const { edgeServerName: edge, edgeServerFqdn: fqdn } = file;
  const certificate = readCertificate(file.edgeCertificateBlob);
  if (!isSignedWith(file, signature, new X509Certificate(certificate.der).publicKey)) throw edgeFileAltered(edge);
  const until = new Date(file.effectiveDate.getTime() + file.durationMinutes * 60_000);
  const from = new Date(file.effectiveDate.getTime() - clockTolerance);
  if (at < from || at >= until) throw edgeFileOutOfDate(edge, { from: file.effectiveDate, until, at });
  if (!certificate.certificateDomains.some((name) => name.toLowerCase() === fqdn.toLowerCase()))
    throw edgeFileForeign(edge, `its certificate ${certificate.thumbprint} does not name ${fqdn}`);
  const others = organization.servers().filter(({ name }) => name.toLowerCase() !== edge.toLowerCase());
  const twin = others.find((other) => other.internalTransportCertificate === base64Of(certificate));
  if (twin) throw edgeFileForeign(edge, `its certificate ${certificate.thumbprint} is that of ${twin.name}`);
  const namesake = others.find((other) => other.fqdn.toLowerCase() === fqdn.toLowerCase());
  if (namesake) throw edgeFileForeign(edge, `${fqdn} is ${namesake.name}`);
  return certificate;
}

const base64Of = ({ der }: Certificate): string => Buffer.from(der).toString("base64");

/** Clocks may differ a little: a file that is a few minutes old in the future is taken. Ours. */
const clockTolerance = 300_000;

function readCertificate(blob: string): Certificate {
  try {
    return parseCertificate(Buffer.from(blob, "base64"));
  } catch (failure) {
    throw edgeFileMalformed(1, "<EdgeCertificateBlob> holds no certificate", failure);
  }
}

/** The Hubs that are to replicate: those that are there now. Source: [bb266959], later ones do not take part. */
function hubsOfSite(organization: LocalCopy, site: string): readonly ExchangeServer[] {
  const sites = organization.sites().map(({ name }) => name);
  if (!sites.includes(site)) throw edgeSiteUnknown(site, sites);
  const hubs = organization
    .servers()
    .filter((server) => isHub(server) && server.site === site && server.internalTransportCertificate !== null);
  if (hubs.length === 0) throw edgeSiteWithoutHub(site);
  return hubs;
}

/** Whether the Edge server may have that place in the organization. */
function judgePlace({ organization, names }: HubSubscriptionModules, file: SubscriptionFile, site: string): void {
  const { edgeServerName: name, edgeServerFqdn: fqdn, adamSslPort } = file;
  const before = organization.server(name);
  if (before && !isEdge(before)) throw edgeNameTaken(name, before.roles);
  if (before?.site && before.site !== site) throw edgeSubscribedElsewhere(name, before.site, site);
  const made = file.effectiveDate.toISOString();
  const imported = before?.edge?.subscriptionEffectiveDate ?? null;
  if (imported !== null && made <= imported) throw edgeFileUsed(name, made, imported);
  if (!names.locate(fqdn, adamSslPort)) throw edgeHostUnknown(fqdn, adamSslPort);
}

const edgeServerOf = (file: SubscriptionFile, certificate: Certificate, site: string): ExchangeServer => ({
  name: file.edgeServerName,
  fqdn: file.edgeServerFqdn,
  site,
  roles: ["EdgeTransport"],
  internalTransportCertificate: base64Of(certificate),
  internalTransportCertificateThumbprint: certificate.thumbprint,
  machineKey: null,
  transport: null,
  edge: {
    adamSslPort: file.adamSslPort,
    subscriptionEffectiveDate: file.effectiveDate.toISOString(),
    productId: file.productId,
    serialNumber: file.serialNumber,
  },
});

function bootstrapCredentials(
  file: SubscriptionFile,
  edge: Certificate,
  hubs: readonly ExchangeServer[],
  at: Date,
): DirectoryWrite[] {
  const expiry = file.effectiveDate.getTime() + file.durationMinutes * 60_000;
  const sealedFor = (holder: string, certificate: Certificate): DirectoryWrite =>
    objectWrite("edgeSyncCredential", {
      holder,
      targetServerFqdn: file.edgeServerFqdn,
      sourceServerFqdn: null,
      userName: file.esraUsername,
      effectiveTime: at.toISOString(),
      expirationTime: new Date(expiry).toISOString(),
      sealedTo: certificate.thumbprint,
      sealedPassword: sealSecret(file.esraPassword, certificate),
    });
  return [
    sealedFor(file.edgeServerName, edge),
    ...hubs.map(({ name, internalTransportCertificate: der }) =>
      sealedFor(name, parseCertificate(Buffer.from(der ?? "", "base64"))),
    ),
  ];
}

/**
 * Ends a subscription in Active Directory: the Edge server's object, its credentials and its place in connectors go.
 * Its accounts on the Edge server end with their time, or with a removal there. Rejects EDGE_SUBSCRIPTION_UNKNOWN.
 * Source: [remove-edgesubscription], run on a Hub.
 */
export async function removeSubscriptionFromOrganization(
  { directory, organization }: Pick<HubSubscriptionModules, "directory" | "organization">,
  name: string,
): Promise<void> {
  const edge = edgeNamed(organization, name);
  if (!edge)
    throw edgeSubscriptionUnknown(
      name,
      organization
        .servers()
        .filter(isEdge)
        .map((known) => known.name),
    );
  const cookie = await directory.write([
    { id: serverId(edge.name), remove: true },
    ...credentialsOf(organization, [edge.fqdn]).map(removal),
    ...connectorsWithout(organization.objects("sendConnector"), edge.name),
  ]);
  await organization.caughtUp(cookie);
}

function edgeNamed(organization: LocalCopy, name: string): ExchangeServer | undefined {
  const server = organization.server(name);
  return server && isEdge(server) ? server : undefined;
}

const credentialsOf = (
  organization: LocalCopy,
  fqdns: readonly (string | undefined)[],
): readonly EdgeSyncCredential[] =>
  organization.objects("edgeSyncCredential").filter(({ targetServerFqdn }) => fqdns.includes(targetServerFqdn));

const removal = (credential: EdgeSyncCredential): DirectoryWrite => ({
  id: objectId("edgeSyncCredential", credential),
  remove: true,
});
