import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { defaultRemoteDomainNeeded } from "./errors.ts";
import { oneIdentity } from "../definition/identity.ts";
import { remoteDomains } from "./remote-domain.ts";

export const removeRemoteDomain = defineCmdlet({
  verb: "Remove",
  noun: "RemoteDomain",
  synopsis: "Removes a remote domain; what the default one says holds from then on.",
  source: "[remote-domains]",
  parameters: { Identity: oneIdentity("The remote domain's name") },
  shouldProcess: "high",
  errors: ["COMMAND_IDENTITY_UNKNOWN", "COMMAND_REMOTE_DOMAIN_DEFAULT", "EDGE_MANAGED_BY_SUBSCRIPTION"],
  examples: [{ line: "Remove-RemoteDomain Fabrikam -Confirm:$false", does: "Removes an entry without asking." }],
  columns: [],
  async run(context, { Identity }) {
    const domain = await remoteDomains.one(context.server, Identity);
    if (domain.domainName === "*") throw defaultRemoteDomainNeeded(domain.name); // Source: [remote-domains]
    await remoteDomains.remove(context, domain);
  },
});
