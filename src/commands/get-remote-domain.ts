import { defineCmdlet } from "./define-cmdlet.ts";
import { anyIdentity } from "./identity.ts";
import { remoteDomainColumns, remoteDomains, shownRemoteDomain } from "./remote-domain.ts";

export const getRemoteDomain = defineCmdlet({
  verb: "Get",
  noun: "RemoteDomain",
  synopsis: "Shows how the organization writes to the domains of others.",
  source: "[set-remotedomain]",
  parameters: { Identity: anyIdentity("The remote domain's name") },
  columns: remoteDomainColumns,
  async *run({ server }, { Identity }) {
    for (const found of await remoteDomains.find(server, Identity)) yield shownRemoteDomain(found);
  },
});
