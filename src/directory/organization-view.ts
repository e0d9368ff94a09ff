import { addressKey } from "../smtp/index.ts";
import type { AcceptedDomain, OrganizationSettings } from "./accepted-domain.ts";
import type { ReceiveConnector } from "./connector.ts";
import type { EdgeSyncPosition, ReplicationScope } from "./edge-sync.ts";
import type { ChangeSet, DirectoryChange, DirectoryCookie, StoredObject } from "./directory.ts";
import { directoryEmpty } from "./errors.ts";
import { asAttributes, type DirectoryObjects, type ObjectKind, storedAs } from "./objects.ts";
import { hashAddress, type Mailbox } from "./recipient.ts";
import type { ExchangeServer } from "./server.ts";
import { Shelf } from "./shelf.ts";
import type { Site, SiteLink } from "./site.ts";
import { defaultTransportConfig, type TransportConfig } from "./transport-config.ts";

/**
 * The organization as one server knows it: answers at once, from memory, at a cost that does not grow with the
 * organization. Lists are ordered by name. What it returns is shared and frozen, and never changes afterwards.
 */
export interface OrganizationView {
  /** How far the changes go that it has taken in. */
  readonly cookie: DirectoryCookie;
  /** Throws DIRECTORY_EMPTY where there is none. */
  organization(): OrganizationSettings;
  servers(): readonly ExchangeServer[];
  /** By host name; case does not matter. */
  server(name: string): ExchangeServer | undefined;
  /** Case does not matter. */
  serverByFqdn(fqdn: string): ExchangeServer | undefined;
  sites(): readonly Site[];
  siteLinks(): readonly SiteLink[];
  mailboxes(): readonly Mailbox[];
  /** By any of its addresses; case does not matter. */
  mailboxByAddress(address: string): Mailbox | undefined;
  /** By alias; case does not matter. */
  mailbox(name: string): Mailbox | undefined;
  acceptedDomains(): readonly AcceptedDomain[];
  /** Case does not matter; a domain below an accepted one is another domain. */
  acceptedDomain(domain: string): AcceptedDomain | undefined;
  /** What is set, or the defaults where nothing is. */
  transportConfig(): TransportConfig;
  /** Every object of a kind. */
  objects<K extends ObjectKind>(kind: K): readonly DirectoryObjects[K][];
  /** Whether an Edge server's ADAM holds the hash of this address; case does not matter. */
  hasRecipient(address: string): boolean;
  /** How far an Edge server's ADAM has come. */
  edgeSyncPosition(scope: ReplicationScope): EdgeSyncPosition | undefined;
  /** The connectors of one server; case does not matter. */
  receiveConnectors(server: string): readonly ReceiveConnector[];
  /** Calls back after any change, when the view already shows it, until the returned function is called. */
  onChange(listener: () => void): () => void;
}

const byName = (text: string): string => `name ${text.toLowerCase()}`;
const byFqdn = (text: string): string => `fqdn ${text.toLowerCase()}`;
const byAddress = (text: string): string => `address ${addressKey(text)}`;
const byDomain = (text: string): string => `domain ${text.toLowerCase()}`;
const byHash = (hash: string): string => `hash ${hash}`;
const byServer = (text: string): string => `server ${text.toLowerCase()}`;

type Shelves = { readonly [K in ObjectKind]: Shelf<DirectoryObjects[K]> };

const emptyShelves = (): Shelves => ({
  organization: new Shelf(({ name }) => [byName(name)]),
  server: new Shelf(({ name, fqdn }) => [byName(name), byFqdn(fqdn)]),
  site: new Shelf(({ name }) => [byName(name)]),
  siteLink: new Shelf(({ name }) => [byName(name)]),
  mailbox: new Shelf(({ name, addresses }) => [byName(name), ...addresses.map(byAddress)]),
  acceptedDomain: new Shelf(({ domainName }) => [byDomain(domainName)]),
  remoteDomain: new Shelf(() => []),
  messageClassification: new Shelf(() => []),
  transportConfig: new Shelf(() => []),
  receiveConnector: new Shelf(({ server }) => [byServer(server)]),
  sendConnector: new Shelf(() => []),
  edgeSyncCredential: new Shelf(() => []),
  recipient: new Shelf(({ proxyAddressHashes }) => proxyAddressHashes.map(byHash)),
  replicationAccount: new Shelf(() => []),
  edgeSyncLease: new Shelf(() => []),
  edgeSyncPosition: new Shelf(() => []),
  labFile: new Shelf(() => []),
});

