import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { shownSettings } from "../definition/settings.ts";
import { transportConfigOf, transportConfigParameters } from "./transport-config.ts";

export const getTransportConfig = defineCmdlet({
  verb: "Get",
  noun: "TransportConfig",
  synopsis: "Shows what holds for all transport servers of the organization.",
  source: "[set-transportconfig]",
  parameters: {},
  examples: [{ line: "Get-TransportConfig | Format-List TLS*", does: "Shows the domains of Domain Security." }],
  columns: [{ property: "TLSReceiveDomainSecureList" }, { property: "TLSSendDomainSecureList" }],
  async *run({ server }) {
    yield shownSettings(transportConfigParameters, await transportConfigOf(server));
  },
});
