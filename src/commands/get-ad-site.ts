import { defineCmdlet } from "./define-cmdlet.ts";
import { siteUnknown } from "./errors.ts";

export const getAdSite = defineCmdlet({
  verb: "Get",
  noun: "AdSite",
  synopsis: "Shows the Active Directory sites of the organization.",
  source: "[aa996299]",
  parameters: { Identity: { type: "string", position: 0, help: "The site's name; without it, every one" } },
  columns: [{ property: "Name" }, { property: "HubSiteEnabled" }],
  async *run({ server }, { Identity }) {
    const sites = await server.adSites();
    const found = sites.filter((site) => Identity === undefined || site.name.toLowerCase() === Identity.toLowerCase());
    if (Identity !== undefined && found.length === 0)
      throw siteUnknown(
        Identity,
        sites.map((site) => site.name),
      );
    // Servers is Ours: where they are is what a student asks next.
    for (const site of found) yield { Name: site.name, HubSiteEnabled: site.hubSiteEnabled, Servers: site.servers };
  },
});
