import { acceptedDomainColumns, acceptedDomains, shownAcceptedDomain } from "./accepted-domain.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { anyIdentity } from "../definition/identity.ts";

export const getAcceptedDomain = defineCmdlet({
  verb: "Get",
  noun: "AcceptedDomain",
  synopsis: "Shows the domains that the organization takes mail for.",
  source: "[set-accepteddomain]",
  parameters: { Identity: anyIdentity("The accepted domain's name") },
  errors: ["COMMAND_IDENTITY_UNKNOWN"],
  examples: [
    { line: "Get-AcceptedDomain | Format-Table Name, DomainType", does: "Shows what kind of domain each is." },
  ],
  columns: acceptedDomainColumns,
  async *run({ server }, { Identity }) {
    for (const found of await acceptedDomains.find(server, Identity)) yield shownAcceptedDomain(found);
  },
});
