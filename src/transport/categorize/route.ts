import type { Step } from "../../base/index.ts";
import { type ExchangeServer, isHub, type Site, type SiteLink } from "../../directory/index.ts";
import {
  alternativesTo,
  leastCostPaths,
  pathTo,
  type SiteGraph,
  siteGraph,
  type PathTree,
  type SitePath,
} from "./site-path.ts";

/** Where mail for some sites goes next, and why. Pure data: the same object comes back for the same sites. */
interface SiteRoutes {
  /** For each target site the site to relay to; undefined where it can't be reached. Equal ones share one copy. */
  nextHops: ReadonlyMap<string, string | undefined>;
  steps: readonly Step[];
}

/** One Hub's view of the paths between sites. Built anew when the configuration changes, never per message. */
export interface RoutingTable {
  readonly localSite: string;
  /** @param targets sites other than the local one, in any order, each once */
  routesTo(targets: readonly string[]): SiteRoutes;
  /** What the best way to a site costs, 0 to the local one; or the step that says why there is none. */
  costTo(site: string): { cost: number } | { lack: Step };
}

/**
 * Builds the routing table of the Hubs of one site. The paths are computed when mail first needs them.
 *
 * @param builtAt lab time; the routing table's timestamp in events
 * Source: [aa996299]; timestamp in events: [ff982668].
 */
export function buildRoutingTable(
  sites: readonly Site[],
  siteLinks: readonly SiteLink[],
  servers: readonly Pick<ExchangeServer, "site" | "roles">[],
  localSite: string,
  builtAt?: Date,
): RoutingTable {
  let topology: SiteTopology | undefined;
  const known = new Map<string, SiteRoutes>();

  const read = (): SiteTopology => (topology ??= readTopology(sites, siteLinks, servers, localSite));
  const wayTo = (target: string): SitePath | { lack: Step } => {
    const path = pathTo(read().tree, target);
    if (path && read().hubs.has(target)) return path;
    return { lack: explainNoRoute(localSite, target, path !== undefined, builtAt) };
  };
  const compute = (targets: readonly string[]): SiteRoutes => {
    const { graph, tree, hubs, relaying } = read();
    const steps: Step[] = [];
    const reachable: SitePath[] = [];
    for (const target of targets) {
      const path = wayTo(target);
      if ("lack" in path) steps.push(path.lack);
      else {
        reachable.push(path);
        steps.push(explainPath(path, alternativesTo(graph, tree, target, path)));
      }
    }
    const copies = fanOut(reachable, hubs, relaying);
    steps.push(...copies.map((copy) => explainCopy(copy, relaying)));
    const nextHops = new Map<string, string | undefined>(targets.map((target) => [target, undefined]));
    for (const { nextHop, targets: shared } of copies) for (const target of shared) nextHops.set(target, nextHop);
    return { nextHops, steps };
  };

  return {
    localSite,
    costTo: wayTo,
    routesTo(targets) {
      const key = targets.length === 1 ? (targets[0] as string) : [...targets].sort().join("\n");
      const held = known.get(key);
      if (held) return held;
      const routes = compute(targets);
      // Mail to ever new sets of sites must not fill the memory: start over, it is cheap to compute again.
      if (known.size >= 10_000) known.clear();
      known.set(key, routes);
      return routes;
    },
  };
}

interface SiteTopology {
  graph: SiteGraph;
  tree: PathTree;
  /** Sites that have a Hub Transport server. */
  hubs: ReadonlySet<string>;
  /** Those of them that take part in every path that crosses them. */
  relaying: ReadonlySet<string>;
}

function readTopology(
  sites: readonly Site[],
  siteLinks: readonly SiteLink[],
  servers: readonly Pick<ExchangeServer, "site" | "roles">[],
  localSite: string,
): SiteTopology {
  const hubs = new Set(servers.filter(isHub).flatMap(({ site }) => site ?? []));
  const hubSites = sites.filter(({ hubSiteEnabled, name }) => hubSiteEnabled && hubs.has(name));
  const graph = siteGraph([localSite, ...sites.map(({ name }) => name)], siteLinks);
  const tree = leastCostPaths(graph, localSite);
  return { graph, tree, hubs, relaying: new Set(hubSites.map(({ name }) => name)) };
}

