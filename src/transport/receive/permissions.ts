import type { PermissionGroup, ReceiveConnector } from "../../directory/index.ts";

/**
 * What a session may do, in the words and the order of `Set Session Permissions` rows.
 * Source: published 2010 log, without the words of 2010 features (docs/fidelity.md#permissions).
 */
const permissionWords = [
  "SMTPSubmit",
  "SMTPAcceptAnyRecipient",
  "SMTPAcceptAuthenticationFlag",
  "SMTPAcceptAnySender",
  "SMTPAcceptAuthoritativeDomainSender",
  "BypassAntiSpam",
  "BypassMessageSizeLimit",
  "SMTPSendEXCH50",
  "SMTPAcceptEXCH50",
  "AcceptRoutingHeaders",
  "AcceptForestHeaders",
  "AcceptOrganizationHeaders",
  "SendRoutingHeaders",
  "SendForestHeaders",
  "SendOrganizationHeaders",
] as const;
export type Permission = (typeof permissionWords)[number];

/** Whom a session speaks for. Source: the security principals of [aa997170]. */
export type Principal = "anonymous" | "user" | "exchangeServer" | "externallySecured" | "partner";

const legacyRights = permissionWords.filter((word) => !/Forest|Organization/.test(word));

/** What each group grants to whom. Source: [aa997170]; [receive-connectors], permission groups (2016 edition). */
const grants: Readonly<Record<PermissionGroup, Partial<Record<Principal, readonly Permission[]>>>> = {
  None: {},
  AnonymousUsers: {
    anonymous: ["SMTPSubmit", "SMTPAcceptAnySender", "SMTPAcceptAuthoritativeDomainSender", "AcceptRoutingHeaders"],
  },
  ExchangeUsers: { user: ["SMTPSubmit", "SMTPAcceptAnyRecipient", "BypassAntiSpam", "AcceptRoutingHeaders"] },
  ExchangeServers: { exchangeServer: permissionWords, externallySecured: legacyRights },
  ExchangeLegacyServers: {}, // nobody in this lab is a legacy server
  Partners: { partner: ["SMTPSubmit", "AcceptRoutingHeaders"] },
  Custom: {},
};

/** The rights of a principal on a connector: the union of what the connector's groups grant it. */
export function permissionsOf(principal: Principal, connector: ReceiveConnector): ReadonlySet<Permission> {
  return new Set(connector.permissionGroups.flatMap((group) => grants[group][principal] ?? []));
}

/** The data of a `Set Session Permissions` row. Inferred: `None` where nothing is granted, as enumerations print. */
export const formatPermissions = (held: ReadonlySet<Permission>): string =>
  held.size === 0 ? "None" : permissionWords.filter((word) => held.has(word)).join(" ");
