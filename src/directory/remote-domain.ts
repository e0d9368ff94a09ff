/** Source: [set-remotedomain], AllowedOOFType. */
export const oofTypes = ["External", "ExternalLegacy", "InternalLegacy", "None"] as const;

/** How mail to a domain of others is written. Source: [set-remotedomain], names and defaults. */
export interface RemoteDomain {
  name: string;
  /** `*` for every domain that has no entry of its own. */
  domainName: string;
  allowedOofType: (typeof oofTypes)[number];
  autoReplyEnabled: boolean;
  autoForwardEnabled: boolean;
  deliveryReportEnabled: boolean;
  ndrEnabled: boolean;
}

/** What Setup makes, and what a new entry begins with. Source: [set-remotedomain]. */
export const defaultRemoteDomain: RemoteDomain = {
  name: "Default",
  domainName: "*",
  allowedOofType: "External",
  autoReplyEnabled: true,
  autoForwardEnabled: true,
  deliveryReportEnabled: true,
  ndrEnabled: true,
};
