/**
 * A DIRECTORY CHANGE'S JOURNEY: what the organization is, and how every server learns of a change to it.
 *
 * The vocabulary comes first (server, site, recipient, the domains, the connectors, what concerns all transport servers,
 * edge-sync for what EdgeSync keeps); objects.ts turns each into a write and back. directory.ts is the contract of a
 * store with a change log; redis-store.ts and embedded-store.ts keep it, open-directory.ts chooses between them.
 * local-copy.ts follows one and answers at once, also while the store is away. Replication to Edge servers is left to
 * edgesync, certificates' meaning to certificates.
 */
export {
  type AcceptedDomain,
  type AcceptedDomainType,
  acceptedDomainTypes,
  type OrganizationSettings,
} from "./accepted-domain.ts";
export {
  type AuthMechanism,
  authMechanisms,
  edgeReceiveConnectors,
  hubReceiveConnectors,
  newReceiveConnector,
  type PermissionGroup,
  permissionGroups,
  type ReceiveConnector,
} from "./connector.ts";
export { isSameCookie } from "./change-log.ts";
export type {
  Attributes,
  ChangeSet,
  Directory,
  DirectoryChange,
  DirectoryCookie,
  DirectoryWrite,
  Json,
  ObjectPage,
  StoredObject,
} from "./directory.ts";
export {
  type EdgeSyncCredential,
  type EdgeSyncLease,
  type EdgeSyncPosition,
  type ReplicationAccount,
  type ReplicationScope,
  replicationScopes,
} from "./edge-sync.ts";
export { followDirectory, type LocalCopy } from "./local-copy.ts";
export { defaultMessageClassifications, type MessageClassification } from "./message-classification.ts";
export {
  accountId,
  type DirectoryObjects,
  leaseId,
  objectChange,
  objectId,
  type ObjectKind,
  objectWrite,
  positionId,
  receiveConnectorId,
  recipientId,
  serverId,
  storedAs,
} from "./objects.ts";
export { type OpenedAdam, type OpenedDirectory, openDirectory, type OpenDirectoryOptions } from "./open-directory.ts";
export type { OrganizationView } from "./organization-view.ts";
export { type EdgeRecipient, hashAddress, hashSafelist, type Mailbox, recipientGuid } from "./recipient.ts";
export { defaultRemoteDomain, oofTypes, type RemoteDomain } from "./remote-domain.ts";
export {
  type AddressSpace,
  defaultSendConnector,
  formatAddressSpace,
  parseAddressSpace,
  type SendConnector,
  smartHostAuthMechanisms,
} from "./send-connector.ts";
export {
  defaultEdgeTransportSettings,
  defaultTransportSettings,
  type EdgeServerFacts,
  type ExchangeServer,
  isEdge,
  isHub,
  type ProtocolLoggingLevel,
  type ServerRole,
  serverRoles,
  type TransportSettings,
} from "./server.ts";
export { costOf, type Site, type SiteLink } from "./site.ts";
export { defaultTransportConfig, type TransportConfig } from "./transport-config.ts";
