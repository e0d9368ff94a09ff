import type { SendConnector, TransportConfig } from "../../directory/index.ts";
import { domainOf, reply, type SmtpReply } from "../../smtp/index.ts";

/** Whether mail to a domain goes by mutual TLS or not at all. Case does not matter. Source: [set-transportconfig]. */
export const isSecured = (domain: string, { tlsSendDomainSecureList }: TransportConfig): boolean =>
  tlsSendDomainSecureList.some((secured) => secured.toLowerCase() === domain.toLowerCase());

/**
 * Why a Send connector cannot secure a domain, or undefined where it can.
 * Source: [bb123543], its conditions: DomainSecureEnabled, DNS routing, STARTTLS not ignored.
 */
export function whyUnsecurable(connector: SendConnector): string | undefined {
  if (!connector.dnsRoutingEnabled) return "routes to smart hosts";
  if (!connector.domainSecureEnabled) return "is not domain-secure";
  if (connector.ignoreStartTls) return "ignores STARTTLS";
  return connector.forceHelo ? "says HELO, after which there is no STARTTLS" : undefined;
}

/**
 * What is said to mail for a secured domain that would leave over a connector which cannot secure it.
 * Ours: it waits until the list or the connector is changed (docs/fidelity.md#domain-security).
 */
export const unsecurable = (domain: string, connector: SendConnector, why: string): SmtpReply =>
  reply(451, "5.7.3", `Domain ${domain} is in TLSSendDomainSecureList, but Send connector ${connector.name} ${why}`);

/**
 * What mail to these recipients must wait for, on its way over a smart host outside the organization; undefined for
 * those whose mail may go. A DNS connector's queue holds one domain, which is looked at once, before any session.
 */
export function withheld(address: string, connector: SendConnector, config: TransportConfig): SmtpReply | undefined {
  const domain = domainOf(address);
  return isSecured(domain, config) ? unsecurable(domain, connector, whyUnsecurable(connector) ?? "") : undefined;
}
