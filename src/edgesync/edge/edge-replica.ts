import type { ApplicationEvent, Clock, DecisionRecord, Journal } from "../../base/index.ts";
import {
  type Directory,
  type DirectoryCookie,
  type DirectoryWrite,
  type EdgeSyncLease,
  type LocalCopy,
  objectWrite,
  type ReplicationScope,
} from "../../directory/index.ts";
import type { DirectoryChangeRecord } from "../records.ts";
import type { EdgeSyncSchedule } from "../results.ts";
import { readEdgeChange } from "../wire/replica-shapes.ts";
import { type EdgeChange, replicaKinds } from "../wire/replica.ts";
import { readWithin, Unreadable } from "../wire/shape.ts";
import {
  type ApplyReply,
  type Batch,
  changesPerBatch,
  type Sweep,
  type SweepReply,
  type UnreadableChange,
} from "../wire/wire.ts";
import { continueSweep, continueWith, finished, type Taker } from "./continuation.ts";
import type { CredentialService } from "./credential-service.ts";
import { draftChanges, leftBehind } from "./draft.ts";
import { mayWrite, renewedLock } from "./lease.ts";
import { readStanding } from "./standing.ts";

interface EdgeReplicaModules {
  server: { name: string };
  clock: Clock;
  journal: Journal<ApplicationEvent | DecisionRecord | DirectoryChangeRecord>;
  adam: Directory;
  organization: LocalCopy;
  schedule: EdgeSyncSchedule;
  credentials: CredentialService;
  batchSize?: number;
}

type Counted = { added: number; updated: number; deleted: number };

/**
 * An Edge server's ADAM as Hubs write to it: what continues what, and each step whole or not at all. Its calls must come
 * one after the other.
 */
export class EdgeReplica {
  readonly #modules: EdgeReplicaModules;
  /** What the runs that are under way have done so far. */
  readonly #sums = new Map<ReplicationScope, Counted>();
  #closed = false;
  #stopWaiting = (): void => {};

  constructor(modules: EdgeReplicaModules) {
    this.#modules = modules;
  }

  /** Lets whoever waits for this server's own copy go. */
  close(): void {
    this.#closed = true;
    this.#stopWaiting();
  }

  /**
   * Writes a batch, the position after it and a lock that is due for renewal in one step. Before the first recipients
   * came there were none, so that nobody need look.
   */
  async apply(hub: string, batch: Batch<unknown>): Promise<ApplyReply> {
    const { adam, schedule, server, credentials } = this.#modules;
    const by = this.#taker(hub);
    const { lease, positions } = await readStanding(adam);
    if (!lease || !mayWrite(lease, hub, by.at)) return { kind: "unleased", lease: lease ?? null };
    const continuation = continueWith(positions[batch.scope], batch, by);
    if (continuation.kind !== "next") return continuation;
    const changes = this.#readChanges(batch);
    if (!Array.isArray(changes)) return changes;

    const { position } = continuation;
    const full = batch.reach.kind === "full";
    const nothingThere = full && batch.scope === "Recipients" && position.generation === 1;
    const before = nothingThere ? [] : await adam.readAll(changes.map(({ id }) => id));
    const stamp = { generation: position.generation, full, own: server.name };
    const { writes, counts } = draftChanges(changes, before, stamp);
    const cookie = await adam.write([
      ...writes,
      ...(batch.scope === "Topology" ? await credentials.accountWrites(changes, before) : []),
      ...renewal(lease, by.at, schedule),
      objectWrite("edgeSyncPosition", position), // last, so that its USN is the highest of the batch
    ]);
    this.#count(batch.scope, counts);
    if (batch.last && !full) await this.#finish(batch.scope, by, cookie, false);
    return {
      kind: "applied",
      position,
      ...counts,
      looked: full ? before.filter((object) => object !== undefined).length : 0,
    };
  }

  #readChanges(batch: Batch<unknown>): EdgeChange[] | UnreadableChange {
    const read = readEdgeChange(replicaKinds[batch.scope], this.#modules.server.name);
    const changes: EdgeChange[] = [];
    for (const [index, change] of batch.changes.entries()) {
      try {
        changes.push(readWithin(`changes[${index}]`, read, change));
      } catch (failure) {
        if (!(failure instanceof Unreadable)) throw failure;
        return { kind: "unreadable", index, why: failure.message };
      }
    }
    return changes;
  }

