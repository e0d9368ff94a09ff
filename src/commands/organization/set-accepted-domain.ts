import { acceptedDomainParameters, acceptedDomains } from "./accepted-domain.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { defaultDomainNeeded } from "./errors.ts";
import { oneIdentity } from "../definition/identity.ts";
import { settingsGiven } from "../definition/settings.ts";

export const setAcceptedDomain = defineCmdlet({
  verb: "Set",
  noun: "AcceptedDomain",
  synopsis: "Changes an accepted domain.",
  source: "[set-accepteddomain]",
  parameters: {
    Identity: oneIdentity("The accepted domain's name"),
    ...acceptedDomainParameters,
    MakeDefault: { type: "boolean", help: "Makes it the default accepted domain, in the place of the one that was" },
  },
  shouldProcess: "medium",
  errors: ["COMMAND_IDENTITY_UNKNOWN", "COMMAND_ACCEPTED_DOMAIN_DEFAULT", "EDGE_MANAGED_BY_SUBSCRIPTION"],
  examples: [{ line: "Set-AcceptedDomain Fabrikam -MakeDefault $true", does: "Makes it the default." }],
  columns: [],
  async run(context, { Identity, MakeDefault, ...given }) {
    const domain = await acceptedDomains.one(context.server, Identity);
    if (MakeDefault === false && domain.default) throw defaultDomainNeeded(domain.name, "set MakeDefault $false of");

    const changes = settingsGiven(acceptedDomainParameters, given);
    const changed = { ...domain, ...changes, default: MakeDefault ?? domain.default };
    if (!(await acceptedDomains.put(context, changed)) || MakeDefault !== true) return;
    // Only then: two defaults for a moment do no harm, none would.
    const before = (await context.server.configuration("acceptedDomain")).filter((other) => other.default);
    for (const other of before.filter(({ name }) => name !== domain.name))
      await context.server.putConfiguration("acceptedDomain", { ...other, default: false });
  },
});
