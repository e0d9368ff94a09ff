import { acceptedDomains } from "./accepted-domain.ts";
import { defineCmdlet } from "./define-cmdlet.ts";
import { defaultDomainNeeded } from "./errors-of-domains.ts";
import { oneIdentity } from "./identity.ts";

export const removeAcceptedDomain = defineCmdlet({
  verb: "Remove",
  noun: "AcceptedDomain",
  synopsis: "Has the organization take no more mail for a domain.",
  source: "[new-accepteddomain]",
  parameters: { Identity: oneIdentity("The accepted domain's name") },
  shouldProcess: "high",
  columns: [],
  async run({ server, shouldProcess }, { Identity }) {
    const domain = await acceptedDomains.one(server, Identity);
    if (domain.default) throw defaultDomainNeeded(domain.name, "remove"); // Inferred: docs/fidelity.md#domains
    if (await shouldProcess("Remove-AcceptedDomain", domain.name)) await acceptedDomains.remove(server, domain);
  },
});
