import { costOf, type SiteLink } from "../../directory/index.ts";

/** A way from the local site to another one. */
export interface SitePath {
  /** From the local site to the target, both included. */
  sites: readonly string[];
  /** The sum of the costs of the links it takes. */
  cost: number;
}

/** The tree of best paths from one site: for each site that can be reached, its best path's last step and length. */
export type PathTree = ReadonlyMap<string, Reached>;

interface Reached {
  cost: number;
  hops: number;
  /** The site before it on the best path; undefined for the local site. */
  before: string | undefined;
}

/** What it costs to get from a site to each of its neighbours: the cheapest link that joins the two. */
export type SiteGraph = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * Joins every pair of sites within a link, at that link's cost. Sites nobody declared are left out.
 * Source: [aa996299], site links are transitive and each joins all its members at one cost.
 */
export function siteGraph(sites: Iterable<string>, siteLinks: readonly SiteLink[]): SiteGraph {
  const graph = new Map<string, Map<string, number>>(Array.from(sites, (site) => [site, new Map()]));
  for (const link of siteLinks) {
    const members = link.sites.filter((site) => graph.has(site));
    for (const from of members) {
      const neighbours = graph.get(from) as Map<string, number>;
      for (const to of members)
        if (to !== from) neighbours.set(to, Math.min(costOf(link), neighbours.get(to) ?? Infinity));
    }
  }
  return graph;
}

/**
 * The best path from `from` to every site: the lowest total cost, then the fewest hops, then the lowest site names,
 * compared from the site next to the target backwards. What is best to a site on the way is part of what is best to
 * the target, so every Hub on a path agrees about the rest of it and mail can't circle.
 *
 * Source: [aa996299] for cost; [ps-exchange-2007] ch. 11 for hops and names. Inferred: the order in which names are
 * compared, docs/fidelity.md#least-cost-path.
 */
export function leastCostPaths(graph: SiteGraph, from: string): PathTree {
  const reached = new Map<string, Reached>([[from, { cost: 0, hops: 0, before: undefined }]]);
  const open = new Set([from]);
  while (open.size > 0) {
    const site = nearest(open, reached);
    open.delete(site);
    const here = reached.get(site) as Reached;
    for (const [neighbour, cost] of graph.get(site) ?? []) {
      const offer: Reached = { cost: here.cost + cost, hops: here.hops + 1, before: site };
      const held = reached.get(neighbour);
      if (held && compareReached(held, offer) <= 0) continue;
      reached.set(neighbour, offer);
      open.add(neighbour);
    }
  }
  return reached;
}

function nearest(open: ReadonlySet<string>, reached: PathTree): string {
  let best: { site: string; at: Reached } | undefined;
  for (const site of open) {
    const at = reached.get(site) as Reached;
    if (!best || at.cost < best.at.cost || (at.cost === best.at.cost && at.hops < best.at.hops)) best = { site, at };
  }
  if (!best) throw new Error("nearest needs an open site");
  return best.site;
}

const compareReached = (one: Reached, other: Reached): number =>
  one.cost - other.cost || one.hops - other.hops || compareNames(one.before ?? "", other.before ?? "");

/** Alphanumeric order of names, whatever their case. */
export function compareNames(one: string, other: string): number {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a < b ? -1 : a > b ? 1 : one < other ? -1 : one > other ? 1 : 0;
}

/** The best path to `target`; undefined where no links lead there. */
export function pathTo(tree: PathTree, target: string): SitePath | undefined {
  const end = tree.get(target);
  if (!end) return undefined;
  const sites: string[] = [];
  for (let site: string | undefined = target; site !== undefined; site = tree.get(site)?.before) sites.unshift(site);
  return { sites, cost: end.cost };
}

/** The best paths to `target` that end with another link than `best` does, the best of them first. */
export function alternativesTo(graph: SiteGraph, tree: PathTree, target: string, best: SitePath): SitePath[] {
  const alternatives: SitePath[] = [];
  for (const [neighbour, cost] of graph.get(target) ?? []) {
    const path = pathTo(tree, neighbour);
    if (!path || neighbour === best.sites.at(-2) || path.sites.includes(target)) continue;
    alternatives.push({ sites: [...path.sites, target], cost: path.cost + cost });
  }
  return alternatives.sort((one, other) => one.cost - other.cost || one.sites.length - other.sites.length);
}
