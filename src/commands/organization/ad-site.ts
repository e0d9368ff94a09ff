import type { AdSiteView } from "../../lab/index.ts";
import { same } from "../definition/same.ts";
import { siteUnknown } from "./errors.ts";

/** The site of that name; throws COMMAND_SITE_UNKNOWN. */
export function siteNamed(sites: readonly AdSiteView[], wanted: string): AdSiteView {
  const found = sites.find(({ name }) => same(name, wanted));
  if (found) return found;
  throw siteUnknown(
    wanted,
    sites.map(({ name }) => name),
  );
}
