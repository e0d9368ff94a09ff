import {
  acceptedDomainColumns,
  acceptedDomainParameters,
  acceptedDomains,
  shownAcceptedDomain,
} from "./accepted-domain.ts";
import { defineCmdlet } from "./define-cmdlet.ts";
import { newName } from "./identity.ts";

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
  columns: acceptedDomainColumns,
  async *run({ server }, { Name, DomainName, DomainType = "Authoritative" }) {
    const others = await server.configuration("acceptedDomain");
    const domain = { name: Name, domainName: DomainName, domainType: DomainType };
    // Source: [set-accepteddomain] MakeDefault, the first one is the default.
    yield shownAcceptedDomain(await acceptedDomains.create(server, { ...domain, default: others.length === 0 }));
  },
});
