import { type Directory, type DirectoryWrite, type LocalCopy, objectWrite } from "../directory/index.ts";
import type { Topology } from "./api.ts";

/** The organization itself, without its servers and mailboxes. */
export const organizationWrites = (topology: Topology, dnsSuffix: string): DirectoryWrite[] => [
  objectWrite("organization", { name: topology.organization, dnsSuffix }),
  ...topology.domains.map((domainName, index) =>
    objectWrite("acceptedDomain", { name: domainName, domainName, domainType: "Authoritative", default: index === 0 }),
  ),
  ...topology.sites.map(({ name, hubSite }) => objectWrite("site", { name, hubSiteEnabled: hubSite })),
  ...topology.siteLinks.map(({ name, sites, cost }) =>
    objectWrite("siteLink", { name, sites, adCost: cost, exchangeCost: null }),
  ),
];

/**
 * Makes the directory hold what this start declares, in one write: what an earlier start declared and this one does
 * not is removed. Resolves once this process's copy shows it.
 */
export async function publish(
  writes: readonly DirectoryWrite[],
  directory: Directory,
  organization: LocalCopy,
): Promise<void> {
  const declared = new Set(writes.map(({ id }) => id));
  const { changes } = await directory.changesSince(undefined);
  const gone = changes.flatMap((change): DirectoryWrite[] =>
    change.kind === "changed" && !declared.has(change.object.id) ? [{ id: change.object.id, remove: true }] : [],
  );
  await organization.caughtUp(await directory.write([...writes, ...gone]));
}
