import { acceptedDomains } from "./accepted-domain.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { defaultDomainNeeded } from "./errors.ts";
import { oneIdentity } from "../definition/identity.ts";

export const removeAcceptedDomain = defineCmdlet({
  verb: "Remove",
  noun: "AcceptedDomain",
  synopsis: "Has the organization take no more mail for a domain.",
  source: "[new-accepteddomain]",
  parameters: { Identity: oneIdentity("The accepted domain's name") },
  shouldProcess: "high",
  errors: ["COMMAND_IDENTITY_UNKNOWN", "COMMAND_ACCEPTED_DOMAIN_DEFAULT", "EDGE_MANAGED_BY_SUBSCRIPTION"],
  examples: [{ line: "Remove-AcceptedDomain Fabrikam -Confirm:$false", does: "Removes a domain without asking." }],
  columns: [],
  async run(context, { Identity }) {
    const domain = await acceptedDomains.one(context.server, Identity);
    if (domain.default) throw defaultDomainNeeded(domain.name, "remove"); // Inferred: docs/fidelity.md#domains
    await acceptedDomains.remove(context, domain);
  },
});
