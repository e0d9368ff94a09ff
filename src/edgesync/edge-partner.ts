import { LabError, messageOf } from "../base/index.ts";
import {
  type DirectoryCookie,
  type EdgeSyncPosition,
  type ExchangeServer,
  isEdge,
  type ReplicationScope,
  replicationScopes,
} from "../directory/index.ts";
import { isSame } from "./continuation.ts";
import { edgeSyncInProgress } from "./errors.ts";
import { type PartnerModules, raise } from "./hub-modules.ts";
import { KeptLink } from "./kept-link.ts";
import { EdgeFailed, type Link } from "./link.ts";
import { planReplication, type SubscribedEdge } from "./plan.ts";
import { emptyTally, replicateScope, type ReplicationTally } from "./replicate.ts";
import type { SynchronizationResult } from "./results.ts";
import { RunEnded } from "./run-ended.ts";
import type { EdgeState } from "./wire.ts";

export interface RunOptions {
  manual: boolean;
  forceFullSync: boolean;
  forceUpdateCookie: boolean;
}

/** How one scope of a run ended. */
export interface ScopeOutcome extends ReplicationTally {
  scope: ReplicationScope;
  result: SynchronizationResult["result"];
  details: string;
  startUtc: Date;
  endUtc: Date;
}

const scheduled: RunOptions = { manual: false, forceFullSync: false, forceUpdateCookie: false };

/**
 * A Hub's dealings with one Edge server: the link, which it keeps while it is good, what it knows of the Edge server's
 * positions, and the runs, one at a time.
 */
export class EdgePartner {
  readonly #modules: PartnerModules;
  readonly #name: string;
  readonly #link: KeptLink;
  /** Undefined until the Edge server was asked. */
  #known: ReadonlyMap<ReplicationScope, EdgeSyncPosition> | undefined;
  /** Up to where Active Directory holds nothing new for a scope. */
  readonly #looked = new Map<ReplicationScope, DirectoryCookie>();
  /** What Active Directory was when there was nothing to do. */
  #calm: DirectoryCookie | undefined;
  /** After failures: how many, and until when nothing is tried again while Active Directory stays as it was. */
  #failed: { times: number; until: number; cookie: DirectoryCookie } | undefined;
  /** The run that is under way. */
  #current: Promise<unknown> | undefined;

  constructor(modules: PartnerModules, name: string) {
    this.#modules = modules;
    this.#name = name;
    this.#link = new KeptLink(modules);
  }

  get running(): boolean {
    return this.#current !== undefined;
  }

