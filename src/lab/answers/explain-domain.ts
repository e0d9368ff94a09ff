import type { Decision } from "../../base/index.ts";
import type { Candidate } from "../../certificates/index.ts";
import type { SendConnector } from "../../directory/index.ts";
import { buildRoutes, categorize } from "../../transport/categorize/index.ts";
import type { NextHopSolution } from "../../transport/mail-item.ts";
import { isSecured, whyUnsecurable } from "../../transport/send/index.ts";
import { type Chooser, type Choice, hubSending, senderBy, toExchange, toNobody, toStranger } from "./explain-choice.ts";

/** The way that mail to a domain takes from here, by which Send connector, and what its next hop is then shown. */
export function toDomain<C extends Candidate>(domain: string, own: Chooser<C>): Choice<C> {
  const { outcome: way, steps } = routeTo(domain, own);
  const choice = atNextHop(domain, way, own);
  return { ...choice, connector: way?.connector?.name ?? null, steps: [...steps, ...choice.steps] };
}

interface Way {
  solution: NextHopSolution;
  /** The one that mail leaves the organization by, here or where it is relayed to. */
  connector: SendConnector | undefined;
}

function routeTo<C>(domain: string, own: Chooser<C>): Decision<Way | undefined> {
  const { organization, role, site, name, rules } = own;
  const recipients = [{ address: `postmaster@${domain}` }];
  const here = { server: name, role, site };
  const routes = buildRoutes(organization, here, rules.at);
  const { deliveries, steps } = categorize({ from: "", recipients, body: "7BIT" }, organization, here, routes, 0);
  const { outcome: leaving } = routes.connectorTo(domain, 0);
  const solution = deliveries[0]?.solution;
  const connector = leaving.kind === "chosen" ? leaving.connector : undefined;
  return {
    outcome: solution && { solution, connector },
    steps: steps.map(({ source, text }) => ({ source, text })),
  };
}

function atNextHop<C extends Candidate>(domain: string, way: Way | undefined, own: Chooser<C>): Choice<C> {
  const none = (why: string): Choice<C> => toNobody(domain, why);
  const connector = way?.connector;
  switch (way?.solution.deliveryType) {
    case "SmtpRelayToRemoteAdSite":
    case "SmtpRelayWithinAdSite":
    case "SmtpRelayWithinAdSiteToEdge":
      return toExchange(own, domain, hubSending(way.solution.deliveryType));
    case "SmartHostConnectorDelivery":
      return connector?.smartHostAuthMechanism === "ExchangeServer"
        ? toExchange(own, domain, senderBy(connector, own))
        : none("a smart host is nobody who must know who this is");
    case "DnsConnectorDelivery": {
      if (!connector || !isSecured(domain, own.organization.transportConfig()))
        return none(`${domain} is not in TLSSendDomainSecureList`);
      const obstacle = whyUnsecurable(connector);
      if (obstacle !== undefined) return none(`${domain} is secured, and ${connector.name} ${obstacle}`);
      return toStranger(own, domain, connector);
    }
    default:
      return none("no SMTP session leads there from here");
  }
}
