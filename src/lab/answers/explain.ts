import type { Step } from "../../base/index.ts";
import type { Candidate } from "../../certificates/index.ts";
import { type ExchangeServer, isEdge } from "../../directory/index.ts";
import { ownOrganization, whyUnsecurable } from "../../transport/send/index.ts";
import {
  type Choice,
  type Chooser,
  hubSending,
  inbound,
  receiveChoices,
  type Sender,
  senderBy,
  toExchange,
  toNobody,
  toStranger,
} from "./explain-choice.ts";
import { toDomain } from "./explain-domain.ts";
import type { ExplainTarget } from "./explain-target.ts";

/** Every selection of this server's that has to do with a target. Pure. The selections are those that sessions make. */
export function choicesFor<C extends Candidate>(target: ExplainTarget, own: Chooser<C>): readonly Choice<C>[] {
  switch (target.kind) {
    case "fqdn": {
      const { fqdn } = target;
      return [inbound(fqdn, { name: fqdn, authMechanism: ["Tls"], fqdn }, own)];
    }
    case "receiveConnector":
      return receiveChoices(target.connector, own);
    case "sendConnector": {
      const { connector } = target;
      if (connector.smartHostAuthMechanism === "ExchangeServer")
        return [toExchange(own, connector.name, senderBy(connector, own))];
      const obstacle = whyUnsecurable(connector);
      if (obstacle !== undefined) return [toNobody(connector.name, `${connector.name} ${obstacle}`)];
      const choice = toStranger(own, connector.name, connector);
      return [{ ...choice, steps: [...choice.steps, ...shownTo(choice)] }];
    }
    case "server":
      return [toExchange(own, target.server.fqdn, senderTo(target.server, own))];
    case "domain":
      return [toDomain(target.domain, own)];
  }
}

/** Ours: docs/fidelity.md#opportunistic-tls. Whoever reads that it is presented would look for it in every session. */
const shownTo = ({ outcome }: Choice<Candidate>): readonly Step[] =>
  outcome
    ? [{ source: "ours", text: `${outcome.thumbprint} is shown to domains of TLSSendDomainSecureList only` }]
    : [];

function senderTo<C>(peer: ExchangeServer, { role, site, organization }: Chooser<C>): Sender {
  if (role === "hub") {
    if (peer.site !== site) return hubSending("SmtpRelayToRemoteAdSite");
    return hubSending(isEdge(peer) ? "SmtpRelayWithinAdSiteToEdge" : "SmtpRelayWithinAdSite");
  }
  const inbound = organization.objects("sendConnector").find(({ smartHosts }) => smartHosts.includes(ownOrganization));
  return { role, connector: inbound ?? { smartHostAuthMechanism: "None", smartHosts: [] } };
}
