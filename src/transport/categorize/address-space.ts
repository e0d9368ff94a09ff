import type { AcceptedDomainType, AddressSpace } from "../../directory/index.ts";

/** A recipient's domain as routing sees it. */
export interface RoutedDomain {
  /** Lower case. */
  domain: string;
  /** Undefined where the organization takes no mail for it. */
  accepted: AcceptedDomainType | undefined;
}

/** Above every suffix there can be. */
const exact = 1001;
const ours = 1000;

/**
 * How closely an address space fits a domain: the higher, the closer; undefined where it does not fit. The domain itself,
 * then `--` for the organization's own, then `*.suffix` by its length, then `*`. `*.example.com` is example.com too.
 *
 * Source: [aa998662], valid entries and closest match; the length of suffixes: [ps-exchange-2007] ch. 11. Inferred: where
 * `--` stands (docs/fidelity.md#connector-selection).
 */
function closeness(space: string, { domain, accepted }: RoutedDomain, isEdge: boolean): number | undefined {
  if (space === "*") return 0;
  if (space === "--")
    return isEdge && (accepted === "Authoritative" || accepted === "InternalRelay") ? ours : undefined;
  if (space === domain) return exact;
  if (!space.startsWith("*.")) return undefined;
  return domain === space.slice(2) || domain.endsWith(space.slice(1)) ? space.length : undefined;
}

/** An address space that fits, and how closely. */
interface FittingSpace {
  space: AddressSpace;
  closeness: number;
}

/**
 * The address space of a connector that fits a domain best; of equals the cheapest. Undefined where none fits.
 *
 * @param isEdge whether an Edge server asks: on a Hub `--` fits nothing. Source: [aa998662], `--` is for connectors that
 *   lead from Edge servers to Hubs; a Hub finds its own domains by their mailboxes.
 */
export function closestSpace(
  spaces: readonly AddressSpace[],
  domain: RoutedDomain,
  isEdge: boolean,
): FittingSpace | undefined {
  let best: FittingSpace | undefined;
  for (const space of spaces) {
    const fit = closeness(space.domain.toLowerCase(), domain, isEdge);
    if (fit === undefined) continue;
    if (!best || fit > best.closeness || (fit === best.closeness && space.cost < best.space.cost))
      best = { space, closeness: fit };
  }
  return best;
}
