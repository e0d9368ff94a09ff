import { defineCmdlet } from "./define-cmdlet.ts";
import { defaultRemoteDomainNeeded } from "./errors-of-domains.ts";
import { oneIdentity } from "./identity.ts";
import { remoteDomains } from "./remote-domain.ts";

export const removeRemoteDomain = defineCmdlet({
  verb: "Remove",
  noun: "RemoteDomain",
  synopsis: "Removes a remote domain; what the default one says holds from then on.",
  source: "[remote-domains]",
  parameters: { Identity: oneIdentity("The remote domain's name") },
  shouldProcess: "high",
  columns: [],
  async run({ server, shouldProcess }, { Identity }) {
    const domain = await remoteDomains.one(server, Identity);
    if (domain.domainName === "*") throw defaultRemoteDomainNeeded(domain.name); // Source: [remote-domains]
    if (await shouldProcess("Remove-RemoteDomain", domain.name)) await remoteDomains.remove(server, domain);
  },
});
