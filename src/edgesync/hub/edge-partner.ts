import { LabError, messageOf } from "../../base/index.ts";
import {
  type DirectoryCookie,
  type ExchangeServer,
  isEdge,
  type ReplicationScope,
  replicationScopes,
} from "../../directory/index.ts";
import { edgeSyncInProgress } from "../errors.ts";
import { changesPerBatch } from "../wire/wire.ts";
import { EdgeKnowledge, replicaOf, subscriptionOf } from "./edge-knowledge.ts";
import { type PartnerModules, raise } from "./hub-modules.ts";
import { KeptLink } from "./kept-link.ts";
import { EdgeFailed, type Link } from "./link.ts";
import { Patience } from "./patience.ts";
import { emptyTally, replicateScope } from "./replicate.ts";
import { RunEnded } from "./run-ended.ts";
import type { ScopeOutcome } from "./scope-outcome.ts";

export interface RunOptions {
  manual: boolean;
  forceFullSync: boolean;
  forceUpdateCookie: boolean;
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
  readonly #knowledge: EdgeKnowledge;
  /** Successors, by what they are sealed in, that the Edge server was found to know. */
  readonly #proven = new Set<string>();
  /** What was due and is not done yet: it stays due when another Hub has the lease, or something failed. */
  readonly #owed = new Set<ReplicationScope>();
  readonly #patience: Patience;
  /** The run that is under way. */
  #current: Promise<unknown> | undefined;

  constructor(modules: PartnerModules, name: string) {
    this.#modules = modules;
    this.#name = name;
    this.#link = new KeptLink(modules);
    this.#knowledge = new EdgeKnowledge(modules);
    const { topologyIntervalMs, configurationIntervalMs } = modules.schedule;
    this.#patience = new Patience(topologyIntervalMs, configurationIntervalMs);
  }

  get running(): boolean {
    return this.#current !== undefined;
  }

