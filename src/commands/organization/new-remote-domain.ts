import { defaultRemoteDomain } from "../../directory/index.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { newName } from "../definition/identity.ts";
import { remoteDomainColumns, remoteDomains, shownRemoteDomain } from "./remote-domain.ts";

export const newRemoteDomain = defineCmdlet({
  verb: "New",
  noun: "RemoteDomain",
  synopsis: "Makes an entry of its own for a domain of others; Set-RemoteDomain changes what it says.",
  source: "[set-remotedomain]",
  parameters: {
    Name: newName("What the entry is called"),
    DomainName: {
      type: "string",
      mandatory: true,
      help: "The domain: `fabrikam.com`, or `*.fabrikam.com` with all below",
    },
  },
  shouldProcess: "medium",
  errors: ["COMMAND_NAME_TAKEN", "COMMAND_DOMAIN_MALFORMED", "COMMAND_DOMAIN_TAKEN", "EDGE_MANAGED_BY_SUBSCRIPTION"],
  examples: [
    {
      line: "New-RemoteDomain Fabrikam -DomainName *.fabrikam.com",
      does: "Makes an entry for a domain and all below it.",
    },
  ],
  columns: remoteDomainColumns,
  async *run(context, { Name, DomainName }) {
    const domain = { ...defaultRemoteDomain, name: Name, domainName: DomainName };
    for await (const made of remoteDomains.create(context, domain)) yield shownRemoteDomain(made);
  },
});
