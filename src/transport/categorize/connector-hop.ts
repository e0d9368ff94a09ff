import type { Step } from "../../base/index.ts";
import type { NextHopSolution } from "../mail-item.ts";
import type { ConnectorChoice } from "./connector-choice.ts";

/** Where mail by a chosen connector goes next: to a next hop of its own, or to whatever is next on the way to a site. */
type ConnectorHop = { solution: NextHopSolution; step: Step } | { site: string; step: Step };

/**
 * Turns a chosen connector into the next hop of a copy: what it says where it starts from this server, else the server
 * it starts from, else that server's site.
 *
 * @param domain the recipients'
 * Source: the delivery types and next hops of [bb125237].
 */
export function connectorHop({ connector, place }: ConnectorChoice & { kind: "chosen" }, domain: string): ConnectorHop {
  const { name, dnsRoutingEnabled, smartHosts } = connector;
  const by = (text: string): Step => ({ source: "bb125237#next-hop", text: `${domain}: by ${name}, ${text}` });
  switch (place.kind) {
    case "here": {
      if (dnsRoutingEnabled)
        return {
          solution: { deliveryType: "DnsConnectorDelivery", nextHopDomain: domain, connector: name },
          step: by("from here to the domain's mail exchangers"),
        };
      const hosts = smartHosts.join(",");
      return {
        solution: { deliveryType: "SmartHostConnectorDelivery", nextHopDomain: hosts, connector: name },
        step: by(`from here to ${hosts === "--" ? "the Hubs of its site" : `smart host ${hosts}`}`),
      };
    }
    case "hub":
      return {
        solution: { deliveryType: "SmtpRelayWithinAdSite", nextHopDomain: place.fqdn },
        step: by(`which starts from ${place.fqdn} of this site`),
      };
    case "edge":
      return {
        solution: { deliveryType: "SmtpRelayWithinAdSiteToEdge", nextHopDomain: name, connector: name },
        step: by("which starts from an Edge server of this site"),
      };
    case "site":
      return { site: place.site, step: by(`which starts from site ${place.site}`) };
  }
}
