import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { anyIdentity } from "../definition/identity.ts";
import { remoteDomainColumns, remoteDomains, shownRemoteDomain } from "./remote-domain.ts";

export const getRemoteDomain = defineCmdlet({
  verb: "Get",
  noun: "RemoteDomain",
  synopsis: "Shows how the organization writes to the domains of others.",
  source: "[set-remotedomain]",
  parameters: { Identity: anyIdentity("The remote domain's name") },
  errors: ["COMMAND_IDENTITY_UNKNOWN"],
  examples: [
    { line: "Get-RemoteDomain Default | Format-List", does: "Shows what holds for all domains without an entry." },
  ],
  columns: remoteDomainColumns,
  async *run({ server }, { Identity }) {
    for (const found of await remoteDomains.find(server, Identity)) yield shownRemoteDomain(found);
  },
});
