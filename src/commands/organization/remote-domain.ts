import { oofTypes, type RemoteDomain } from "../../directory/index.ts";
import { namedConfiguration } from "../definition/configuration.ts";
import { needDomainOrWildcard, needFreeDomain } from "./domains.ts";
import type { ParameterSpecs } from "../definition/parameter.ts";
import { shownSettings } from "../definition/settings.ts";

const sent = (what: string): string => `Whether ${what} to the domain`;

/** What `Set-RemoteDomain` changes, in alphabetical order as Exchange does. Source: [set-remotedomain]. */
export const remoteDomainParameters = {
  AllowedOOFType: {
    type: "enum",
    values: oofTypes,
    field: "allowedOofType",
    help: "Which out-of-office messages go to the domain",
  },
  AutoForwardEnabled: {
    type: "boolean",
    field: "autoForwardEnabled",
    help: sent("clients forward mail by themselves"),
  },
  AutoReplyEnabled: { type: "boolean", field: "autoReplyEnabled", help: sent("clients reply by themselves") },
  DeliveryReportEnabled: { type: "boolean", field: "deliveryReportEnabled", help: sent("delivery reports go") },
  NDREnabled: { type: "boolean", field: "ndrEnabled", help: sent("non-delivery reports go") },
} as const satisfies ParameterSpecs;

/** How the organization writes to domains of others. Source: [set-remotedomain]. */
export const remoteDomains = namedConfiguration({
  kind: "remoteDomain",
  noun: "RemoteDomain",
  called: "remote domain",
  async check({ domainName }, { others }) {
    needDomainOrWildcard("DomainName", domainName);
    needFreeDomain("remote domain", domainName, others);
  },
});

/** As `Get-RemoteDomain` shows it. */
export const shownRemoteDomain = (domain: RemoteDomain): object => ({
  Name: domain.name,
  DomainName: domain.domainName,
  ...shownSettings(remoteDomainParameters, domain),
});

export const remoteDomainColumns = ["Name", "DomainName", "AllowedOOFType"].map((property) => ({ property }));
