import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { oneIdentity } from "../definition/identity.ts";
import { remoteDomainParameters, remoteDomains } from "./remote-domain.ts";
import { settingsGiven } from "../definition/settings.ts";

export const setRemoteDomain = defineCmdlet({
  verb: "Set",
  noun: "RemoteDomain",
  synopsis: "Changes how the organization writes to a domain of others.",
  source: "[set-remotedomain]",
  parameters: { Identity: oneIdentity("The remote domain's name"), ...remoteDomainParameters },
  shouldProcess: "medium",
  errors: ["COMMAND_IDENTITY_UNKNOWN", "EDGE_MANAGED_BY_SUBSCRIPTION"],
  examples: [
    { line: "Set-RemoteDomain Default -AutoReplyEnabled $false", does: "Sends no automatic replies to anybody." },
  ],
  columns: [],
  async run(context, { Identity, ...given }) {
    const domain = await remoteDomains.one(context.server, Identity);
    await remoteDomains.put(context, { ...domain, ...settingsGiven(remoteDomainParameters, given) });
  },
});
