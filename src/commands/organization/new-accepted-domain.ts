import {
  acceptedDomainColumns,
  acceptedDomainParameters,
  acceptedDomains,
  shownAcceptedDomain,
} from "./accepted-domain.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { newName } from "../definition/identity.ts";

export const newAcceptedDomain = defineCmdlet({
  verb: "New",
  noun: "AcceptedDomain",
  synopsis: "Has the organization take mail for one more domain.",
  source: "[new-accepteddomain]",
  parameters: {
    Name: newName("What the entry is called"),
    DomainName: { type: "string", mandatory: true, help: "The domain: `fabrikam.com`" },
    ...acceptedDomainParameters,
  },
  shouldProcess: "medium",
  errors: ["COMMAND_NAME_TAKEN", "COMMAND_DOMAIN_MALFORMED", "COMMAND_DOMAIN_TAKEN", "EDGE_MANAGED_BY_SUBSCRIPTION"],
  examples: [
    {
      line: "New-AcceptedDomain Fabrikam -DomainName fabrikam.com -DomainType InternalRelay",
      does: "Takes mail for fabrikam.com, some of whose mailboxes are elsewhere.",
    },
  ],
  columns: acceptedDomainColumns,
  async *run(context, { Name, DomainName, DomainType = "Authoritative" }) {
    const others = await context.server.configuration("acceptedDomain");
    const domain = { name: Name, domainName: DomainName, domainType: DomainType };
    // Source: [set-accepteddomain] MakeDefault, the first one is the default.
    for await (const made of acceptedDomains.create(context, { ...domain, default: others.length === 0 }))
      yield shownAcceptedDomain(made);
  },
});
