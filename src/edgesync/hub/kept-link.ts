import type { ExchangeServer } from "../../directory/index.ts";
import { usableCredentials } from "../subscription/credentials.ts";
import { Turns } from "../turns.ts";
import { type PartnerModules, raise } from "./hub-modules.ts";
import { type Link, LoggedOff } from "./link.ts";
import { openLink } from "./open-link.ts";
import { RunEnded } from "./run-ended.ts";

/**
 * The link to one Edge server, opened when it is needed and kept while it is good: between two runs in which nothing is
 * new nothing is said at all.
 */
export class KeptLink {
  readonly #modules: PartnerModules;
  readonly #opening = new Turns();
  #link: Link | undefined;
  /** Which certificate the Edge server is thought to know: the one that a credential is sealed to, or the present one. */
  #presentFirst: "sealed" | "present" = "sealed";

  constructor(modules: PartnerModules) {
    this.#modules = modules;
  }

  get alive(): boolean {
    return this.#link?.alive ?? false;
  }

  /**
   * Uses the link. Where the Edge server has come to know another certificate or account of this Hub meanwhile, it logs
   * on again, once; then `again` is true.
   *
   * Rejects `RunEnded` where no link comes about, having raised the event that says why, and as a link does.
   */
  async use<T>(edge: ExchangeServer, work: (link: Link, again: boolean) => Promise<T>): Promise<T> {
    for (let again = false; ; again = true) {
      const link = await this.open(edge);
      try {
        return await work(link, again);
      } catch (failure) {
        if (!(failure instanceof LoggedOff)) throw failure;
        this.drop();
        this.#presentFirst = failure.what === "certificate" ? "present" : "sealed";
        if (again) throw new RunEnded("CouldNotConnect", failure.message);
      }
    }
  }

  open(edge: ExchangeServer): Promise<Link> {
    return this.#opening.take(async () => {
      if (this.#link && this.#isGood(this.#link, edge)) return this.#link;
      this.drop();
      const link = await this.#newLink(edge);
      this.#link = link;
      this.#presentFirst = "sealed";
      const { organization, server } = this.#modules;
      const present = organization.server(server.name)?.internalTransportCertificateThumbprint;
      // The Edge server has let it in with that certificate, and so knows it.
      if (!link.isFirst && link.presented === present) await this.#sealAnew(edge);
      return link;
    });
  }

  async #newLink(edge: ExchangeServer): Promise<Link> {
    const means = this.#modules.credentials.means(edge, this.#presentFirst);
    if (typeof means === "string") {
      raise(this.#modules, 1024, [edge.fqdn, means]);
      throw new RunEnded("CouldNotConnect", means);
    }
    const link = await openLink(this.#modules, edge, means);
    if (!("events" in link)) return link;
    for (const { id, parameters } of link.events) raise(this.#modules, id, parameters);
    throw new RunEnded("CouldNotConnect", link.details);
  }

  /**
   * Whether a kept link may still be used, as if it were made anew: the Edge server at its other end is still the
   * published one, the keys are still here, and the account is still there, in force, and the one to be used.
   */
  #isGood(link: Link, edge: ExchangeServer): boolean {
    const { credentials, clock, store } = this.#modules;
    if (!link.alive || !link.isTo(edge)) return false;
    const { userName, sealedPassword, sealedTo } = link.credential;
    // It could not come again without them.
    if ([sealedTo, link.presented].some((thumbprint) => !store.find(thumbprint)?.hasPrivateKey)) return false;
    const usable = usableCredentials(credentials.held(edge), clock.now());
    const held = usable.find((credential) => credential.userName === userName);
    return held?.sealedPassword === sealedPassword && (link.isFirst || held === usable[0]);
  }

  /**
   * A synchronization has brought the Edge server the certificate that was published for this Hub: its credentials may
   * be sealed to it, and it is presented from now on.
   */
  async carried(edge: ExchangeServer, published: string | null | undefined): Promise<void> {
    await this.#sealAnew(edge);
    if (this.#link && !this.#link.isFirst && this.#link.presented !== published) this.drop();
  }

  async #sealAnew(edge: ExchangeServer): Promise<void> {
    const changed = await this.#modules.credentials.sealAnew(edge);
    const renewed = this.#link && changed.get(this.#link.credential.userName);
    if (this.#link && renewed) this.#link.credential = renewed;
  }

  /** Ends a run: a lease is given to it that is due then, or given back. The bootstrap account serves for one run only. */
  async release(due: Date | null): Promise<void> {
    await this.#link?.release({ due: due?.toISOString() ?? null }).catch(() => this.drop());
    if (this.#link?.isFirst) this.drop();
  }

  drop(): void {
    this.#link?.close();
    this.#link = undefined;
  }
}
