import type { ProtocolLoggingLevel } from "./server.ts";

/** Source: [aa998294]. The mechanisms that need credentials are left out: docs/fidelity.md#send-connectors. */
export const smartHostAuthMechanisms = ["None", "ExchangeServer", "ExternalAuthoritative"] as const;

/** `SMTP:*.example.com;10`. Source: [aa998294] AddressSpaces. */
export interface AddressSpace {
  type: "SMTP";
  /** A domain, `*.domain` for it and all below it, `*` for all, `--` for the organization's own. */
  domain: string;
  cost: number;
}

/** Attribute names are `Set-SendConnector`'s parameter names, with their unit where they have one. Source: [aa998294]. */
export interface SendConnector {
  name: string;
  enabled: boolean;
  addressSpaces: readonly AddressSpace[];
  /** Names of the servers that it starts from. */
  sourceTransportServers: readonly string[];
  /** True: to the mail exchangers of the recipient's domain; false: to the smart hosts. */
  dnsRoutingEnabled: boolean;
  /** Host names or `[address]`; `--` alone: every Hub of the subscribed site. */
  smartHosts: readonly string[];
  smartHostAuthMechanism: (typeof smartHostAuthMechanisms)[number];
  port: number;
  /** Given in EHLO, and the name a certificate is chosen for. Null: the server's FQDN. */
  fqdn: string | null;
  requireTls: boolean;
  ignoreStartTls: boolean;
  forceHelo: boolean;
  domainSecureEnabled: boolean;
  isScopedConnector: boolean;
  maxMessageSizeBytes: number;
  protocolLoggingLevel: ProtocolLoggingLevel;
  comment: string;
}

/** What a new connector begins with. Source: [aa998294]; values of later pages: docs/fidelity.md#send-connectors. */
export const defaultSendConnector: SendConnector = {
  name: "",
  enabled: true,
  addressSpaces: [],
  sourceTransportServers: [],
  dnsRoutingEnabled: true,
  smartHosts: [],
  smartHostAuthMechanism: "None",
  port: 25,
  fqdn: null,
  requireTls: false,
  ignoreStartTls: false,
  forceHelo: false,
  domainSecureEnabled: false,
  isScopedConnector: false,
  maxMessageSizeBytes: 10 * 1024 ** 2,
  protocolLoggingLevel: "None",
  comment: "",
};

/** Reads `SMTP:*.example.com;10`, also without type or cost; undefined for what is none. Source: [aa998294]. */
export function parseAddressSpace(text: string): AddressSpace | undefined {
  const [, domain = "", cost = "1"] = /^(?:SMTP:)?([^:;\s]+)(?:;(\d{1,3}))?$/i.exec(text.trim()) ?? [];
  const isDomain = domain === "*" || domain === "--" || /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(domain);
  return isDomain && Number(cost) >= 1 && Number(cost) <= 100
    ? { type: "SMTP", domain: domain.toLowerCase(), cost: Number(cost) }
    : undefined;
}

export const formatAddressSpace = ({ type, domain, cost }: AddressSpace): string => `${type}:${domain};${cost}`;