  /** Removes what a full synchronization did not bring: a batch of it, the last one together with the final cookie. */
  async sweep(hub: string, sweep: Sweep): Promise<SweepReply> {
    const { adam, schedule, server, credentials } = this.#modules;
    const by = this.#taker(hub);
    const { lease, positions } = await readStanding(adam);
    if (!lease || !mayWrite(lease, hub, by.at)) return { kind: "unleased", lease: lease ?? null };
    const held = positions[sweep.scope];
    const continuation = continueSweep(held, sweep);
    if (continuation.kind === "gap") return continuation;
    if (continuation.kind === "repeated") return { kind: "swept", deleted: 0, position: continuation.position };

    const oldUpTo = continuation.position.full?.oldUpTo ?? held.usn;
    const page = await this.#oldObjects(sweep.scope, oldUpTo, { generation: sweep.generation, own: server.name });
    const position = page.more ? continuation.position : finished(continuation.position, by);
    const removals = page.ids.map((id) => ({ id, remove: true as const }));
    const accounts = await credentials.accountWrites(
      removals,
      removals.map(() => undefined),
    );
    const cookie = await adam.write([
      ...removals,
      ...accounts,
      ...renewal(lease, by.at, schedule),
      objectWrite("edgeSyncPosition", position),
    ]);
    this.#count(sweep.scope, { added: 0, updated: 0, deleted: removals.length });
    if (!page.more) await this.#finish(sweep.scope, by, cookie, true);
    return { kind: "swept", deleted: removals.length, position };
  }

  /**
   * What a full synchronization has left behind, as much as goes into one batch. Whatever it brought has a USN above
   * `oldUpTo`, for it was written since.
   */
  async #oldObjects(
    scope: ReplicationScope,
    oldUpTo: number,
    about: { generation: number; own: string },
  ): Promise<{ ids: readonly string[]; more: boolean }> {
    const { adam, batchSize = changesPerBatch } = this.#modules;
    const found: string[] = [];
    for (let reaches = 0; reaches < oldUpTo;) {
      const page = await adam.objectsAfter(reaches, { kinds: replicaKinds[scope], limit: batchSize });
      const old = page.objects.filter(({ usn }) => usn <= oldUpTo);
      found.push(...leftBehind(old, about).map(({ id }) => id));
      if (found.length >= batchSize) return { ids: found.slice(0, batchSize), more: true };
      if (page.last) break;
      reaches = page.reaches;
    }
    return { ids: found, more: false };
  }

  #count(scope: ReplicationScope, { added, updated, deleted }: Counted): void {
    const sum = this.#sums.get(scope) ?? { added: 0, updated: 0, deleted: 0 };
    this.#sums.set(scope, {
      added: sum.added + added,
      updated: sum.updated + updated,
      deleted: sum.deleted + deleted,
    });
  }

  /** The Hub hears that it is done when this server itself goes by what was brought. */
  async #finish(
    scope: ReplicationScope,
    by: Taker,
    { usn, invocationId }: DirectoryCookie,
    full: boolean,
  ): Promise<void> {
    const { journal, server, organization } = this.#modules;
    const sums = this.#sums.get(scope);
    this.#sums.delete(scope);
    await new Promise<void>((resolve) => {
      if (this.#closed) return resolve();
      this.#stopWaiting = resolve;
      organization.caughtUp({ invocationId, usn }).then(resolve, resolve); // a copy that was closed is nobody's any more
    });
    if (!sums || sums.added + sums.updated + sums.deleted === 0) return;
    journal.report({ kind: "directoryChange", server: server.name, at: by.at, scope, by: by.hub, ...sums, full, usn });
  }

  #taker(hub: string): Taker {
    return { hub, at: this.#modules.clock.now() };
  }
}

function renewal(lease: EdgeSyncLease, at: Date, schedule: EdgeSyncSchedule): DirectoryWrite[] {
  const renewed = renewedLock(lease, at, schedule);
  return renewed ? [objectWrite("edgeSyncLease", renewed)] : [];
}