interface Copy {
  nextHop: string;
  targets: readonly string[];
}

/**
 * Decides which targets share a copy, and where each copy goes: one copy as far as paths are shared. It stops at a hub
 * site, at a target, and at the fork: the last site shared by targets whose ways part after it. Only sites that have a
 * Hub count: elsewhere there is nobody to part a copy.
 *
 * Source: [aa996299], hub sites, direct relay and delayed fan-out. Inferred: where the fork has no Hub, the last
 * shared site that has one takes its place (docs/fidelity.md#delayed-fan-out).
 */
function fanOut(paths: readonly SitePath[], hubs: ReadonlySet<string>, relaying: ReadonlySet<string>): Copy[] {
  const walk = (group: readonly SitePath[], depth: number): Copy[] => {
    const site = group[0]?.sites[depth] as string;
    const targets = group.map(({ sites }) => sites.at(-1) as string);
    const here: Copy[] = [{ nextHop: site, targets }];
    if (relaying.has(site) || targets.includes(site)) return here;
    const beyond = branches(group, depth + 1).flatMap((branch) => walk(branch, depth + 1));
    return beyond.length > 1 && hubs.has(site) ? here : beyond;
  };
  return branches(paths, 1).flatMap((branch) => walk(branch, 1));
}

/** Paths grouped by the site they pass at `depth`, in the order of their first appearance. */
function branches(paths: readonly SitePath[], depth: number): SitePath[][] {
  const groups = new Map<string, SitePath[]>();
  for (const path of paths) {
    const site = path.sites[depth] as string;
    const group = groups.get(site);
    if (group) group.push(path);
    else groups.set(site, [path]);
  }
  return [...groups.values()];
}

const describe = ({ sites, cost }: SitePath): string =>
  `${sites.join(" > ")} (cost ${cost}, ${sites.length === 2 ? "1 hop" : `${sites.length - 1} hops`})`;

/** How many of the paths that were not taken an explanation names. */
const alternativesShown = 3;

function explainPath(path: SitePath, alternatives: readonly SitePath[]): Step {
  const others = alternatives.slice(0, alternativesShown).map(describe).join(", ");
  const reason =
    others === "" ? "the only path" : `rather than ${others}: ${whyBetter(path, alternatives[0] as SitePath)}`;
  return { source: "aa996299#least-cost", text: `${describe(path)}, ${reason}` };
}

function whyBetter(path: SitePath, next: SitePath): string {
  if (path.cost < next.cost) return "lowest cost";
  return path.sites.length < next.sites.length ? "equal cost, fewest hops" : "equal cost and hops, lowest site name";
}

const explainNoRoute = (from: string, target: string, linked: boolean, builtAt: Date | undefined): Step => ({
  source: "ff982668#5007",
  text: linked
    ? `${target} has no Hub Transport server: its recipients are unreachable`
    : `No site links lead from ${from} to ${target}: its recipients are unreachable`,
  event: { id: 5007, parameters: [target, builtAt?.toISOString() ?? ""] },
});

function explainCopy({ nextHop, targets }: Copy, relaying: ReadonlySet<string>): Step {
  const step = (rule: string, text: string): Step => ({ source: `aa996299#${rule}`, text });
  const others = targets.filter((target) => target !== nextHop);
  const beyond = others.join(", ");
  if (others.length === 0) return step("direct-relay", `Relay to ${nextHop} directly: no hub site lies between`);
  if (relaying.has(nextHop)) return step("hub-site", `Relay to hub site ${nextHop}, on the way to ${beyond}`);
  return step("delayed-fan-out", `One copy to ${nextHop}, where the ways to ${[...targets].join(", ")} part`);
}
