import type { Step } from "../../base/index.ts";
import {
  type Candidate,
  type Selection,
  selectForOutboundStartTls,
  selectForStartTls,
  selectInternalTransportCertificate,
  selectOutboundAnonymousTlsCertificate,
  type SelectionRules,
} from "../../certificates/index.ts";
import type { OrganizationView, ReceiveConnector, SendConnector } from "../../directory/index.ts";
import type { DeliveryType } from "../../transport/mail-item.ts";
import type { CertificateChoice } from "../api/index.ts";

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
export type Choice<C> = Selection<C> & Pick<CertificateChoice, "selection" | "about" | "connector" | "fqdn">;

/** What a receive connector presents for each verb. */
export function receiveChoices<C extends Candidate>(
  connector: Pick<ReceiveConnector, "server" | "name" | "authMechanism" | "fqdn">,
  own: Pick<Chooser<C>, "fqdn" | "candidates" | "published" | "rules">,
): readonly Choice<C>[] {
  const about = `${connector.server}\\${connector.name}`;
  const internal = selectInternalTransportCertificate(connector, own.published, own.candidates, own.rules.at);
  const steps = [...internal.steps, ...byStartTlsToo(internal)];
  return [
    inbound(about, connector, own),
    { selection: "Inbound X-ANONYMOUSTLS", about, connector: null, fqdn: null, ...internal, steps },
  ];
}

/** What is presented for STARTTLS under a connector's name. */
export const inbound = <C extends Candidate>(
  about: string,
  connector: Pick<ReceiveConnector, "name" | "authMechanism" | "fqdn">,
  { fqdn, candidates, rules }: Pick<Chooser<C>, "fqdn" | "candidates" | "rules">,
): Choice<C> => ({
  selection: "Inbound STARTTLS",
  about,
  connector: null,
  fqdn: connector.fqdn ?? fqdn,
  ...selectForStartTls(connector, fqdn, candidates, rules),
});

/** Ours: docs/fidelity.md#starttls-between-servers. Whoever reads a lab's logs would wonder. */
const byStartTlsToo = ({ outcome }: Pick<Selection<unknown>, "outcome">): readonly Step[] =>
  outcome === undefined
    ? []
    : [{ source: "ours", text: "Exchange servers of the directory are shown it after STARTTLS too" }];

/** What is presented by a Send connector to hosts that are no Exchange servers of the organization. */
export const toStranger = <C extends Candidate>(
  { fqdn, candidates, rules }: Chooser<C>,
  about: string,
  connector: SendConnector,
): Choice<C> => ({
  selection: "Outbound STARTTLS",
  about,
  connector: null,
  fqdn: connector.fqdn ?? fqdn,
  ...selectForOutboundStartTls(connector, fqdn, candidates, rules),
});

/** Nothing, to whoever is no Exchange server of the organization and need not know who this is. */
export const toNobody = <C>(about: string, why: string): Choice<C> => ({
  ...{ selection: "Outbound STARTTLS", about, connector: null, fqdn: null, outcome: undefined },
  steps: [{ source: "bb430764", text: `${why}: none is presented` }],
});

export type Sender = Parameters<typeof selectOutboundAnonymousTlsCertificate>[0];

export const toExchange = <C extends Candidate>(own: Chooser<C>, about: string, sender: Sender): Choice<C> => ({
  selection: "Outbound X-ANONYMOUSTLS",
  about,
  connector: null,
  fqdn: null,
  ...selectOutboundAnonymousTlsCertificate(sender, own.published, own.candidates, own.rules.at),
});

export const hubSending = (deliveryType: DeliveryType): Sender => ({ role: "hub", deliveryType });

/** Ours: a Hub's smart host that is one of our servers counts as an Edge server (docs/fidelity.md#next-hops). */
export const senderBy = (connector: SendConnector, { role }: { role: "hub" | "edge" }): Sender =>
  role === "edge" ? { role, connector } : hubSending("SmtpRelayWithinAdSiteToEdge");
