import {
  type DirectoryChange,
  type DirectoryObjects,
  hashAddress,
  hashSafelist,
  isHub,
  objectId,
  type ObjectKind,
  recipientGuid,
  recipientId,
  type ReplicationScope,
  serverId,
  storedAs,
  type StoredObject,
} from "../../directory/index.ts";
import { type EdgeChange, type ReplicaKind, startsFrom } from "../wire/replica.ts";

/** An Edge server as Active Directory describes it: enough to tell what it is to hold. */
export interface SubscribedEdge {
  name: string;
  /** The Active Directory site that it is subscribed to. */
  site: string;
}

/** What is looked at in Active Directory for each scope. Source: [bb232177]. */
export const sourceKinds: Readonly<Record<ReplicationScope, readonly ObjectKind[]>> = {
  Topology: ["server", "edgeSyncCredential"],
  Configuration: ["sendConnector", "acceptedDomain", "remoteDomain", "messageClassification", "transportConfig"],
  Recipients: ["mailbox"],
};

/** A change that is to be replicated, with the place in Active Directory's history where it comes from. */
export interface PlannedChange {
  usn: number;
  change: EdgeChange;
}

/**
 * What to write to one Edge server's ADAM so that it mirrors what Active Directory now holds. Pure, and safe to repeat:
 * a plan that is applied twice leaves what it left the first time.
 *
 * @param changes of Active Directory, in USN order, at most one per object
 * @returns in the same order; what is none of the Edge server's business is left out. An object that it may have held
 *   and is to hold no longer is removed, whether it held it or not
 * Source: [bb232177] what is sent; [bb232180] one way, changes only.
 */
export const planReplication = (
  changes: readonly DirectoryChange[],
  scope: ReplicationScope,
  edge: SubscribedEdge,
): readonly PlannedChange[] =>
  changes.flatMap((change): PlannedChange[] => {
    const kind = change.kind === "changed" ? change.object.kind : change.objectKind;
    if (!sourceKinds[scope].some((wanted) => wanted === kind)) return [];
    const usn = change.kind === "changed" ? change.object.usn : change.usn;
    const planned =
      change.kind === "changed" ? planObject(change.object, edge) : planRemoval(change.id, change.objectKind, edge);
    return planned ? [{ usn, change: planned }] : [];
  });

/** What one object of Active Directory means to an Edge server; undefined where it never meant anything to it. */
export function planObject(object: StoredObject, edge: SubscribedEdge): EdgeChange | undefined {
  const { id } = object;
  switch (object.kind) {
    case "server":
      return planServer(id, storedAs("server", object), edge);
    case "edgeSyncCredential":
      return storedAs("edgeSyncCredential", object)?.holder === edge.name
        ? whole("edgeSyncCredential", storedAs("edgeSyncCredential", object), id)
        : undefined;
    case "sendConnector": {
      const connector = storedAs("sendConnector", object);
      return connector && startsFrom(connector.sourceTransportServers, edge.name)
        ? whole("sendConnector", connector, id)
        : { id, remove: true };
    }
    case "mailbox":
      return planMailbox(storedAs("mailbox", object));
    case "acceptedDomain":
      return whole("acceptedDomain", storedAs("acceptedDomain", object), id);
    case "remoteDomain":
      return whole("remoteDomain", storedAs("remoteDomain", object), id);
    case "messageClassification":
      return whole("messageClassification", storedAs("messageClassification", object), id);
    case "transportConfig":
      return whole("transportConfig", storedAs("transportConfig", object), id);
    default:
      return undefined;
  }
}

function planRemoval(id: string, kind: string, edge: SubscribedEdge): EdgeChange | undefined {
  const name = id.slice(kind.length + 1);
  if (kind === "mailbox") return { id: recipientId(recipientGuid(name)), remove: true };
  if (kind === "server" && id === serverId(edge.name)) return undefined;
  if (kind === "edgeSyncCredential" && !name.startsWith(`${edge.name}/`)) return undefined;
  return { id, remove: true };
}

/**
 * A Hub of the site with its certificate; of the Edge server itself no more than its site, for what else it is only it
 * knows. Source: [bb232177], topology: the Hubs of the site and their certificates.
 */
function planServer(
  id: string,
  server: DirectoryObjects["server"] | undefined,
  edge: SubscribedEdge,
): EdgeChange | undefined {
  if (id === serverId(edge.name)) return { id, kind: "server", set: { site: edge.site } };
  if (!server || !isHub(server) || server.site !== edge.site) return { id, remove: true };
  return whole("server", { ...server, machineKey: null, transport: null, edge: null }, id);
}

/**
 * A recipient without its addresses, which only their hashes tell of.
 * Source: [bb232177] hashes; recipients that take no mail from outside are not replicated.
 */
function planMailbox(mailbox: DirectoryObjects["mailbox"] | undefined): EdgeChange | undefined {
  if (!mailbox) return undefined;
  const guid = recipientGuid(mailbox.name);
  const id = recipientId(guid);
  if (mailbox.requireSenderAuthentication) return { id, remove: true };
  return whole("recipient", {
    guid,
    proxyAddressHashes: mailbox.addresses.map(hashAddress),
    safeSendersHash: hashSafelist(mailbox.safeSenders),
    safeRecipientsHash: hashSafelist(mailbox.safeRecipients),
  });
}

/** The object as it is to be held; what is not whole in Active Directory is not to be held at all. */
function whole<K extends ReplicaKind>(
  kind: K,
  object: DirectoryObjects[K] | undefined,
  id: string | undefined = object && objectId(kind, object),
): EdgeChange | undefined {
  if (id === undefined) return undefined;
  return object ? { id, kind, set: Object.fromEntries(Object.entries(object)) } : { id, remove: true };
}
