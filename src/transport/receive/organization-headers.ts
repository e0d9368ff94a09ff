import { foldHeader } from "../../smtp/index.ts";
import type { Principal } from "./permissions.ts";

/**
 * What each principal's mail is taken for. Source: [bb232136] the values of AuthAs; externally secured: published
 * headers. Inferred: which of the mechanisms that published headers show, 04 and 06, is whose
 * (docs/fidelity.md#organization-headers).
 */
const evaluations: Readonly<Record<Principal, { authAs: string; authMechanism?: string }>> = {
  anonymous: { authAs: "Anonymous" },
  user: { authAs: "Internal", authMechanism: "06" },
  exchangeServer: { authAs: "Internal", authMechanism: "04" },
  externallySecured: { authAs: "Internal" },
  partner: { authAs: "Partner" },
};

/**
 * The header fields in which this server says, to the rest of the organization, whom it took a message from.
 * `AuthAs: Partner` with an AuthDomain is the mark of domain-secured mail. Source: [bb232136].
 *
 * @param partner the domain that proved to be the sender's by mutual TLS
 * @param source FQDN of this server
 */
export function evaluationHeaders(principal: Principal, partner: string | undefined, source: string): string {
  const { authAs, authMechanism } = evaluations[principal];
  const fields: [name: string, value: string | undefined][] = [
    ["AuthAs", authAs],
    ["AuthDomain", partner],
    ["AuthMechanism", authMechanism],
    ["AuthSource", source],
  ];
  return fields
    .map(([name, value]) => (value === undefined ? "" : foldHeader(`X-MS-Exchange-Organization-${name}`, value)))
    .join("");
}
