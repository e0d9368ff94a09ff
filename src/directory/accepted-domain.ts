/** Source: [new-accepteddomain], DomainType. */
export const acceptedDomainTypes = ["Authoritative", "InternalRelay", "ExternalRelay"] as const;
export type AcceptedDomainType = (typeof acceptedDomainTypes)[number];

/**
 * A domain that the organization takes mail for: as its own, to relay it within, or to relay it out again.
 * Source: [new-accepteddomain].
 */
export interface AcceptedDomain {
  /** Unique in the organization; the cmdlets' identity. */
  name: string;
  domainName: string;
  domainType: AcceptedDomainType;
  default: boolean;
}

/** The organization object; in an Edge server's ADAM, its own machine's in its place. */
export interface OrganizationSettings {
  name: string;
  /** The DNS suffix of its servers. */
  dnsSuffix: string;
}
