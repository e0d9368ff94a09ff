import type { Clock, DecisionRecord, Journal } from "../../base/index.ts";
import {
  type Directory,
  type EdgeSyncLease,
  type EdgeSyncPosition,
  leaseId,
  type LocalCopy,
  objectWrite,
} from "../../directory/index.ts";
import type { EdgeSyncSchedule } from "../results.ts";
import type { EdgeState, LockReply, Release, Touch, TouchReply } from "../wire/wire.ts";
import { continueTouch } from "./continuation.ts";
import { decideLease, optionFor } from "./lease.ts";
import { readStanding, type Standing } from "./standing.ts";

interface EdgeLeaseModules {
  server: { name: string };
  clock: Clock;
  journal: Journal<DecisionRecord>;
  adam: Directory;
  organization: LocalCopy;
  schedule: EdgeSyncSchedule;
}

/** Who may write to an Edge server's ADAM, as it is kept there. Its calls must come one after the other. */
export class EdgeLease {
  readonly #modules: EdgeLeaseModules;

  constructor(modules: EdgeLeaseModules) {
    this.#modules = modules;
  }

  async state(): Promise<EdgeState> {
    const standing = await readStanding(this.#modules.adam);
    return this.#stateOf(standing.lease, positionsOf(standing));
  }

  #stateOf(lease: EdgeSyncLease | undefined, positions: readonly EdgeSyncPosition[]): EdgeState {
    const accounts = this.#modules.organization.objects("replicationAccount");
    return {
      lease: lease ?? null,
      positions,
      accounts: accounts.map(({ userName, effectiveTime, expirationTime }) => ({
        userName,
        effectiveTime,
        expirationTime,
      })),
    };
  }

  async lock(hub: string, manual: boolean): Promise<LockReply> {
    const { adam, schedule, journal, server } = this.#modules;
    const at = this.#modules.clock.now();
    const { lease } = await readStanding(adam);
    const decision = decideLease(lease, { hub, manual }, at, schedule);
    const { outcome } = decision;
    if (outcome.kind === "refused" || lease?.holder !== hub) {
      const words = `${outcome.kind}: ${outcome.lease.type} of ${outcome.lease.holder}`;
      const about = { kind: "decision", about: "lease", subject: hub, outcome: words, steps: decision.steps } as const;
      journal.report({ ...about, server: server.name, at });
    }
    if (outcome.lease !== lease) await adam.write([objectWrite("edgeSyncLease", outcome.lease)]);
    return outcome.kind === "granted"
      ? { ...(await this.state()), kind: "granted" }
      : { kind: "held", lease: outcome.lease };
  }

  async release(hub: string, { due }: Release): Promise<{ kind: "released" }> {
    const { adam, schedule } = this.#modules;
    const at = this.#modules.clock.now();
    const { lease } = await readStanding(adam);
    if (lease?.holder !== hub) return { kind: "released" };
    await adam.write([
      due === null
        ? { id: leaseId, remove: true }
        : objectWrite("edgeSyncLease", optionFor(hub, at, new Date(due), schedule)),
    ]);
    return { kind: "released" };
  }

  /** A whole run in which there was nothing to do, in one step. */
  async touch(hub: string, touch: Touch): Promise<TouchReply> {
    const { adam, schedule } = this.#modules;
    const by = { hub, at: this.#modules.clock.now() };
    const standing = await readStanding(adam);
    const granted = decideLease(standing.lease, { hub, manual: false }, by.at, schedule).outcome.kind === "granted";
    const before = positionsOf(standing);
    const after = granted ? continueTouch(before, touch, by) : undefined;
    if (!after) return { kind: "not-touched", ...this.#stateOf(standing.lease, before) };
    const option = optionFor(hub, by.at, new Date(touch.due), schedule);
    await adam.write([
      ...after.map((position) => objectWrite("edgeSyncPosition", position)),
      objectWrite("edgeSyncLease", option),
    ]);
    const untouched = before.filter(({ scope }) => !after.some((position) => position.scope === scope));
    return { kind: "touched", ...this.#stateOf(option, [...untouched, ...after]) };
  }
}

const positionsOf = ({ positions }: Standing): EdgeSyncPosition[] =>
  Object.values(positions).flatMap(({ position }) => position ?? []);
