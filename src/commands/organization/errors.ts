import { LabError } from "../../base/index.ts";

/**
 * A text stands where a domain must.
 *
 * @param wanted what may stand there: `fabrikam.com`
 */
export const domainMalformed = (parameter: string, found: string, wanted: string): LabError =>
  new LabError(
    "COMMAND_DOMAIN_MALFORMED",
    `Cannot set ${parameter} to "${found}": it is no domain that may stand there`,
    {
      remedy: found.includes(",")
        ? `Put each name in quotes of its own, or none: ${found
            .split(",")
            .map((name) => name.trim())
            .join(",")}`
        : `Write it like ${wanted}`,
      details: { parameter, found },
    },
  );

/** A domain has an entry of its own already. */
export const domainTaken = (called: string, domain: string, held: string): LabError =>
  new LabError("COMMAND_DOMAIN_TAKEN", `Cannot make another ${called} of ${domain}: "${held}" is one`, {
    remedy: `Change "${held}", or remove it first`,
    details: { domain, held },
  });

/** The organization would be left without a default accepted domain. */
export const defaultDomainNeeded = (name: string, what: string): LabError =>
  new LabError(
    "COMMAND_ACCEPTED_DOMAIN_DEFAULT",
    `Cannot ${what} "${name}": it is the default accepted domain, and there must be one`,
    { remedy: "Make another one the default first: Set-AcceptedDomain Other -MakeDefault $true", details: { name } },
  );

/** The entry that holds for all domains without one of their own was to be removed. */
export const defaultRemoteDomainNeeded = (name: string): LabError =>
  new LabError(
    "COMMAND_REMOTE_DOMAIN_DEFAULT",
    `Cannot remove "${name}": it holds for every domain that has no remote domain of its own`,
    { remedy: `Change it with Set-RemoteDomain ${name}`, details: { name } },
  );

/** A site was named that the organization does not have. */
export const siteUnknown = (identity: string, known: readonly string[]): LabError =>
  new LabError("COMMAND_SITE_UNKNOWN", `Cannot find site "${identity}": the organization has ${known.join(", ")}`, {
    remedy: "Run Get-AdSite and copy a Name from its output",
    details: { identity, known },
  });
