import { expect } from "chai";
import fc from "fast-check";
import { costOf, type Site, type SiteLink } from "../../src/directory/index.ts";
import { buildRoutingTable } from "../../src/transport/categorize/route.ts";
import {
  compareNames,
  leastCostPaths,
  pathTo,
  siteGraph,
  type SitePath,
} from "../../src/transport/categorize/site-path.ts";

interface Topology {
  sites: Site[];
  links: SiteLink[];
  hubs: string[];
}

const names = ["A", "B", "C", "D", "E", "F", "G"];

/** Few costs, so that ties are common; links of two to four sites. */
const topologies: fc.Arbitrary<Topology> = fc.integer({ min: 2, max: names.length }).chain((count) => {
  const held = names.slice(0, count);
  const link = fc.record({
    sites: fc.subarray(held, { minLength: 2, maxLength: Math.min(4, count) }),
    adCost: fc.constantFrom(1, 2, 3, 4),
    exchangeCost: fc.constantFrom(null, null, 1, 2),
  });
  return fc.record({
    sites: fc.tuple(...held.map((name) => fc.boolean().map((hubSiteEnabled) => ({ name, hubSiteEnabled })))),
    links: fc
      .array(link, { maxLength: 9 })
      .map((links) => links.map((each, index) => ({ ...each, name: `L${index}` }))),
    hubs: fc.subarray(held),
  });
});

/** Every path without a repeated site, the slow way; between neighbours only the cheapest link can be part of a best path. */
function allPaths(links: readonly SiteLink[], from: string, to: string): SitePath[] {
  const costs = (one: string, other: string): number[] =>
    links.filter(({ sites }) => sites.includes(one) && sites.includes(other)).map(costOf);
  const walk = (path: SitePath): SitePath[] => {
    const last = path.sites.at(-1) as string;
    if (last === to) return [path];
    return names.flatMap((next) => {
      const cost = Math.min(...costs(last, next));
      if (path.sites.includes(next) || cost === Infinity) return [];
      return walk({ sites: [...path.sites, next], cost: path.cost + cost });
    });
  };
  return walk({ sites: [from], cost: 0 });
}

/** Cost, then hops, then names from the target backwards: the rule as it is written down, applied to whole paths. */
function comparePaths(one: SitePath, other: SitePath): number {
  const back = (path: SitePath): string[] => path.sites.toReversed();
  const names = back(one).map((site, index) => compareNames(site, back(other)[index] ?? ""));
  return one.cost - other.cost || one.sites.length - other.sites.length || (names.find((order) => order !== 0) ?? 0);
}

const tableAt = ({ sites, links, hubs }: Topology, site: string) =>
  buildRoutingTable(
    sites,
    links,
    hubs.map((hub) => ({ site: hub, roles: ["HubTransport"] })),
    site,
  );

describe("routing between sites", () => {
  it("takes the path that an exhaustive search calls best: cost, then hops, then names from the target backwards", () => {
    fc.assert(
      fc.property(topologies, ({ sites, links }) => {
        const tree = leastCostPaths(siteGraph(names.slice(0, sites.length), links), "A");
        for (const { name } of sites.slice(1)) {
          const best = allPaths(links, "A", name).sort(comparePaths)[0];
          expect(pathTo(tree, name)).to.deep.equal(best);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("serves every reachable site exactly once, and sends no site more than one copy", () => {
    fc.assert(
      fc.property(topologies, fc.subarray(names.slice(1)), (topology, wanted) => {
        topology.hubs = [...new Set(["A", ...topology.hubs])];
        const targets = wanted.filter((name) => topology.sites.some((site) => site.name === name));
        const served: string[] = [];
        const unreachable: string[] = [];
        const receivedBy: string[] = [];

        const arrive = (site: string, left: readonly string[]): void => {
          if (left.includes(site)) served.push(site);
          const beyond = left.filter((target) => target !== site);
          const groups = new Map<string, string[]>();
          for (const [target, nextHop] of tableAt(topology, site).routesTo(beyond).nextHops) {
            if (nextHop === undefined) unreachable.push(target);
            else groups.set(nextHop, [...(groups.get(nextHop) ?? []), target]);
          }
          for (const [nextHop, shared] of groups) {
            receivedBy.push(nextHop);
            expect(receivedBy, "a site that receives twice, or a loop").to.have.lengthOf(new Set(receivedBy).size);
            expect(topology.hubs, "a next hop without a Hub").to.include(nextHop);
            arrive(nextHop, shared);
          }
        };
        arrive("A", targets);

        const reachable = targets.filter(
          (target) => topology.hubs.includes(target) && allPaths(topology.links, "A", target).length > 0,
        );
        expect(served.sort()).to.deep.equal(reachable.sort());
        expect(unreachable.sort()).to.deep.equal(targets.filter((target) => !reachable.includes(target)).sort());
      }),
      { numRuns: 400 },
    );
  });

  it("never sends two copies over a stretch where one could have gone", () => {
    fc.assert(
      fc.property(topologies, fc.subarray(names.slice(1)), (topology, wanted) => {
        const targets = wanted.filter((name) => topology.sites.some((site) => site.name === name));
        const tree = leastCostPaths(siteGraph(names.slice(0, topology.sites.length), topology.links), "A");
        const nextHops = [...new Set(tableAt(topology, "A").routesTo(targets).nextHops.values())];
        const legs = nextHops.flatMap((hop) => (hop === undefined ? [] : [pathTo(tree, hop)?.sites.slice(1) ?? []]));
        for (const [index, leg] of legs.entries()) {
          for (const other of legs.slice(index + 1)) {
            const shared = leg.filter((site, depth) => other[depth] === site);
            expect(
              shared.filter((site) => topology.hubs.includes(site)),
              `${legs.join(" and ")}`,
            ).to.deep.equal([]);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it("passes every hub site on the path in order, and no other site but forks and targets", () => {
    fc.assert(
      fc.property(topologies, fc.constantFrom(...names.slice(1)), (topology, target) => {
        if (!topology.sites.some(({ name }) => name === target)) return;
        const graph = siteGraph(names.slice(0, topology.sites.length), topology.links);
        const path = pathTo(leastCostPaths(graph, "A"), target);
        if (!path || !topology.hubs.includes(target)) return;
        const visited: string[] = [];
        for (let site: string | undefined = "A"; site !== undefined && site !== target;) {
          site = tableAt(topology, site).routesTo([target]).nextHops.get(target);
          visited.push(site as string);
        }
        const isHubSite = (name: string): boolean =>
          topology.hubs.includes(name) && topology.sites.some((site) => site.name === name && site.hubSiteEnabled);
        expect(visited).to.deep.equal([...path.sites.slice(1, -1).filter(isHubSite), target]);
      }),
      { numRuns: 400 },
    );
  });
});
