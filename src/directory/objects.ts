import type { AcceptedDomain, OrganizationSettings } from "./accepted-domain.ts";
import type { ReceiveConnector } from "./connector.ts";
import type { DirectoryWrite, Json, StoredObject } from "./directory.ts";
import type { Mailbox } from "./recipient.ts";
import type { ExchangeServer } from "./server.ts";
import type { Site, SiteLink } from "./site.ts";

/** Every kind of object in Active Directory's place, and what an object of it looks like. */
export interface DirectoryObjects {
  organization: OrganizationSettings;
  server: ExchangeServer;
  site: Site;
  siteLink: SiteLink;
  mailbox: Mailbox;
  acceptedDomain: AcceptedDomain;
  receiveConnector: ReceiveConnector;
}
export type ObjectKind = keyof DirectoryObjects;

const organizationId = (name: string): string => `organization/${name}`;
export const serverId = (name: string): string => `server/${name}`;
export const siteId = (name: string): string => `site/${name}`;
const siteLinkId = (name: string): string => `siteLink/${name}`;
export const mailboxId = (name: string): string => `mailbox/${name}`;
export const acceptedDomainId = (name: string): string => `acceptedDomain/${name}`;
export const receiveConnectorId = (server: string, name: string): string => `receiveConnector/${server}\\${name}`;

const idOf: { readonly [K in ObjectKind]: (object: DirectoryObjects[K]) => string } = {
  organization: ({ name }) => organizationId(name),
  server: ({ name }) => serverId(name),
  site: ({ name }) => siteId(name),
  siteLink: ({ name }) => siteLinkId(name),
  mailbox: ({ name }) => mailboxId(name),
  acceptedDomain: ({ name }) => acceptedDomainId(name),
  receiveConnector: ({ server, name }) => receiveConnectorId(server, name),
};

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
  receiveConnector: ["server", "name"],
};

/** The object that a store holds, or undefined where it is not whole. */
export function storedAs<K extends ObjectKind>(kind: K, stored: StoredObject): DirectoryObjects[K] | undefined {
  const attributes: unknown = Object.freeze({ ...stored.attributes });
  return isWhole(kind, attributes) ? attributes : undefined;
}

/** Only we write to the directory: what has its identity has the rest, in the shapes we gave it. */
const isWhole = <K extends ObjectKind>(kind: K, attributes: unknown): attributes is DirectoryObjects[K] =>
  typeof attributes === "object" && attributes !== null && identity[kind].every((name) => name in attributes);

const attributesOf = (object: object): Record<string, Json> => Object.fromEntries(Object.entries(object));
