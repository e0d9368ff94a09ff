import type {
  ChangeSet,
  Directory,
  DirectoryCookie,
  EdgeSyncPosition,
  LocalCopy,
  ReplicationScope,
} from "../../directory/index.ts";
import type { EdgeChange } from "../wire/replica.ts";
import type { Batch } from "../wire/wire.ts";
import type { Link } from "./link.ts";
import { type PlannedChange, planObject, planReplication, sourceKinds, type SubscribedEdge } from "./plan.ts";
import { RunEnded } from "./run-ended.ts";

/** What a Hub brings one scope of an Edge server's ADAM up to date with. */
export interface ReplicationJob {
  directory: Directory;
  organization: LocalCopy;
  link: Pick<Link, "apply" | "sweep">;
  edge: SubscribedEdge;
  /** When the subscription file was made that Active Directory knows. */
  subscription: string;
  scope: ReplicationScope;
  /** What the Edge server holds. */
  position: EdgeSyncPosition | undefined;
  /** Bring everything, whatever it holds. */
  forceFullSync: boolean;
  /** Go on behind what the Edge server cannot take. */
  forceUpdateCookie: boolean;
  batchSize: number;
  /** Whether this server is about to end. */
  stopped(): boolean;
}

/** What was done; filled while it is being done. */
export interface ReplicationTally {
  added: number;
  updated: number;
  deleted: number;
  scanned: number;
  targetScanned: number;
  /** Where the Edge server has come to. */
  position: EdgeSyncPosition | undefined;
  /** What it could not take, each in words. */
  problems: string[];
}

export const emptyTally = (position: EdgeSyncPosition | undefined): ReplicationTally => ({
  added: 0,
  updated: 0,
  deleted: 0,
  scanned: 0,
  targetScanned: 0,
  position,
  problems: [],
});

/** More of them in one run, and something else is wrong. */
const mostProblems = 20;

/**
 * Brings one scope up to date: what changed since the Edge server's position, or everything, piece by piece. A full
 * synchronization that was interrupted goes on where it was, whoever began it. Rejects `RunEnded`, and as a link and a
 * directory do; then the tally says how far it came.
 */
export async function replicateScope(job: ReplicationJob, tally: ReplicationTally): Promise<void> {
  const { position, subscription, forceFullSync, directory } = job;
  const current = position?.subscription === subscription && !forceFullSync ? position : undefined;
  if (current?.full) return replicateFull(job, tally, current.full);
  if (!current?.cookie) return replicateFull(job, tally, undefined);
  const news = await directory.changesSince(current.cookie);
  return news.full ? replicateFull(job, tally, undefined) : replicateDelta(job, tally, current.cookie, news);
}

async function replicateDelta(
  job: ReplicationJob,
  tally: ReplicationTally,
  cookie: DirectoryCookie,
  news: ChangeSet,
): Promise<void> {
  const planned = planReplication(news.changes, job.scope, job.edge);
  tally.scanned += planned.length;
  let from = cookie;
  const { batchSize } = job;
  for (let done = 0; done === 0 || done < planned.length; done += batchSize) {
    const batch = planned.slice(done, done + batchSize);
    const last = done + batchSize >= planned.length;
    const to = last ? news.cookie : { invocationId: cookie.invocationId, usn: usnOf(batch.at(-1)) };
    const reach = { kind: "delta", from, to } as const;
    const reached = await send(job, tally, { reach, changes: changesOf(batch), last });
    if (reached) from = to;
  }
}

const usnOf = (planned: PlannedChange | undefined): number => planned?.usn ?? 0;
const changesOf = (planned: readonly PlannedChange[]): EdgeChange[] => planned.map(({ change }) => change);

