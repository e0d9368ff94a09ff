import { siteNamed } from "./ad-site.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";

export const getAdSite = defineCmdlet({
  verb: "Get",
  noun: "AdSite",
  synopsis: "Shows the Active Directory sites of the organization.",
  source: "[aa996299]",
  on: "organization",
  parameters: {
    Identity: { type: "string", position: 0, fromPipeline: "both", help: "The site's name", default: "every one" },
  },
  errors: ["COMMAND_SITE_UNKNOWN"],
  examples: [{ line: "Get-AdSite | Where-Object { $_.HubSiteEnabled }", does: "Shows the hub sites." }],
  columns: [{ property: "Name" }, { property: "HubSiteEnabled" }],
  async *run({ server }, { Identity }) {
    const sites = await server.adSites();
    const found = Identity === undefined ? sites : [siteNamed(sites, Identity)];
    // Servers is Ours: where they are is what a student asks next.
    for (const site of found) yield { Name: site.name, HubSiteEnabled: site.hubSiteEnabled, Servers: site.servers };
  },
});
