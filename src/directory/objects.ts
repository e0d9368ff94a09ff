import type { AcceptedDomain, OrganizationSettings } from "./accepted-domain.ts";
import type { ReceiveConnector } from "./connector.ts";
import type { Attributes, DirectoryWrite, Json, StoredObject } from "./directory.ts";
import type { EdgeSyncCredential, EdgeSyncLease, EdgeSyncPosition, ReplicationAccount } from "./edge-sync.ts";
import type { MessageClassification } from "./message-classification.ts";
import type { EdgeRecipient, Mailbox } from "./recipient.ts";
import type { RemoteDomain } from "./remote-domain.ts";
import type { SendConnector } from "./send-connector.ts";
import type { ExchangeServer } from "./server.ts";
import type { Site, SiteLink } from "./site.ts";
import type { TransportConfig } from "./transport-config.ts";

/**
 * Every kind of object in Active Directory's and in ADAM's place, and what an object of it looks like. Sites, site
 * links and mailboxes are in Active Directory alone, recipients, accounts, leases and positions in ADAM alone.
 */
export interface DirectoryObjects {
  organization: OrganizationSettings;
  server: ExchangeServer;
  site: Site;
  siteLink: SiteLink;
  mailbox: Mailbox;
  acceptedDomain: AcceptedDomain;
  remoteDomain: RemoteDomain;
  messageClassification: MessageClassification;
  transportConfig: TransportConfig;
  receiveConnector: ReceiveConnector;
  sendConnector: SendConnector;
  edgeSyncCredential: EdgeSyncCredential;
  recipient: EdgeRecipient;
  replicationAccount: ReplicationAccount;
  edgeSyncLease: EdgeSyncLease;
  edgeSyncPosition: EdgeSyncPosition;
  labFile: LabFile;
}

/** What the lab file declared at the last start, so that the next one knows what it no longer declares. */
export interface LabFile {
  ids: readonly string[];
}
export type ObjectKind = keyof DirectoryObjects;

/** The id of an object of each kind, by what names it. */
export const serverId = (name: string): string => `server/${name}`;
export const receiveConnectorId = (server: string, name: string): string => `receiveConnector/${server}\\${name}`;
export const recipientId = (guid: string): string => `recipient/${guid}`;
export const positionId = (scope: string): string => `edgeSyncPosition/${scope}`;
export const accountId = (userName: string): string => `replicationAccount/${userName}`;
export const leaseId = "edgeSyncLease/lease";
const transportConfigId = "transportConfig/Transport Settings";

const idOf: { readonly [K in ObjectKind]: (object: DirectoryObjects[K]) => string } = {
  organization: ({ name }) => `organization/${name}`,
  server: ({ name }) => serverId(name),
  site: ({ name }) => `site/${name}`,
  siteLink: ({ name }) => `siteLink/${name}`,
  mailbox: ({ name }) => `mailbox/${name}`,
  acceptedDomain: ({ name }) => `acceptedDomain/${name}`,
  remoteDomain: ({ name }) => `remoteDomain/${name}`,
  messageClassification: ({ name }) => `messageClassification/${name}`,
  transportConfig: () => transportConfigId,
  receiveConnector: ({ server, name }) => receiveConnectorId(server, name),
  sendConnector: ({ name }) => `sendConnector/${name}`,
  edgeSyncCredential: ({ holder, userName }) => `edgeSyncCredential/${holder}/${userName}`,
  recipient: ({ guid }) => recipientId(guid),
  replicationAccount: ({ userName }) => accountId(userName),
  edgeSyncLease: () => leaseId,
  edgeSyncPosition: ({ scope }) => positionId(scope),
  labFile: () => "labFile/declared",
};

/** The id under which an object is stored: `objectId("site", { name: "SiteA", hubSiteEnabled: false })`. */
export const objectId = <K extends ObjectKind>(kind: K, object: DirectoryObjects[K]): string => idOf[kind](object);

/** Writes a whole object: `objectWrite("site", { name: "SiteA", hubSiteEnabled: false })`. */
export function objectWrite<K extends ObjectKind>(kind: K, object: DirectoryObjects[K]): DirectoryWrite {
  return { id: idOf[kind](object), kind, set: attributesOf(object) };
}

/**
 * Changes some attributes of an object that exists, leaving the rest to whoever else writes them:
 * `objectChange("server", serverId("Ex2007EE"), { internalTransportCertificate })`. An attribute that is itself an
 * object is replaced whole.
 */
export function objectChange<K extends ObjectKind>(
  kind: K,
  id: string,
  changes: Partial<DirectoryObjects[K]>,
): DirectoryWrite {
  return { id, kind, set: attributesOf(changes) };
}

/** Attributes without which an object is nothing: a change to an object that was removed meanwhile leaves such. */
const identity: { readonly [K in ObjectKind]: readonly (keyof DirectoryObjects[K] & string)[] } = {
  organization: ["name"],
  server: ["name", "fqdn", "roles"],
  site: ["name"],
  siteLink: ["name", "sites"],
  mailbox: ["name", "addresses"],
  acceptedDomain: ["domainName"],
  remoteDomain: ["domainName"],
  messageClassification: ["name"],
  transportConfig: ["tlsReceiveDomainSecureList"],
  receiveConnector: ["server", "name"],
  sendConnector: ["name", "addressSpaces"],
  edgeSyncCredential: ["holder", "userName"],
  recipient: ["guid", "proxyAddressHashes"],
  replicationAccount: ["userName", "passwordVerifier"],
  edgeSyncLease: ["holder"],
  edgeSyncPosition: ["scope"],
  labFile: ["ids"],
};

/** The object that a store holds, or undefined where it is not whole. */
export function storedAs<K extends ObjectKind>(kind: K, stored: StoredObject): DirectoryObjects[K] | undefined {
  const attributes: unknown = Object.freeze({ ...stored.attributes });
  return isWhole(kind, attributes) ? attributes : undefined;
}

/** Only we write to the directory: what has its identity has the rest, in the shapes we gave it. */
const isWhole = <K extends ObjectKind>(kind: K, attributes: unknown): attributes is DirectoryObjects[K] =>
  typeof attributes === "object" && attributes !== null && identity[kind].every((name) => name in attributes);

/** What was made an object by `storedAs` is its attributes still. */
export const asAttributes = (object: object): Attributes => object as Attributes;

const attributesOf = (object: object): Record<string, Json> => Object.fromEntries(Object.entries(object));
