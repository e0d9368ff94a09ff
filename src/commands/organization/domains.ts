import { domainMalformed, domainTaken } from "./errors.ts";
import { same } from "../definition/same.ts";

const label = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
const plain = new RegExp(`^(?=.{1,255}$)${label}(?:\\.${label})*$`, "i");

/** `fabrikam.com`: labels of at most 63 letters, digits and hyphens, 255 characters in all. Source: RFC 1035 §2.3.4. */
export const isDomain = (text: string): boolean => plain.test(text);

/** Refuses what is no domain, wildcards too; throws COMMAND_DOMAIN_MALFORMED. */
export function needDomains(parameter: string, found: readonly string[]): void {
  for (const text of found) if (!isDomain(text)) throw domainMalformed(parameter, text, "fabrikam.com");
}

/** Takes `fabrikam.com`, `*.fabrikam.com` and `*`; throws COMMAND_DOMAIN_MALFORMED. */
export function needDomainOrWildcard(parameter: string, found: string): void {
  if (found !== "*" && !isDomain(found.replace(/^\*\./, "")))
    throw domainMalformed(parameter, found, "fabrikam.com, *.fabrikam.com or *");
}

/** Refuses a domain that has an entry among `others`; throws COMMAND_DOMAIN_TAKEN. */
export function needFreeDomain(
  called: string,
  domain: string,
  others: readonly { name: string; domainName: string }[],
): void {
  const held = others.find(({ domainName }) => same(domainName, domain));
  if (held) throw domainTaken(called, domain, held.name);
}
