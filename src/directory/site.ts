/** An Active Directory site. Source: [aa996299]. */
export interface Site {
  name: string;
  /** A hub site takes part in every path that crosses it. */
  hubSiteEnabled: boolean;
}

/** An IP site link: every pair of its members at one cost. Source: [aa996299]. */
export interface SiteLink {
  name: string;
  /** Names of two sites or more. */
  sites: readonly string[];
  adCost: number;
  /** Replaces `adCost` for mail where it is set. */
  exchangeCost: number | null;
}

/** What mail is routed by. */
export const costOf = (link: SiteLink): number => link.exchangeCost ?? link.adCost;
