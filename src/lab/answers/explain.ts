import type { Decision, Step } from "../../base/index.ts";
import {
  type Candidate,
  type Selection,
  selectForOutboundStartTls,
  selectForStartTls,
  selectInternalTransportCertificate,
  selectOutboundAnonymousTlsCertificate,
  type SelectionRules,
} from "../../certificates/index.ts";
import {
  type ExchangeServer,
  isEdge,
  type OrganizationView,
  type ReceiveConnector,
  type SendConnector,
} from "../../directory/index.ts";
import { buildRoutes, categorize } from "../../transport/categorize/index.ts";
import type { DeliveryType, NextHopSolution } from "../../transport/mail-item.ts";
import { isSecured, ownOrganization, whyUnsecurable } from "../../transport/send/index.ts";
import type { CertificateChoice } from "../api/index.ts";
import type { ExplainTarget } from "./explain-target.ts";

/** The server whose choice is explained, and the certificates that it has. */
export interface Chooser<C> {
  name: string;
  fqdn: string;
  role: "hub" | "edge";
  site: string | null;
  organization: OrganizationView;
  candidates: readonly C[];
  /** Thumbprint of what the directory publishes for it. */
  published: string | null;
  rules: SelectionRules<C>;
}

/** One selection that is made, or would be, and what for. */
export type Choice<C> = Selection<C> & Pick<CertificateChoice, "selection" | "about">;

/** Every selection that has to do with a target. Pure. The selections themselves are those that sessions make. */
export function choicesFor<C extends Candidate>(target: ExplainTarget, own: Chooser<C>): readonly Choice<C>[] {
  const { candidates, rules } = own;
  switch (target.kind) {
    case "fqdn": {
      const connector = { name: target.fqdn, authMechanism: ["Tls"] as const, fqdn: target.fqdn };
      const selection = selectForStartTls(connector, own.fqdn, candidates, rules);
      return [{ selection: "Inbound STARTTLS", about: target.fqdn, ...selection }];
    }
    case "receiveConnector":
      return receiveChoices(target.connector, own);
    case "sendConnector": {
      const { connector } = target;
      const about = connector.name;
      if (connector.smartHostAuthMechanism === "ExchangeServer")
        return [toExchange(own, about, senderBy(connector, own))];
      return [
        { selection: "Outbound STARTTLS", about, ...selectForOutboundStartTls(connector, own.fqdn, candidates, rules) },
      ];
    }
    case "server":
      return [toExchange(own, target.server.fqdn, senderTo(target.server, own))];
    case "domain":
      return [toDomain(target.domain, own)];
  }
}

/** What a receive connector presents for each verb. */
export function receiveChoices<C extends Candidate>(
  connector: Pick<ReceiveConnector, "server" | "name" | "authMechanism" | "fqdn">,
  { fqdn, candidates, published, rules }: Pick<Chooser<C>, "fqdn" | "candidates" | "published" | "rules">,
): readonly Choice<C>[] {
  const about = `${connector.server}\\${connector.name}`;
  const internal = selectInternalTransportCertificate(connector, published, candidates, rules.at);
  return [
    { selection: "Inbound STARTTLS", about, ...selectForStartTls(connector, fqdn, candidates, rules) },
    { selection: "Inbound X-ANONYMOUSTLS", about, ...internal, steps: [...internal.steps, ...byStartTlsToo(internal)] },
  ];
}

/** Ours: docs/fidelity.md#starttls-between-servers. Whoever reads a lab's logs would wonder. */
const byStartTlsToo = ({ outcome }: Pick<Selection<unknown>, "outcome">): readonly Step[] =>
  outcome === undefined
    ? []
    : [{ source: "ours", text: "Exchange servers of the directory are shown it after STARTTLS too" }];

type Sender = Parameters<typeof selectOutboundAnonymousTlsCertificate>[0];

const toExchange = <C extends Candidate>(own: Chooser<C>, about: string, sender: Sender): Choice<C> => ({
  selection: "Outbound X-ANONYMOUSTLS",
  about,
  ...selectOutboundAnonymousTlsCertificate(sender, own.published, own.candidates, own.rules.at),
});

const hubSending = (deliveryType: DeliveryType): Sender => ({ role: "hub", deliveryType });

/** Ours: a Hub's smart host that is one of our servers counts as an Edge server (docs/fidelity.md#next-hops). */
const senderBy = (connector: SendConnector, { role }: { role: "hub" | "edge" }): Sender =>
  role === "edge" ? { role, connector } : hubSending("SmtpRelayWithinAdSiteToEdge");

function senderTo<C>(peer: ExchangeServer, { role, site, organization }: Chooser<C>): Sender {
  if (role === "hub") {
    if (isEdge(peer)) return hubSending("SmtpRelayWithinAdSiteToEdge");
    return hubSending(peer.site === site ? "SmtpRelayWithinAdSite" : "SmtpRelayToRemoteAdSite");
  }
  const inbound = organization.objects("sendConnector").find(({ smartHosts }) => smartHosts.includes(ownOrganization));
  return { role, connector: inbound ?? { smartHostAuthMechanism: "None", smartHosts: [] } };
}

/** The way that mail to a domain takes from here, and what its next hop is then shown. */
function toDomain<C extends Candidate>(domain: string, own: Chooser<C>): Choice<C> {
  const { outcome: solution, steps: way } = routeTo(domain, own);
  const connector = own.organization.objects("sendConnector").find(({ name }) => name === solution?.connector);
  const choice = atNextHop(domain, solution, connector, own);
  return { ...choice, about: domain, steps: [...way, ...choice.steps] };
}

function routeTo<C>(domain: string, own: Chooser<C>): Decision<NextHopSolution | undefined> {
  const { organization, role, site, name, rules } = own;
  const here = { server: name, role, site };
  const recipients = [{ address: `postmaster@${domain}` }];
  const routes = buildRoutes(organization, here, rules.at);
  const { deliveries, steps } = categorize({ from: "", recipients, body: "7BIT" }, organization, here, routes, 0);
  return { outcome: deliveries[0]?.solution, steps: steps.map(({ source, text }) => ({ source, text })) };
}

function atNextHop<C extends Candidate>(
  domain: string,
  solution: NextHopSolution | undefined,
  connector: SendConnector | undefined,
  own: Chooser<C>,
): Choice<C> {
  const none = (text: string): Choice<C> => {
    const step: Step = { source: "bb430764", text: `${text}: none is presented` };
    return { selection: "Outbound STARTTLS", about: domain, outcome: undefined, steps: [step] };
  };
  switch (solution?.deliveryType) {
    case "SmtpRelayToRemoteAdSite":
    case "SmtpRelayWithinAdSite":
    case "SmtpRelayWithinAdSiteToEdge":
      return toExchange(own, domain, hubSending(solution.deliveryType));
    case "SmartHostConnectorDelivery":
      return connector?.smartHostAuthMechanism === "ExchangeServer"
        ? toExchange(own, domain, senderBy(connector, own))
        : none("a smart host is nobody who must know who this is");
    case "DnsConnectorDelivery": {
      if (!connector || !isSecured(domain, own.organization.transportConfig()))
        return none(`${domain} is not in TLSSendDomainSecureList`);
      const obstacle = whyUnsecurable(connector);
      if (obstacle !== undefined) return none(`${domain} is secured, and ${connector.name} ${obstacle}`);
      const selection = selectForOutboundStartTls(connector, own.fqdn, own.candidates, own.rules);
      return { selection: "Outbound STARTTLS", about: domain, ...selection };
    }
    default:
      return none("no SMTP session leads there from here");
  }
}