  /** A run of all scopes that somebody started. Rejects EDGE_SYNC_IN_PROGRESS; what fails later is an outcome. */
  async synchronize(edge: ExchangeServer, options: Omit<RunOptions, "manual">): Promise<readonly ScopeOutcome[]> {
    return await this.#alone(async () => {
      this.#failed = undefined;
      await this.#modules.credentials.keep(edge);
      return await this.#run(edge, replicationScopes, { ...options, manual: true });
    });
  }

  /** What is due by the clock. Costs next to nothing where nothing is new. Never rejects for reasons outside this program. */
  async tick(due: readonly ReplicationScope[]): Promise<void> {
    if (this.#current || this.#modules.stopped() || this.#isCalm(due) || this.#isWaiting(due)) return;
    const edge = this.#edge();
    if (!edge) return this.drop();
    await this.#alone(async () => {
      try {
        await this.#tick(edge, due);
        this.#failed = undefined;
      } catch (failure) {
        this.#calm = undefined;
        this.#putOff();
        this.#endOf(failure, edge); // an event where one is due; what is a bug is thrown on
      }
    });
  }

  /** What a run or a test that failed has to say, with the event that goes with it. Throws on what nobody expects. */
  #endOf(failure: unknown, edge: ExchangeServer): { result: RunEnded["result"]; details: string } {
    if (failure instanceof RunEnded) return { result: failure.result, details: failure.message };
    if (this.#modules.stopped()) return { result: "Aborted", details: "this server is stopping" };
    const isLink = failure instanceof EdgeFailed || (failure instanceof LabError && failure.code.startsWith("HTTPS_"));
    if (isLink) {
      this.drop();
      raise(this.#modules, 1024, [edge.fqdn, messageOf(failure)]);
      return { result: "Incomplete", details: messageOf(failure) };
    }
    if (failure instanceof LabError) return { result: "Aborted", details: messageOf(failure) };
    throw failure;
  }

  /** Uses the link for something else than a run. A link that fails is words for a person. */
  async ask<T>(edge: ExchangeServer, work: (link: Link) => Promise<T>): Promise<T | { failed: string }> {
    try {
      return await this.#link.use(edge, work);
    } catch (failure) {
      return { failed: this.#endOf(failure, edge).details };
    }
  }

  drop(): void {
    this.#link.drop();
    this.#calm = undefined;
  }

  /** Resolves when no run is under way any more. */
  async whenIdle(): Promise<void> {
    await this.#current?.catch(() => undefined);
  }

  /** Gives the lease back, where the link stands. */
  async giveBack(): Promise<void> {
    await this.#link.release(null);
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#current) throw edgeSyncInProgress(this.#name);
    const current = work();
    this.#current = current;
    try {
      return await current;
    } finally {
      this.#current = undefined;
    }
  }

  #isCalm(due: readonly ReplicationScope[]): boolean {
    const { cookie } = this.#modules.organization;
    const calm = this.#calm;
    if (!calm || due.some((scope) => scope !== "Topology")) return false;
    return isSame(calm, cookie) && this.#link.alive;
  }

  #isWaiting(due: readonly ReplicationScope[]): boolean {
    const { clock, organization } = this.#modules;
    const failed = this.#failed;
    if (!failed || due.some((scope) => scope !== "Topology")) return false;
    return clock.now().getTime() < failed.until && isSame(failed.cookie, organization.cookie);
  }

  /** Ours: after each failure it waits twice as long, but never longer than until the next configuration is due. */
  #putOff(): void {
    const { clock, organization, schedule } = this.#modules;
    const times = Math.min((this.#failed?.times ?? 0) + 1, 20);
    const waitMs = Math.min(2 ** (times - 1) * schedule.topologyIntervalMs, schedule.configurationIntervalMs);
    this.#failed = { times, until: clock.now().getTime() + waitMs, cookie: organization.cookie };
  }

  async #tick(edge: ExchangeServer, due: readonly ReplicationScope[]): Promise<void> {
    const { credentials, organization } = this.#modules;
    await credentials.keep(edge);
    if (credentials.held(edge).length === 0) return; // it came after the subscription, and does not take part
    const { cookie } = organization;
    const touching = due.some((scope) => scope !== "Topology");
    let news = await this.#anyNews(edge, due);
    if (news || !this.#known) {
      await this.#link.use(edge, async (link) => this.#learn(await link.state()));
      news = await this.#anyNews(edge, due);
    }
    if (news) {
      const outcomes = await this.#run(edge, due, scheduled);
      const end = outcomes.find(({ result }) => result !== "Success");
      if (end?.result === "CouldNotLease") return;
      if (end && end.result !== "Success") throw new RunEnded(end.result, end.details);
    } else if (touching) await this.#touch(edge, due);
    else await this.#link.open(edge);
    if (touching) await this.#tryAccounts(edge);
    this.#calm = cookie;
  }

  async #anyNews(edge: ExchangeServer, scopes: readonly ReplicationScope[]): Promise<boolean> {
    for (const scope of scopes) if (await this.#hasNews(edge, scope)) return true;
    return false;
  }

  /** Whether Active Directory holds something for that scope that the Edge server is not known to hold. */
  async #hasNews(edge: ExchangeServer, scope: ReplicationScope): Promise<boolean> {
    const { directory, organization } = this.#modules;
    const position = this.#known?.get(scope);
    if (!position?.cookie || position.full || position.subscription !== subscriptionOf(edge)) return true;
    const { invocationId, usn } = organization.cookie;
    if (position.cookie.invocationId !== invocationId) return true;
    const looked = this.#looked.get(scope);
    const from = looked?.invocationId === invocationId && looked.usn > position.cookie.usn ? looked : position.cookie;
    this.#looked.set(scope, from);
    if (usn <= from.usn) return false;
    const news = await directory.changesSince(from);
    if (news.full || planReplication(news.changes, scope, replicaOf(edge)).length > 0) return true;
    this.#looked.set(scope, news.cookie);
    return false;
  }

  async #touch(edge: ExchangeServer, due: readonly ReplicationScope[]): Promise<void> {
    const scopes = due.flatMap((scope) => {
      const from = this.#known?.get(scope)?.cookie;
      const to = this.#looked.get(scope);
      return from && to ? [{ scope, subscription: subscriptionOf(edge), from, to }] : [];
    });
    const touch = { due: this.#modules.nextTouch().toISOString(), scopes };
    await this.#link.use(edge, async (link) => {
      const reply = await link.touch(touch);
      // Another Hub has it, or the Edge server is not where it was: both are learnt from it.
      if (reply.kind === "touched") this.#learnMore(reply.positions);
      else this.#learn(await link.state());
    });
  }

  /** Tries successors before anything depends on them. Source: [ff360303], 2010 edition. */
  async #tryAccounts(edge: ExchangeServer): Promise<void> {
    for (const opened of this.#modules.credentials.toTry(edge)) {
      const known = await this.#link.use(edge, (link) => link.knows(opened));
      if (!known) raise(this.#modules, 1004, [edge.fqdn, opened.credential.userName]);
    }
  }

  async #run(
    edge: ExchangeServer,
    scopes: readonly ReplicationScope[],
    options: RunOptions,
  ): Promise<readonly ScopeOutcome[]> {
    const { clock, stopped, nextTouch } = this.#modules;
    const startUtc = clock.now();
    const outcomes: ScopeOutcome[] = [];
    try {
      await this.#lock(edge, options.manual);
      for (const scope of scopes) outcomes.push(await this.#replicate(edge, scope, options));
      return outcomes;
    } catch (failure) {
      const { result, details } = this.#endOf(failure, edge);
      const rest = scopes.slice(outcomes.length);
      const nothing = { ...emptyTally(undefined), startUtc, endUtc: clock.now() };
      return [...outcomes, ...rest.map((scope) => ({ ...nothing, scope, result, details }))];
    } finally {
      await this.#link.release(stopped() ? null : nextTouch());
    }
  }

  async #lock(edge: ExchangeServer, manual: boolean): Promise<void> {
    const reply = await this.#link.use(edge, (link) => link.lock(manual));
    if (reply.kind === "granted") return this.#learn(reply);
    const { holder, type, expires } = reply.lease;
    throw new RunEnded("CouldNotLease", `${holder} holds the ${type.toLowerCase()} on ${edge.name} until ${expires}`);
  }

  /** One scope. What ends it early is its outcome, where it does not end the others too. */
  async #replicate(edge: ExchangeServer, scope: ReplicationScope, options: RunOptions): Promise<ScopeOutcome> {
    const { clock, directory, organization, server, stopped } = this.#modules;
    const startUtc = clock.now();
    const published = organization.server(server.name)?.internalTransportCertificateThumbprint;
    const tally = emptyTally(this.#known?.get(scope));
    const outcome = (result: ScopeOutcome["result"], details: string): ScopeOutcome => ({
      ...tally,
      scope,
      result,
      details,
      startUtc,
      endUtc: clock.now(),
    });
    try {
      await this.#link.use(edge, async (link, again) => {
        if (again) this.#learn(await link.state());
        const job = { directory, link, edge: replicaOf(edge), subscription: subscriptionOf(edge), scope, stopped };
        await replicateScope({ ...job, ...options, position: this.#known?.get(scope) }, tally);
      });
    } catch (failure) {
      const { result, details } = this.#endOf(failure, edge);
      return outcome(result, details);
    } finally {
      if (tally.position) this.#learnMore([tally.position]);
    }
    if (scope === "Topology") await this.#link.carried(edge, published);
    return tally.problems.length > 0 ? outcome("Incomplete", tally.problems.join("; ")) : outcome("Success", "");
  }

  /** All that the Edge server has said. */
  #learn({ positions }: Pick<EdgeState, "positions">): void {
    this.#known = new Map(positions.map((position) => [position.scope, position]));
  }

  /** What it has said of some. */
  #learnMore(positions: readonly EdgeSyncPosition[]): void {
    this.#learn({
      positions: [...new Map([...(this.#known ?? []), ...positions.map((one) => [one.scope, one] as const)]).values()],
    });
  }

  #edge(): ExchangeServer | undefined {
    const edge = this.#modules.organization.server(this.#name);
    return edge && isEdge(edge) && edge.site === this.#modules.server.site ? edge : undefined;
  }
}

/** When the subscription file was made that was imported last. */
const subscriptionOf = (edge: ExchangeServer): string => edge.edge?.subscriptionEffectiveDate ?? "";

export const replicaOf = ({ name, site }: ExchangeServer): SubscribedEdge => ({ name, site: site ?? "" });
