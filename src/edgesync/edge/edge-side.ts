import {
  type ApplicationEvent,
  type Clock,
  type DecisionRecord,
  type Journal,
  startHttpsServer,
} from "../../base/index.ts";
import type { CertificateStore, Presentations } from "../../certificates/index.ts";
import type { Directory, LocalCopy } from "../../directory/index.ts";
import type { Endpoint } from "../../smtp/index.ts";
import type { DirectoryChangeRecord } from "../records.ts";
import type { EdgeSyncSchedule } from "../results.ts";
import { exportSubscription, removeSubscriptionFromEdge } from "../subscription/export-subscription.ts";
import { Turns, within } from "../turns.ts";
import {
  readBatch,
  readLock,
  readNothing,
  readObjectsRequest,
  readRecipientRequest,
  readRelease,
  readSweep,
  readTouch,
} from "../wire/read-request.ts";
import { readJson } from "../wire/shape.ts";
import { type ObjectsReply, type ObjectsRequest, type RecipientReply, requestPaths } from "../wire/wire.ts";
import { CredentialService } from "./credential-service.ts";
import { EdgeDoor, type InTurn } from "./edge-door.ts";
import { EdgeLease } from "./edge-lease.ts";
import { EdgeReplica } from "./edge-replica.ts";

/** What the Edge server's end of EdgeSync is made of. Active Directory is not among it, and must never be. */
export interface EdgeSideModules {
  server: { name: string; fqdn: string };
  /** Where it listens; port 0 takes any. */
  at: Endpoint;
  clock: Clock;
  journal: Journal<ApplicationEvent | DecisionRecord | DirectoryChangeRecord>;
  /** This server's own directory, and a copy of it. */
  adam: Directory;
  organization: LocalCopy;
  store: CertificateStore;
  presentations: Presentations;
  schedule: EdgeSyncSchedule;
  /** Objects that a full synchronization removes in one step; default 500. */
  batchSize?: number;
}

/** The Edge server's end of EdgeSync: it takes what Hubs bring, and asks nobody for anything. */
export interface EdgeSide {
  /** Where it really listens. */
  readonly endpoint: Endpoint;
  /** Begins a subscription, or begins it anew. Rejects EDGE_CERTIFICATE_MISSING. */
  exportSubscription(): Promise<{ text: string; expiresAt: Date }>;
  /** Rejects EDGE_SUBSCRIPTION_UNKNOWN. */
  removeSubscription(): Promise<void>;
  /** Whether a subscription file was made since the last removal. */
  isSubscribed(): boolean;
  /** Cuts all connections; what is being written is written. */
  close(): Promise<void>;
}

const day = 86_400_000;
const objectsPerPage = 1000;
/** Real time that what is being written gets. */
const closingPatienceMs = 2000;

/** Starts listening, once the directory holds this server. Rejects with the system's error where it cannot listen. */
export async function startEdgeSide(modules: EdgeSideModules): Promise<EdgeSide> {
  const { server, at, clock, adam, organization, store, presentations } = modules;
  const turns = new Turns();
  const credentials = new CredentialService(modules);
  const replica = new EdgeReplica({ ...modules, credentials });
  const lease = new EdgeLease(modules);
  let closed = false;
  let lastFile: Date | undefined;
  // What comes to its turn after the end must not write any more: another may have begun in this one's place.
  const inTurn: InTurn = (work) => turns.take(async () => (closed ? undefined : await work()));
  const answer = async (path: string, body: string, hub: string): Promise<object | undefined> => {
    switch (path) {
      case requestPaths.state:
        readJson(body, readNothing);
        return await lease.state();
      case requestPaths.lock:
        return await lease.lock(hub, readJson(body, readLock).manual);
      case requestPaths.apply:
        return await replica.apply(hub, readJson(body, readBatch));
      case requestPaths.sweep:
        return await replica.sweep(hub, readJson(body, readSweep));
      case requestPaths.release:
        return await lease.release(hub, readJson(body, readRelease));
      case requestPaths.touch:
        return await lease.touch(hub, readJson(body, readTouch));
      case requestPaths.objects:
        return await pageOf(adam, readJson(body, readObjectsRequest));
      case requestPaths.recipient:
        return recipientsWith(organization, readJson(body, readRecipientRequest).hash);
      default:
        return undefined;
    }
  };
  const door = new EdgeDoor(modules, inTurn, answer);
  const https = await startHttpsServer({
    ...at,
    // Asked at each connection, so that a new certificate is presented from the next one on.
    secureContext: () => {
      const certificate = store.find(ownThumbprint(modules));
      return certificate?.hasPrivateKey ? presentations.present(certificate, store) : undefined;
    },
    longestBody: (request) => door.longestBody(request),
    handle: (request) => door.handle(request),
  });
  let presented = ownThumbprint(modules);
  const stopListening = organization.onChange(() => {
    if (ownThumbprint(modules) === presented) return;
    presented = ownThumbprint(modules);
    https.cut(); // whoever trusts the certificate of before is to see the new one
  });
  const stopExpiry = clock.every(day, `Credential Service of ${server.name}`, () =>
    inTurn(() => credentials.removeExpired()).catch(() => undefined),
  );
  return {
    endpoint: https.endpoint,
    exportSubscription: () =>
      turns.take(async () => {
        const { text, effectiveDate, expiresAt } = await exportSubscription(modules, lastFile);
        lastFile = effectiveDate;
        return { text, expiresAt };
      }),
    removeSubscription: () => turns.take(() => removeSubscriptionFromEdge(modules)),
    isSubscribed: () => (organization.server(server.name)?.edge?.subscriptionEffectiveDate ?? null) !== null,
    async close() {
      closed = true;
      stopExpiry();
      stopListening();
      replica.close();
      await https.close();
      await within(closingPatienceMs, turns.idle());
    },
  };
}

const ownThumbprint = ({ organization, server }: EdgeSideModules): string =>
  organization.server(server.name)?.internalTransportCertificateThumbprint ?? "";

async function pageOf(adam: Directory, { kinds, after }: ObjectsRequest): Promise<ObjectsReply> {
  const { objects, reaches, last } = await adam.objectsAfter(after, { kinds, limit: objectsPerPage });
  return { objects: objects.map(({ id, kind, attributes }) => ({ id, kind, attributes })), reaches, last };
}

const recipientsWith = (organization: LocalCopy, hash: string): RecipientReply => ({
  guids: organization
    .objects("recipient")
    .filter(({ proxyAddressHashes }) => proxyAddressHashes.includes(hash))
    .map(({ guid }) => guid),
});