/** The objects of a view, each kind on its shelf. */
export class Organization {
  #shelves = emptyShelves();

  organization(): OrganizationSettings {
    const settings = this.#shelves.organization.list()[0];
    if (!settings) throw directoryEmpty();
    return settings;
  }
  servers(): readonly ExchangeServer[] {
    return this.#shelves.server.list();
  }
  server(name: string): ExchangeServer | undefined {
    return this.#shelves.server.find(byName(name))[0];
  }
  serverByFqdn(fqdn: string): ExchangeServer | undefined {
    return this.#shelves.server.find(byFqdn(fqdn))[0];
  }
  sites(): readonly Site[] {
    return this.#shelves.site.list();
  }
  siteLinks(): readonly SiteLink[] {
    return this.#shelves.siteLink.list();
  }
  mailboxes(): readonly Mailbox[] {
    return this.#shelves.mailbox.list();
  }
  mailboxByAddress(address: string): Mailbox | undefined {
    return this.#shelves.mailbox.find(byAddress(address))[0];
  }
  mailbox(name: string): Mailbox | undefined {
    return this.#shelves.mailbox.find(byName(name))[0];
  }
  acceptedDomains(): readonly AcceptedDomain[] {
    return this.#shelves.acceptedDomain.list();
  }
  acceptedDomain(domain: string): AcceptedDomain | undefined {
    return this.#shelves.acceptedDomain.find(byDomain(domain))[0];
  }
  transportConfig(): TransportConfig {
    return this.#shelves.transportConfig.list()[0] ?? defaultTransportConfig;
  }
  objects<K extends ObjectKind>(kind: K): readonly DirectoryObjects[K][] {
    const shelf: Shelf<DirectoryObjects[K]> = this.#shelves[kind];
    return shelf.list();
  }
  hasRecipient(address: string): boolean {
    return this.#shelves.recipient.has(byHash(hashAddress(address)));
  }
  edgeSyncPosition(scope: ReplicationScope): EdgeSyncPosition | undefined {
    return this.#shelves.edgeSyncPosition.list().find((position) => position.scope === scope);
  }
  receiveConnectors(server: string): readonly ReceiveConnector[] {
    return this.#shelves.receiveConnector.find(byServer(server));
  }

  /** Every object of some kinds, in the order of their USNs. */
  everything(kinds: readonly ObjectKind[]): readonly StoredObject[] {
    const found = kinds.flatMap((kind) => this.#entriesOf(kind));
    return kinds.length === 1 ? found : found.sort((a, b) => a.usn - b.usn);
  }

  #entriesOf<K extends ObjectKind>(kind: K): StoredObject[] {
    const shelf: Shelf<DirectoryObjects[K]> = this.#shelves[kind];
    return Array.from(shelf.entries(), ({ id, object, usn }) => ({ id, kind, usn, attributes: asAttributes(object) }));
  }

  /**
   * Takes in what a directory answered.
   * Ours: a directory that has come back without its organization has lost it, and whoever knows it keeps it: mail
   * flows on until somebody fills the directory again.
   *
   * @returns whether it was taken
   */
  take({ full, changes }: ChangeSet): boolean {
    if (full && !changes.some(isOrganization) && this.#shelves.organization.list().length > 0) return false;
    if (full) this.#shelves = emptyShelves();
    for (const change of changes) this.#apply(change);
    return true;
  }

  #apply(change: DirectoryChange): void {
    const kind = change.kind === "changed" ? change.object.kind : change.objectKind;
    if (isKnown(kind)) applyTo(this.#shelves, kind, change);
  }
}

function applyTo<K extends ObjectKind>(shelves: Shelves, kind: K, change: DirectoryChange): void {
  const shelf: Shelf<DirectoryObjects[K]> = shelves[kind];
  const object = change.kind === "removed" ? undefined : storedAs(kind, change.object);
  if (change.kind === "changed" && object) shelf.put(change.object.id, object, change.object.usn);
  else shelf.remove(change.kind === "removed" ? change.id : change.object.id);
}

const isOrganization = (change: DirectoryChange): boolean =>
  change.kind === "changed" && change.object.kind === "organization";

const knownKinds: ReadonlySet<string> = new Set(Object.keys(emptyShelves()));

/** A newer version may keep kinds that this one does not know. */
const isKnown = (kind: string): kind is ObjectKind => knownKinds.has(kind);
