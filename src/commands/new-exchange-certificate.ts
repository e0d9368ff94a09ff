import { defineCmdlet } from "./define-cmdlet.ts";
import { needDomains } from "./domains.ts";
import {
  certificateColumns,
  confirmDefaultSmtp,
  defaultServices,
  serviceNames,
  servicesOf,
  shownCertificate,
} from "./exchange-certificate.ts";

export const newExchangeCertificate = defineCmdlet({
  verb: "New",
  noun: "ExchangeCertificate",
  synopsis: "Makes a self-signed certificate in the store of the server it runs on.",
  source: "[aa998327]",
  parameters: {
    DomainName: {
      type: "stringList",
      help: "The names it is for, the first one its subject; without it, the server's host name and FQDN",
    },
    FriendlyName: { type: "string", length: [1, 63], help: "What administrators know it by" },
    Services: { type: "enumList", values: serviceNames, help: "What may use it; without it, IMAP, POP and SMTP" },
    Force: { type: "switch", help: "Says yes where the default SMTP certificate would be replaced" },
  },
  shouldProcess: "medium",
  columns: certificateColumns,
  async *run(context, { DomainName, FriendlyName, Services, Force }) {
    const services = servicesOf(Services ?? defaultServices);
    needDomains("DomainName", DomainName ?? []);
    if (!(await context.shouldProcess("New-ExchangeCertificate", context.server.name))) return;
    const takesPlace = services.includes("SMTP") && (Force === true || (await confirmDefaultSmtp(context, undefined)));

    const made = await context.server.newExchangeCertificate({
      ...(DomainName && { domainNames: DomainName }),
      ...(FriendlyName !== undefined && { friendlyName: FriendlyName }),
      services,
      overwriteDefault: takesPlace,
    });
    yield shownCertificate(made);
  },
});
