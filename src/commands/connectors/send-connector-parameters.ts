import { smartHostAuthMechanisms } from "../../directory/index.ts";
import type { ParameterSpecs } from "../definition/parameter.ts";

/**
 * What `New-` and `Set-SendConnector` both set and `Get-SendConnector` shows, in alphabetical order as Exchange does.
 * Source: [aa998294], names; [new-sendconnector] for values and ranges. What is left out: docs/fidelity.md#send-connectors.
 */
export const sendConnectorParameters = {
  Comment: { type: "string", field: "comment", help: "A note for administrators" },
  DNSRoutingEnabled: {
    type: "boolean",
    field: "dnsRoutingEnabled",
    help: "Whether mail goes to the mail exchangers of the recipient's domain; `$false` needs SmartHosts",
  },
  DomainSecureEnabled: {
    type: "boolean",
    field: "domainSecureEnabled",
    help: "Whether mail to the domains of TLSSendDomainSecureList goes by mutual TLS only; needs DNS routing and STARTTLS",
  },
  Enabled: { type: "boolean", field: "enabled", help: "Whether mail is sent through it" },
  ForceHELO: {
    type: "boolean",
    field: "forceHelo",
    help: "Whether HELO is said in place of EHLO, so that TLS is never used",
  },
  Fqdn: {
    type: "string",
    nullable: true,
    field: "fqdn",
    help: "The name it gives in EHLO, for which a certificate is chosen; `$null` for the server's own",
  },
  IgnoreSTARTTLS: {
    type: "boolean",
    field: "ignoreStartTls",
    help: "Whether STARTTLS is not used where it is offered",
  },
  IsScopedConnector: {
    type: "boolean",
    field: "isScopedConnector",
    help: "Whether only servers of the same site use it",
  },
  MaxMessageSize: {
    type: "byteSize",
    min: 0,
    max: 2_147_483_647,
    field: "maxMessageSizeBytes",
    help: "The largest message sent",
  },
  Port: { type: "integer", min: 1, max: 65_535, field: "port", help: "The port of the smart hosts" },
  ProtocolLoggingLevel: {
    type: "enum",
    values: ["None", "Verbose"],
    field: "protocolLoggingLevel",
    help: "Whether the connector writes the Send protocol log",
  },
  RequireTLS: { type: "boolean", field: "requireTls", help: "Whether mail is sent over TLS only" },
  SmartHostAuthMechanism: {
    type: "enum",
    values: smartHostAuthMechanisms,
    field: "smartHostAuthMechanism",
    help: "How the smart hosts and this server prove who they are",
  },
  SmartHosts: {
    type: "stringList",
    nullable: true,
    field: "smartHosts",
    help: "The hosts that all mail goes to: names or addresses, or `--` for every Hub of the subscribed site",
  },
  SourceTransportServers: {
    type: "stringList",
    field: "sourceTransportServers",
    help: "The servers that it starts from, Edge Transport servers by their subscription's name; at first, the one the cmdlet runs on",
  },
} as const satisfies ParameterSpecs;

/** `-AddressSpaces`, which has a notation of its own. Source: [new-sendconnector] AddressSpaces. */
export const addressSpacesParameter = {
  type: "stringList",
  help: "The domains it is for: `fabrikam.com`, `*.fabrikam.com`, `*`, `--` for the organization's own; with a cost, `'SMTP:*;10'`",
} as const;