/** From this Hub's own copy, as it was at one moment: what changes from then on comes with the next delta. */
async function replicateFull(
  job: ReplicationJob,
  tally: ReplicationTally,
  interrupted: EdgeSyncPosition["full"] | undefined,
): Promise<void> {
  const { organization, edge, scope, position, batchSize } = job;
  // Another Hub's copy may have been further when it began.
  if (interrupted) await organization.caughtUp(interrupted.cookie);
  const snapshot = organization.snapshot(sourceKinds[scope]);
  if (!snapshot) throw new RunEnded("Aborted", "Active Directory has lost what this Hub remembers of it");
  const resumed = interrupted?.cookie.invocationId === snapshot.cookie.invocationId ? interrupted : undefined;
  const began = resumed?.cookie ?? snapshot.cookie;
  const generation = (position?.generation ?? 0) + (resumed ? 0 : 1);
  let from = resumed?.after ?? 0;
  const objects = from === 0 ? snapshot.objects : snapshot.objects.filter(({ usn }) => usn > from);
  let complete = true;
  for (let done = 0; done === 0 || done < objects.length; done += batchSize) {
    const batch = objects.slice(done, done + batchSize);
    const last = done + batchSize >= objects.length;
    const changes = batch.flatMap((object) => planObject(object, edge) ?? []);
    tally.scanned += batch.length;
    const to = last ? Math.max(from, snapshot.cookie.usn) : (batch.at(-1)?.usn ?? from);
    const reach = { kind: "full", generation, began, from, to } as const;
    const reached = await send(job, tally, { reach, changes, last: false });
    if (reached) from = to;
    complete &&= reached;
  }
  if (complete) await sweep(job, tally, { generation, from });
}

/** Removes at the Edge server what was not brought, and so ends a full synchronization. */
async function sweep(
  { link, scope, subscription, stopped }: ReplicationJob,
  tally: ReplicationTally,
  about: { generation: number; from: number },
): Promise<void> {
  for (;;) {
    assertGoingOn(stopped);
    const reply = await link.sweep({ scope, subscription, ...about });
    if (reply.kind === "gap") throw new RunEnded("Incomplete", reply.why);
    if (reply.kind === "unleased") throw lostLease(reply.lease?.holder);
    tally.deleted += reply.deleted;
    tally.targetScanned += reply.deleted;
    tally.position = reply.position;
    if (!reply.position.full) return;
  }
}

/**
 * Sends one batch. What the Edge server cannot take is left out and told; then the position stays where it is, so that
 * it comes again, unless the cookie is to be moved by force.
 *
 * @returns whether the position moved to the end of the batch
 * Source: [bb123512], a cookie is not updated when something failed, and ForceUpdateCookie, 2010 edition.
 */
async function send(
  { link, scope, subscription, forceUpdateCookie, stopped }: ReplicationJob,
  tally: ReplicationTally,
  batch: Pick<Batch, "reach" | "changes" | "last">,
): Promise<boolean> {
  let { changes } = batch;
  let moves = tally.problems.length === 0 || forceUpdateCookie;
  for (;;) {
    assertGoingOn(stopped);
    const reach = moves ? batch.reach : staying(batch.reach);
    const reply = await link.apply({ scope, subscription, reach, changes, last: batch.last });
    switch (reply.kind) {
      case "applied":
        tally.added += reply.added;
        tally.updated += reply.updated;
        tally.deleted += reply.deleted;
        tally.targetScanned += reply.looked;
        tally.position = reply.position;
        return moves;
      case "repeated":
        tally.position = reply.position;
        return moves;
      case "gap":
        throw new RunEnded("Incomplete", reply.why);
      case "unleased":
        throw lostLease(reply.lease?.holder);
      case "unreadable":
        tally.problems.push(`${changes[reply.index]?.id}: ${reply.why}`);
        if (tally.problems.length >= mostProblems) throw new RunEnded("Incomplete", tally.problems.join("; "));
        changes = changes.filter((_, index) => index !== reply.index);
        moves = forceUpdateCookie;
    }
  }
}

const staying = (reach: Batch["reach"]): Batch["reach"] =>
  reach.kind === "delta" ? { ...reach, to: reach.from } : { ...reach, to: reach.from };

function assertGoingOn(stopped: () => boolean): void {
  if (stopped()) throw new RunEnded("Aborted", "this server is stopping");
}

const lostLease = (holder: string | undefined): RunEnded =>
  new RunEnded("Incomplete", holder === undefined ? "the lease was lost" : `the lease was lost to ${holder}`);
