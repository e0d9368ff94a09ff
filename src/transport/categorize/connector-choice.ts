import { type Decision, formatBytes, type Step } from "../../base/index.ts";
import type { AddressSpace, SendConnector } from "../../directory/index.ts";
import { closestSpace, type RoutedDomain } from "./address-space.ts";
import { findPlace, type Place, type Vantage } from "./connector-place.ts";
import { compareNames } from "./site-path.ts";

/** The Send connector for a domain; or that every one that would do takes smaller messages only; or that there is none. */
export type ConnectorChoice =
  { kind: "chosen"; connector: SendConnector; place: Place } | { kind: "tooLarge" } | { kind: "none" };

/** A connector that may take the mail, by the one of its address spaces that fits best. */
interface Candidate {
  connector: SendConnector;
  space: AddressSpace;
  closeness: number;
  place: Place;
}

/** Source: [connector-selection]: the local server, then another of the same site, then one of another site. */
const proximity: Readonly<Record<Place["kind"], { rank: number; text: string }>> = {
  here: { rank: 0, text: "on this server" },
  hub: { rank: 1, text: "in this site" },
  edge: { rank: 1, text: "in this site" },
  site: { rank: 2, text: "in another site" },
};

const wayCost = ({ place }: Candidate): number => (place.kind === "site" ? place.cost : 0);

/** What decides between those that may, one after the other: those of the lowest rank stay. */
const criteria: readonly { rule: string; rank: (one: Candidate) => number; say: (one: Candidate) => string }[] = [
  { rule: "most-specific", rank: ({ closeness }) => -closeness, say: ({ space }) => space.domain },
  {
    rule: "cost",
    rank: (one) => wayCost(one) + one.space.cost,
    say: (one) => `cost ${wayCost(one)} + ${one.space.cost}`,
  },
  {
    rule: "proximity",
    rank: ({ place }) => proximity[place.kind].rank,
    say: ({ place }) => proximity[place.kind].text,
  },
];

/**
 * Chooses the Send connector for mail to one domain. Connectors that are disabled, out of scope, out of reach or too
 * small are left out; of those whose address space matches, the most specific match stays, then the lowest aggregate
 * cost, then the closest, then the lowest name.
 *
 * @param connectors all of the organization, or of an Edge server's ADAM; their order must not matter (property-tested)
 * @returns the choice; `steps` tells the fate of every connector that has an address space for the domain
 * Source: [connector-selection], all criteria and their order.
 */
export function chooseConnector(
  domain: RoutedDomain,
  sizeBytes: number,
  connectors: readonly SendConnector[],
  vantage: Vantage,
): Decision<ConnectorChoice> {
  const steps: Step[] = [];
  const usable = findCandidates(domain, connectors, vantage, steps);
  let candidates = usable.filter(({ connector: { name, maxMessageSizeBytes } }) => {
    if (sizeBytes <= maxMessageSizeBytes) return true;
    steps.push(step("size", `${name}: takes messages of ${formatBytes(maxMessageSizeBytes)} at most`));
    return false;
  });
  for (const criterion of criteria) candidates = narrow(candidates, criterion, steps);

  const [best, ...others] = candidates;
  if (!best) return { outcome: { kind: usable.length > 0 ? "tooLarge" : "none" }, steps };
  if (others.length > 0) {
    const names = others.map(({ connector }) => connector.name).join(", ");
    steps.push(step("name", `${best.connector.name} before ${names}: the lowest name`));
  }
  return { outcome: { kind: "chosen", connector: best.connector, place: best.place }, steps };
}

/** Those that have an address space for the domain and can be used from here, by name; each other one says why not. */
function findCandidates(
  domain: RoutedDomain,
  connectors: readonly SendConnector[],
  vantage: Vantage,
  steps: Step[],
): Candidate[] {
  const isEdge = vantage.here.role === "edge";
  const matching = connectors
    .flatMap((connector) => {
      const fit = closestSpace(connector.addressSpaces, domain, isEdge);
      return fit ? [{ connector, ...fit }] : [];
    })
    .sort((one, other) => compareNames(one.connector.name, other.connector.name));
  if (matching.length > 0) {
    const spaces = matching.map(({ connector, space }) => `${space.domain} of ${connector.name}`);
    steps.push(step("address-space", `${domain.domain} matches ${spaces.join(", ")}`));
  }
  return matching.flatMap((match) => {
    const place = placeOf(match.connector, isWide(match.space, domain), vantage);
    if (!("lack" in place)) return [{ ...match, place }];
    steps.push(place.lack);
    return [];
  });
}

function placeOf(connector: SendConnector, hubsOnly: boolean, vantage: Vantage): Place | { lack: Step } {
  const { name, enabled, dnsRoutingEnabled, smartHosts } = connector;
  if (!enabled) return { lack: step("enabled", `${name}: disabled`) };
  if (vantage.here.role === "hub" && !dnsRoutingEnabled && smartHosts.includes("--"))
    return { lack: step("inbound", `${name}: leads to the Hubs, of which this is one`) };
  return findPlace(connector, hubsOnly, vantage);
}

/**
 * Whether mail may leave through Hubs only: an Edge server sends an InternalRelay domain back to the Hubs, unless a
 * connector of its own names that very domain. Source: [bb124423], such domains are relayed by Hub Transport servers.
 * Ours: Exchange lets the message circle until its hops are used up (docs/fidelity.md#connector-selection).
 */
const isWide = (space: AddressSpace, { domain, accepted }: RoutedDomain): boolean =>
  accepted === "InternalRelay" && space.domain.toLowerCase() !== domain;

function narrow(candidates: Candidate[], { rule, rank, say }: (typeof criteria)[number], steps: Step[]): Candidate[] {
  const lowest = Math.min(...candidates.map(rank));
  const best = candidates.filter((one) => rank(one) === lowest);
  const worse = candidates.filter((one) => rank(one) !== lowest);
  const list = (several: Candidate[]): string => several.map((one) => `${one.connector.name} (${say(one)})`).join(", ");
  if (worse.length > 0) steps.push(step(rule, `${list(best)} before ${list(worse)}`));
  return best;
}

const step = (rule: string, text: string): Step => ({ source: `connector-selection#${rule}`, text });
