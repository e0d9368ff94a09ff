import { type AcceptedDomain, acceptedDomainTypes } from "../../directory/index.ts";
import { namedConfiguration } from "../definition/configuration.ts";
import { needDomains, needFreeDomain } from "./domains.ts";
import type { ParameterSpecs } from "../definition/parameter.ts";
import { shownSettings } from "../definition/settings.ts";

/** What `New-` and `Set-AcceptedDomain` both set. Source: [new-accepteddomain], [set-accepteddomain]. */
export const acceptedDomainParameters = {
  DomainType: {
    type: "enum",
    values: acceptedDomainTypes,
    field: "domainType",
    help: "Whether the recipients are the organization's own, another system's inside, or somebody else's",
  },
} as const satisfies ParameterSpecs;

/**
 * The accepted domains of the organization.
 * Source: [new-accepteddomain], names and domains are unique. Ours: no wildcards (docs/fidelity.md#domains).
 */
export const acceptedDomains = namedConfiguration({
  kind: "acceptedDomain",
  noun: "AcceptedDomain",
  called: "accepted domain",
  async check({ domainName }, { others }) {
    needDomains("DomainName", [domainName]);
    needFreeDomain("accepted domain", domainName, others);
  },
});

/** As `Get-AcceptedDomain` shows it. */
export const shownAcceptedDomain = (domain: AcceptedDomain): object => ({
  Name: domain.name,
  DomainName: domain.domainName,
  ...shownSettings(acceptedDomainParameters, domain),
  Default: domain.default,
});

export const acceptedDomainColumns = ["Name", "DomainName", "DomainType", "Default"].map((property) => ({ property }));
