import { parseCertificate } from "../../certificates/index.ts";
import {
  acceptedDomainTypes,
  type Attributes,
  type DirectoryObjects,
  isEdge,
  isHub,
  objectId,
  oofTypes,
  serverId,
  serverRoles,
  smartHostAuthMechanisms,
} from "../../directory/index.ts";
import { type EdgeChange, type ReplicaKind, startsFrom } from "./replica.ts";
import {
  anything,
  base64,
  flag,
  instant,
  listOf,
  nothing,
  oneOf,
  orNull,
  type Read,
  readWithin,
  record,
  text,
  Unreadable,
  whole,
} from "./shape.ts";

/** What an object of each kind looks like when it comes to an Edge server: every field known, every length limited. */
const shapes: { readonly [K in ReplicaKind]: Read<DirectoryObjects[K]> } = {
  server: record<DirectoryObjects["server"]>({
    name: text(63),
    fqdn: text(253),
    site: text(256),
    roles: listOf(oneOf(...serverRoles), serverRoles.length),
    internalTransportCertificate: orNull(base64(16_384)),
    internalTransportCertificateThumbprint: orNull(text(40, /^[0-9A-F]{40}$/)),
    machineKey: nothing,
    transport: nothing,
    edge: nothing,
  }),
  edgeSyncCredential: record<DirectoryObjects["edgeSyncCredential"]>({
    holder: text(63),
    targetServerFqdn: text(253),
    sourceServerFqdn: orNull(text(253)),
    userName: text(256),
    effectiveTime: instant,
    expirationTime: instant,
    sealedTo: text(40, /^[0-9A-F]{40}$/),
    sealedPassword: base64(8192),
  }),
  sendConnector: record<DirectoryObjects["sendConnector"]>({
    name: text(256),
    enabled: flag,
    addressSpaces: listOf(record({ type: oneOf("SMTP"), domain: text(253), cost: whole(1, 100) }), 1000),
    sourceTransportServers: listOf(text(63), 1000),
    dnsRoutingEnabled: flag,
    smartHosts: listOf(text(253), 1000),
    smartHostAuthMechanism: oneOf(...smartHostAuthMechanisms),
    port: whole(1, 65_535),
    fqdn: orNull(text(253)),
    requireTls: flag,
    ignoreStartTls: flag,
    forceHelo: flag,
    domainSecureEnabled: flag,
    isScopedConnector: flag,
    maxMessageSizeBytes: whole(),
    protocolLoggingLevel: oneOf("None", "Verbose"),
    comment: text(4096),
  }),
  acceptedDomain: record<DirectoryObjects["acceptedDomain"]>({
    name: text(256),
    domainName: text(253),
    domainType: oneOf(...acceptedDomainTypes),
    default: flag,
  }),
  remoteDomain: record<DirectoryObjects["remoteDomain"]>({
    name: text(256),
    domainName: text(253),
    allowedOofType: oneOf(...oofTypes),
    autoReplyEnabled: flag,
    autoForwardEnabled: flag,
    deliveryReportEnabled: flag,
    ndrEnabled: flag,
  }),
  messageClassification: record<DirectoryObjects["messageClassification"]>({
    name: text(256),
    displayName: text(256),
    senderDescription: text(4096),
  }),
  transportConfig: record<DirectoryObjects["transportConfig"]>({
    tlsSendDomainSecureList: listOf(text(253), 10_000),
    tlsReceiveDomainSecureList: listOf(text(253), 10_000),
    internalSmtpServers: listOf(text(253), 10_000),
  }),
  recipient: record<DirectoryObjects["recipient"]>({
    guid: text(36, /^[0-9a-f-]{36}$/),
    proxyAddressHashes: listOf(text(64, /^[0-9a-f]{64}$/), 1000),
    safeSendersHash: orNull(text(8192, /^(?:[0-9a-f]{8})+$/)),
    safeRecipientsHash: orNull(text(8192, /^(?:[0-9a-f]{8})+$/)),
  }),
};

const ownServer = record<{ site: string }>({ site: text(256) });

/**
 * Reads one change that a Hub sends. It must be about a kind of its scope, have exactly that kind's fields, and be what
 * its id says; a server must be a Hub with the certificate that its thumbprint names, a credential and a connector must
 * be this Edge server's own. Of this Edge server itself nothing may be changed but its site.
 *
 * @param own this Edge server's name
 */
export function readEdgeChange(kinds: readonly ReplicaKind[], own: string): Read<EdgeChange> {
  const kindOf = oneOf(...kinds);
  const ownId = serverId(own);
  return (value) => {
    const given: { id?: unknown; kind?: unknown; set?: unknown; remove?: unknown } =
      typeof value === "object" && value !== null ? value : {};
    const id = readWithin("id", readId, given.id);
    const kind = readWithin("kind", kindOf, given.kind ?? id.slice(0, id.indexOf("/")));
    if (!id.startsWith(`${kind}/`)) throw new Unreadable(`must begin with ${kind}/`).within("id");
    if (given.remove !== undefined) {
      if (id === ownId) throw new Unreadable("must not remove this server");
      return readRemoval(value);
    }
    readFrame(value);
    if (id === ownId) return { id, kind, set: { ...readWithin("set", ownServer, given.set) } };
    const object = readWithin("set", shapes[kind] as Read<DirectoryObjects[typeof kind]>, given.set);
    assertHolds(kind, object, id, own);
    return { id, kind, set: object as unknown as Attributes };
  };
}

const readId = text(1024);
const readRemoval = record<{ id: string; remove: true }>({ id: readId, remove: oneOf(true) });
const readFrame = record<{ id: string; kind: string; set: unknown }>({ id: readId, kind: text(64), set: anything });

function assertHolds<K extends ReplicaKind>(kind: K, object: DirectoryObjects[K], id: string, own: string): void {
  if (objectId(kind, object) !== id) throw new Unreadable(`must be ${id}, as it says`).within("set");
  const problem = whyNotToHold(kind, object, own);
  if (problem) throw new Unreadable(problem).within("set");
}

const checks: { readonly [P in ReplicaKind]?: (object: DirectoryObjects[P], own: string) => string | undefined } = {
  server: (server) => {
    if (!isHub(server) || isEdge(server)) return "must be a Hub Transport server";
    return certificateFits(server) ? undefined : "must have the certificate that its thumbprint names";
  },
  edgeSyncCredential: ({ holder }, own) => (holder === own ? undefined : "must be for this server"),
  sendConnector: ({ sourceTransportServers }, own) =>
    startsFrom(sourceTransportServers, own) ? undefined : "must have this server among its sources",
};

function whyNotToHold<K extends ReplicaKind>(kind: K, object: DirectoryObjects[K], own: string): string | undefined {
  const check: ((object: DirectoryObjects[K], own: string) => string | undefined) | undefined = checks[kind];
  return check?.(object, own);
}

function certificateFits(server: DirectoryObjects["server"]): boolean {
  const { internalTransportCertificate: der, internalTransportCertificateThumbprint: thumbprint } = server;
  if (der === null || thumbprint === null) return der === thumbprint;
  try {
    return parseCertificate(Buffer.from(der, "base64")).thumbprint === thumbprint;
  } catch {
    return false;
  }
}
