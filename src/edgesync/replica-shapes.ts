import { parseCertificate } from "../certificates/index.ts";
import {
  acceptedDomainTypes,
  type DirectoryObjects,
  isEdge,
  isHub,
  objectId,
  oofTypes,
  serverId,
  serverRoles,
  smartHostAuthMechanisms,
} from "../directory/index.ts";
import { type EdgeChange, type ReplicaKind, startsFrom } from "./plan.ts";
import {
  base64,
  flag,
  instant,
  listOf,
  nothing,
  oneOf,
  orNull,
  type Read,
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
export const readEdgeChange =
  (kinds: readonly ReplicaKind[], own: string): Read<EdgeChange> =>
  (value, place) => {
    const { id, kind, remove } = fieldsOf(value);
    const named = text(1024)(id, `${place}.id`);
    const known = oneOf(...kinds)(kind ?? named.slice(0, named.indexOf("/")), `${place}.kind`);
    if (!named.startsWith(`${known}/`)) throw new Unreadable(`${place}.id must begin with ${known}/`);
    if (remove !== undefined) {
      record<{ id: string; remove: true }>({ id: text(1024), remove: oneOf(true) })(value, place);
      if (named === serverId(own)) throw new Unreadable(`${place} must not remove this server`);
      return { id: named, remove: true };
    }
    const set = record<{ id: string; kind: string; set: unknown }>({
      id: text(1024),
      kind: text(64),
      set: (given) => given,
    })(value, place).set;
    const object = readObject(known, set, named, { own, place: `${place}.set` });
    return { id: named, kind: known, set: Object.fromEntries(Object.entries(object)) };
  };

const fieldsOf = (value: unknown): { id?: unknown; kind?: unknown; remove?: unknown } =>
  typeof value === "object" && value !== null ? value : {};

function readObject<K extends ReplicaKind>(
  kind: K,
  set: unknown,
  id: string,
  { own, place }: { own: string; place: string },
): DirectoryObjects[K] | { site: string } {
  if (id === serverId(own)) return ownServer(set, place);
  const object = shapes[kind](set, place);
  if (objectId(kind, object) !== id) throw new Unreadable(`${place} must be ${id}, as it says`);
  const problem = whyNotToHold(kind, object, own);
  if (problem) throw new Unreadable(`${place} ${problem}`);
  return object;
}

function whyNotToHold<K extends ReplicaKind>(kind: K, object: DirectoryObjects[K], own: string): string | undefined {
  const checks: { readonly [P in ReplicaKind]?: (object: DirectoryObjects[P]) => string | undefined } = {
    server: (server) => {
      if (!isHub(server) || isEdge(server)) return "must be a Hub Transport server";
      return certificateFits(server) ? undefined : "must have the certificate that its thumbprint names";
    },
    edgeSyncCredential: ({ holder }) => (holder === own ? undefined : "must be for this server"),
    sendConnector: ({ sourceTransportServers }) =>
      startsFrom(sourceTransportServers, own) ? undefined : "must have this server among its sources",
  };
  const check: ((object: DirectoryObjects[K]) => string | undefined) | undefined = checks[kind];
  return check?.(object);
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
