import {
  type Directory,
  type DirectoryCookie,
  type EdgeSyncPosition,
  type ExchangeServer,
  isSameCookie,
  type LocalCopy,
  type ReplicationScope,
} from "../../directory/index.ts";
import type { EdgeState, Touch } from "../wire/wire.ts";
import { planReplication, type SubscribedEdge } from "./plan.ts";

/** When the subscription file was made that was imported last. */
export const subscriptionOf = (edge: ExchangeServer): string => edge.edge?.subscriptionEffectiveDate ?? "";

export const replicaOf = ({ name, site }: ExchangeServer): SubscribedEdge => ({ name, site: site ?? "" });

interface EdgeKnowledgeModules {
  directory: Directory;
  organization: LocalCopy;
}

/**
 * What a Hub knows of how one Edge server stands, so that it need not ask while nothing is new: its positions, and up to
 * where in Active Directory's history there is nothing for it behind them.
 */
export class EdgeKnowledge {
  readonly #modules: EdgeKnowledgeModules;
  /** Undefined until the Edge server was asked. */
  #positions: ReadonlyMap<ReplicationScope, EdgeSyncPosition> | undefined;
  /** Up to where Active Directory holds nothing new for a scope. */
  readonly #looked = new Map<ReplicationScope, DirectoryCookie>();
  /** When a scope was last found, or made, up to date, and what Active Directory was then. */
  readonly #settled = new Map<ReplicationScope, { at: Date; cookie: DirectoryCookie }>();

  constructor(modules: EdgeKnowledgeModules) {
    this.#modules = modules;
  }

  /** Whether the Edge server was ever asked. */
  get hasAsked(): boolean {
    return this.#positions !== undefined;
  }

  position(scope: ReplicationScope): EdgeSyncPosition | undefined {
    return this.#positions?.get(scope);
  }

  /** All that the Edge server has said. */
  learn({ positions }: Pick<EdgeState, "positions">): void {
    this.#positions = new Map(positions.map((position) => [position.scope, position]));
  }

  /** What it has said of one scope. */
  learnOne(position: EdgeSyncPosition): void {
    this.#positions = new Map([...(this.#positions ?? []), [position.scope, position]]);
  }

  /** Some scopes are up to date, by what Active Directory was at `cookie`. */
  settle(scopes: readonly ReplicationScope[], at: Date, cookie: DirectoryCookie): void {
    for (const scope of scopes) this.#settled.set(scope, { at, cookie });
  }

  /** Whether Active Directory is still what it was when these scopes were up to date. */
  isSettled(scopes: readonly ReplicationScope[]): boolean {
    const { cookie } = this.#modules.organization;
    return scopes.every((scope) => {
      const settled = this.#settled.get(scope);
      return settled !== undefined && isSameCookie(settled.cookie, cookie);
    });
  }

  /** Something went wrong: look closely next time. When each scope was up to date stays known. */
  unsettle(): void {
    for (const [scope, { at }] of this.#settled) this.#settled.set(scope, { at, cookie: { invocationId: "", usn: 0 } });
  }

  /** When each scope was last known to be up to date. */
  settledAt(scope: ReplicationScope): Date | undefined {
    return this.#settled.get(scope)?.at;
  }

  /** Whether Active Directory holds something that the Edge server is not known to hold. Rejects DIRECTORY_UNREACHABLE. */
  async hasNews(edge: ExchangeServer, scopes: readonly ReplicationScope[]): Promise<boolean> {
    for (const scope of scopes) if (await this.#hasNewsIn(edge, scope)) return true;
    return false;
  }

  async #hasNewsIn(edge: ExchangeServer, scope: ReplicationScope): Promise<boolean> {
    const { directory, organization } = this.#modules;
    const position = this.position(scope);
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

  /** What to say of scopes in which there is nothing new. */
  touchOf(edge: ExchangeServer, scopes: readonly ReplicationScope[], due: Date): Touch {
    return {
      due: due.toISOString(),
      scopes: scopes.flatMap((scope) => {
        const from = this.position(scope)?.cookie;
        const to = this.#looked.get(scope);
        return from && to ? [{ scope, subscription: subscriptionOf(edge), from, to }] : [];
      }),
    };
  }
}
