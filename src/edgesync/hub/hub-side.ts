import type { HttpsConnection } from "../../base/index.ts";
import { type ExchangeServer, isEdge, type ReplicationScope } from "../../directory/index.ts";
import { edgeSyncInProgress, edgeSyncNoEdgeInSite } from "../errors.ts";
import type { SynchronizationResult, SynchronizationStatus } from "../results.ts";
import {
  importSubscription,
  type ImportRequest,
  removeSubscriptionFromOrganization,
} from "../subscription/import-subscription.ts";
import { within } from "../turns.ts";
import { EdgePartner } from "./edge-partner.ts";
import { HubCredentials } from "./hub-credentials.ts";
import type { HubSideModules, PartnerModules } from "./hub-modules.ts";
import { SyncTimer } from "./schedule.ts";
import { resultsOf } from "./scope-outcome.ts";
import { type EdgeTest, testEdge } from "./test-edge.ts";

/** The EdgeSync service of a Hub. */
export interface HubSide {
  /**
   * Takes a subscription file in.
   *
   * @returns the Edge server's name. Rejects EDGE_FILE_*, EDGE_SITE_*, EDGE_HOST_UNKNOWN, EDGE_NAME_TAKEN, EDGE_SUBSCRIBED_ELSEWHERE
   */
  importSubscription(text: string, request: ImportRequest): Promise<string>;
  /** Rejects EDGE_SUBSCRIPTION_UNKNOWN. */
  removeSubscription(edge: string): Promise<void>;
  /**
   * Brings the Edge servers of this site up to date now, or one of them; the timers begin anew.
   *
   * @returns two results for each, Recipients first. Rejects EDGE_SYNC_NO_EDGE_IN_SITE and EDGE_SYNC_IN_PROGRESS
   */
  synchronize(request: {
    targetServer?: string;
    forceFullSync?: boolean;
    forceUpdateCookie?: boolean;
  }): Promise<readonly SynchronizationResult[]>;
  /** How the Edge servers of this site stand, or one of them. Rejects EDGE_SYNC_NO_EDGE_IN_SITE. */
  test(request: { targetServer?: string } & EdgeTest): Promise<readonly SynchronizationStatus[]>;
  /** Gives leases back and ends; a run that is under way ends after its present step. */
  close(): Promise<void>;
  /** Ends as when power is cut: no word to anybody. */
  abandon(): void;
}

/** Real time that a run gets to end by itself. */
const closingPatienceMs = 2000;

/** Starts the service: its timers run from now on, and credentials are made as soon as Active Directory asks for them. */
export function startHubSide(modules: HubSideModules): HubSide {
  const { server, clock, organization, schedule } = modules;
  const connections = new Set<HttpsConnection>();
  const partners = new Map<string, EdgePartner>();
  const credentials = new HubCredentials({ ...modules, lifetimeMs: schedule.credentialLifetimeMs });
  let ended = false;

  const edges = (): readonly ExchangeServer[] => organization.servers().filter(isEdge);
  const ownEdges = (): readonly ExchangeServer[] => edges().filter(({ site }) => site === server.site);
  const partnerModules: PartnerModules = {
    ...modules,
    connections,
    credentials,
    stopped: () => ended,
    nextShow: () => timer.nextShow,
  };
  const partnerOf = (edge: ExchangeServer): EdgePartner => {
    const partner = partners.get(edge.name) ?? new EdgePartner(partnerModules, edge.name);
    partners.set(edge.name, partner);
    return partner;
  };
  const chosen = (targetServer: string | undefined): readonly ExchangeServer[] => {
    const found = ownEdges().filter((edge) => targetServer === undefined || isNamed(edge, targetServer));
    if (found.length === 0) throw edgeSyncNoEdgeInSite(server.site, targetServer, edges());
    return found;
  };
  const tick = async (due: readonly ReplicationScope[]): Promise<void> => {
    for (const edge of ownEdges()) partnerOf(edge);
    await Promise.all([...partners.values()].map((partner) => partner.tick(due)));
  };
  const timer = new SyncTimer(clock, `EdgeSync of ${server.name}`, schedule, tick);
  const keepCredentials = (): void => {
    for (const edge of ended ? [] : ownEdges()) {
      // Where Active Directory is away, the next tick does it.
      void clock.busy(
        `EdgeSync credentials of ${server.name}`,
        credentials.keep(edge).catch(() => undefined),
      );
    }
  };
  const stopListening = organization.onChange(keepCredentials);
  keepCredentials();

  const end = (): void => {
    ended = true;
    timer.stop();
    stopListening();
  };
  const cut = (): void => {
    for (const connection of connections) connection.close();
    connections.clear();
  };
  return {
    async importSubscription(text, request) {
      await refresh(modules);
      return await importSubscription(modules, text, request);
    },
    async removeSubscription(edge) {
      await refresh(modules);
      await removeSubscriptionFromOrganization(modules, edge);
    },
    async synchronize({ targetServer, forceFullSync = false, forceUpdateCookie = false }) {
      await refresh(modules).catch(() => undefined); // the run will say so
      const targets = chosen(targetServer);
      const busy = targets.find((edge) => partnerOf(edge).running);
      if (busy) throw edgeSyncInProgress(busy.name);
      timer.reset();
      const runs = targets.map(async (edge) =>
        resultsOf(edge.name, await partnerOf(edge).synchronize(edge, { forceFullSync, forceUpdateCookie })),
      );
      return (await clock.busy(`EdgeSync of ${server.name}`, Promise.all(runs))).flat();
    },
    async test({ targetServer, ...test }) {
      await refresh(modules).catch(() => undefined);
      const targets = chosen(targetServer);
      return await Promise.all(targets.map((edge) => testEdge(modules, partnerOf(edge), edge, test)));
    },
    async close() {
      end();
      const idle = Promise.all([...partners.values()].map((partner) => partner.whenIdle()));
      await within(closingPatienceMs, idle);
      await within(closingPatienceMs, Promise.all([...partners.values()].map((partner) => partner.giveBack())));
      cut();
      await within(closingPatienceMs, idle);
    },
    abandon() {
      end();
      cut();
    },
  };
}

/** Whoever types a command goes by what was typed before it, on this server or on another. */
async function refresh({ directory, organization }: HubSideModules): Promise<void> {
  const { cookie } = await directory.objectsAfter(Number.MAX_SAFE_INTEGER, { kinds: [], limit: 1 });
  await organization.caughtUp(cookie);
}

const isNamed = ({ name, fqdn }: ExchangeServer, wanted: string): boolean =>
  [name, fqdn].some((one) => one.toLowerCase() === wanted.toLowerCase());
