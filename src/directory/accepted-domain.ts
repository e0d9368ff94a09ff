/** A domain that the organization accepts mail for. Internal relay and external relay come with the Edge. */
export interface AcceptedDomain {
  name: string;
  domainName: string;
  domainType: "Authoritative";
  default: boolean;
}

/** The organization object. */
export interface OrganizationSettings {
  name: string;
  /** The DNS suffix of its servers. */
  dnsSuffix: string;
}
