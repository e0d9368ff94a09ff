/**
 * A DIRECTORY CHANGE'S JOURNEY: what the organization is, and how every server learns of a change to it.
 *
 * The vocabulary comes first (server, site, recipient, accepted-domain, connector); objects.ts turns each into a
 * write and back. directory.ts is the contract of a store with a change log; redis-store.ts and embedded-store.ts keep
 * it, open-directory.ts chooses between them. local-copy.ts follows one and answers at once, also while the store is
 * away. Replication to Edge servers is left to edgesync, certificates' meaning to certificates.
 */
export type { AcceptedDomain, OrganizationSettings } from "./accepted-domain.ts";
export {
  type AuthMechanism,
  authMechanisms,
  hubReceiveConnectors,
  type PermissionGroup,
  permissionGroups,
  type ReceiveConnector,
} from "./connector.ts";
export type {
  Attributes,
  ChangeSet,
  Directory,
  DirectoryChange,
  DirectoryCookie,
  DirectoryWrite,
  Json,
  StoredObject,
} from "./directory.ts";
export { followDirectory, type LocalCopy } from "./local-copy.ts";
export {
  acceptedDomainId,
  type DirectoryObjects,
  mailboxId,
  objectChange,
  type ObjectKind,
  objectWrite,
  receiveConnectorId,
  serverId,
  siteId,
} from "./objects.ts";
export { type OpenedDirectory, openDirectory, type OpenDirectoryOptions } from "./open-directory.ts";
export type { OrganizationView } from "./organization-view.ts";
export type { Mailbox } from "./recipient.ts";
export {
  defaultTransportSettings,
  type ExchangeServer,
  type ProtocolLoggingLevel,
  type ServerRole,
  serverRoles,
  type TransportSettings,
} from "./server.ts";
export { costOf, type Site, type SiteLink } from "./site.ts";