  /** A run of all scopes that somebody started. Rejects EDGE_SYNC_IN_PROGRESS; what fails later is an outcome. */
  async synchronize(edge: ExchangeServer, options: Omit<RunOptions, "manual">): Promise<readonly ScopeOutcome[]> {
    return await this.#alone(async () => {
      this.#patience.succeeded();
      await this.#keepCredentials(edge);
      return await this.#run(edge, replicationScopes, { ...options, manual: true });
    });
  }

  /** What is due by the clock. Costs next to nothing where nothing is new. Never rejects for reasons outside this program. */
  async tick(due: readonly ReplicationScope[]): Promise<void> {
    const { clock, organization, stopped } = this.#modules;
    if (this.#current || stopped()) return;
    if (!shows(due) && this.#patience.isWaiting(clock.now(), organization.cookie)) return;
    for (const scope of due) this.#owed.add(scope);
    const owed = replicationScopes.filter((scope) => this.#owed.has(scope));
    if (!shows(owed) && this.#link.alive && this.#knowledge.isSettled(owed)) {
      return this.#settle(owed, clock.now(), organization.cookie);
    }
    const edge = this.#edge();
    if (!edge) return this.drop();
    await this.#alone(async () => {
      try {
        await this.#tick(edge, owed);
        this.#patience.succeeded();
      } catch (failure) {
        this.#patience.failed(clock.now(), organization.cookie);
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
    this.#knowledge.unsettle();
  }

  /** When this Hub last found a scope up to date, or made it so. */
  settledAt(scope: ReplicationScope): Date | undefined {
    return this.#knowledge.settledAt(scope);
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

  async #tick(edge: ExchangeServer, due: readonly ReplicationScope[]): Promise<void> {
    const { credentials, organization, clock, nextShow } = this.#modules;
    await this.#keepCredentials(edge);
    if (credentials.held(edge).length === 0) return; // it came after the subscription, and does not take part
    const { cookie } = organization;
    let news = await this.#knowledge.hasNews(edge, due);
    if (news || !this.#knowledge.hasAsked) {
      await this.#link.use(edge, async (link) => this.#knowledge.learn(await link.state()));
      news = await this.#knowledge.hasNews(edge, due);
    }
    if (news) {
      const outcomes = await this.#run(edge, due, scheduled);
      const end = outcomes.find(({ result }) => result !== "Success");
      if (end?.result === "CouldNotLease") return;
      if (end && end.result !== "Success") throw new RunEnded(end.result, end.details);
    } else if (shows(due)) {
      const touch = this.#knowledge.touchOf(edge, due, nextShow());
      // Where another Hub has it, or the Edge server is not where it was, that is learnt.
      await this.#link.use(edge, async (link) => this.#knowledge.learn(await link.touch(touch)));
    } else await this.#link.open(edge);
    if (shows(due)) await this.#tryAccounts(edge);
    this.#settle(due, clock.now(), cookie);
  }

  /** Where that cannot be done now, what follows says what it means. */
  async #keepCredentials(edge: ExchangeServer): Promise<void> {
    await this.#modules.credentials.keep(edge).catch((failure: unknown) => {
      if (!(failure instanceof LabError)) throw failure;
    });
  }

  #settle(scopes: readonly ReplicationScope[], at: Date, cookie: DirectoryCookie): void {
    for (const scope of scopes) this.#owed.delete(scope);
    this.#knowledge.settle(scopes, at, cookie);
  }

  /** Tries successors before anything depends on them. Source: [ff360303], 2010 edition. */
  async #tryAccounts(edge: ExchangeServer): Promise<void> {
    for (const opened of this.#modules.credentials.toTry(edge, this.#proven)) {
      const known = await this.#link.use(edge, (link) => link.knows(opened));
      if (known) this.#proven.add(opened.credential.sealedPassword);
      else raise(this.#modules, 1004, [edge.fqdn, opened.credential.userName]);
    }
  }

  async #run(
    edge: ExchangeServer,
    scopes: readonly ReplicationScope[],
    options: RunOptions,
  ): Promise<readonly ScopeOutcome[]> {
    const { clock, stopped, nextShow } = this.#modules;
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
      await this.#link.release(stopped() ? null : nextShow());
    }
  }

  async #lock(edge: ExchangeServer, manual: boolean): Promise<void> {
    const reply = await this.#link.use(edge, (link) => link.lock(manual));
    if (reply.kind === "granted") return this.#knowledge.learn(reply);
    const { holder, type, expires } = reply.lease;
    throw new RunEnded("CouldNotLease", `${holder} holds the ${type.toLowerCase()} on ${edge.name} until ${expires}`);
  }

  /** One scope. What ends it early is its outcome, where it does not end the others too. */
  async #replicate(edge: ExchangeServer, scope: ReplicationScope, options: RunOptions): Promise<ScopeOutcome> {
    const { clock, directory, organization, server, stopped, batchSize = changesPerBatch } = this.#modules;
    const startUtc = clock.now();
    const published = organization.server(server.name)?.internalTransportCertificateThumbprint;
    const { cookie } = organization;
    const tally = emptyTally(this.#knowledge.position(scope));
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
        if (again) this.#knowledge.learn(await link.state());
        const about = { edge: replicaOf(edge), subscription: subscriptionOf(edge), scope };
        const job = { ...about, directory, organization, link, stopped, batchSize };
        await replicateScope({ ...job, ...options, position: this.#knowledge.position(scope) }, tally);
      });
    } catch (failure) {
      const { result, details } = this.#endOf(failure, edge);
      if (result === "CouldNotConnect") throw failure; // nor would the next scope
      return outcome(result, details);
    } finally {
      if (tally.position) this.#knowledge.learnOne(tally.position);
    }
    if (scope === "Topology") await this.#link.carried(edge, published);
    if (tally.problems.length > 0) return outcome("Incomplete", tally.problems.join("; "));
    this.#settle([scope], clock.now(), cookie);
    return outcome("Success", "");
  }

  #edge(): ExchangeServer | undefined {
    const edge = this.#modules.organization.server(this.#name);
    return edge && isEdge(edge) && edge.site === this.#modules.server.site ? edge : undefined;
  }
}

/**
 * Whether a run goes to the Edge server in any case, so that it is seen there: of those by the clock, the ones that look
 * at recipients too. Ours: the others say nothing while nothing is new (docs/fidelity.md#edgesync-schedule).
 */
const shows = (due: readonly ReplicationScope[]): boolean => due.includes("Recipients");
