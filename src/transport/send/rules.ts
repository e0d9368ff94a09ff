import {
  defaultTransportSettings,
  type ExchangeServer,
  isEdge,
  isHub,
  type ProtocolLoggingLevel,
  type SendConnector,
} from "../../directory/index.ts";
import { organizationHeaders, reply, type SmtpReply, type TlsVerb } from "../../smtp/index.ts";
import type { NextHopSolution } from "../mail-item.ts";
import { isSecured, unsecurable, whyUnsecurable, withheld } from "./domain-security.ts";
import type { SendServer } from "./send-server.ts";
import type { Target } from "./targets.ts";

/** The implicit connector of every Hub. Source: [aa997624]; English name as seen in published logs. */
const intraOrganizationConnector = "Intra-Organization SMTP Send Connector";

/** Who the peer of a session must be, and so how each side proves who it is. */
export type Peer =
  /** Another Hub, to a Hub: its certificate encrypts, then both prove themselves by X-EXPS. Source: [bb430773]. */
  | { kind: "hub"; server: ExchangeServer; judged: boolean }
  /** An Edge server to a Hub, or the other way: the certificate of each is the one published. Source: [bb430773]. */
  | { kind: "direct-trust"; server: ExchangeServer }
  /** A mail exchanger of a domain-secured domain: the certificate of each holds before its chain. Source: [bb266978]. */
  | { kind: "partner"; domain: string; connector: SendConnector }
  /** Anybody. Source: [bb430753], opportunistic TLS. */
  | { kind: "stranger" };

/** What holds for one session, all of it settled before it begins. */
export interface SessionRules {
  /** Name of the connector, in rows, records and events. */
  connector: string;
  protocolLoggingLevel: ProtocolLoggingLevel;
  /** The whole command. */
  hello: string;
  /** `opportunistic`: where it is offered and not refused. `required`: with it or not at all. */
  tls: "never" | "opportunistic" | "required";
  verb: TlsVerb;
  /** The remote domain, in event 2015. */
  remoteDomain: string;
  peer: Peer;
  /** Header fields that stay behind, each by the beginning of its name. Source: [bb232136]. */
  strippedHeaders: readonly string[];
  /** What a recipient's mail must wait for; undefined where it may go this way. */
  withheld(address: string): SmtpReply | undefined;
}

/** What the rules of a session are made from, beside its target. */
export interface Route {
  solution: NextHopSolution;
  /** Undefined between Hubs. */
  connector: SendConnector | undefined;
}

type Own = Pick<SendServer, "name" | "fqdn" | "role" | "organization" | "intraOrgTls" | "hubTrust">;

/**
 * Why nothing may be sent over a route at all, or undefined: its domain is secured, and its connector cannot do that.
 * Ours: docs/fidelity.md#domain-security.
 */
export function obstacle(
  { solution, connector }: Route,
  { organization }: Pick<Own, "organization">,
): SmtpReply | undefined {
  if (solution.deliveryType !== "DnsConnectorDelivery" || !connector) return undefined;
  if (!isSecured(solution.nextHopDomain, organization.transportConfig())) return undefined;
  const why = whyUnsecurable(connector);
  return why === undefined ? undefined : unsecurable(solution.nextHopDomain, connector, why);
}

/**
 * The rules of a session with one target. Between servers of the organization TLS cannot be turned off, and mail goes
 * only to who has proved to be the server meant; towards others the Send connector decides.
 *
 * @returns a refusal where the target cannot be what the connector demands
 * Source: [bb691338] between servers; [aa998294] for the connector's parameters; [bb430773].
 */
export function rulesFor(route: Route, target: Target, own: Own): SessionRules | { refusal: SmtpReply } {
  const { connector } = route;
  const isIntraOrganization = !connector || route.solution.deliveryType === "SmtpRelayWithinAdSiteToEdge";
  if (!isIntraOrganization && !demandsExchange(route.solution, connector))
    return outwardRules(route, connector, target, own);

  const peer = exchangePeer(target, own);
  if (!peer) return { refusal: reply(451, "5.7.3", "Cannot achieve Exchange Server authentication") };
  const settings = own.organization.server(own.name)?.transport ?? defaultTransportSettings;
  return {
    ...(isIntraOrganization
      ? {
          connector: intraOrganizationConnector,
          protocolLoggingLevel: settings.intraOrgConnectorProtocolLoggingLevel,
        }
      : { connector: connector.name, protocolLoggingLevel: connector.protocolLoggingLevel }),
    // Ours: never the connector's name, since the receiver knows its peers by their FQDN (docs/fidelity.md#across-the-perimeter).
    hello: `EHLO ${own.fqdn}`,
    tls: "required",
    verb: own.intraOrgTls === "starttls" ? "STARTTLS" : "X-ANONYMOUSTLS",
    remoteDomain: target.host,
    peer,
    strippedHeaders: [],
    withheld: () => undefined,
  };
}

/** Where mail goes by DNS the mechanism for smart hosts says nothing. Source: [aa998294]. */
const demandsExchange = ({ deliveryType }: NextHopSolution, { smartHostAuthMechanism }: SendConnector): boolean =>
  deliveryType === "SmartHostConnectorDelivery" && smartHostAuthMechanism === "ExchangeServer";

/** How two servers of the organization prove themselves depends on where they stand; undefined: they cannot. */
function exchangePeer({ server }: Target, { role, hubTrust }: Own): Peer | undefined {
  if (!server) return undefined;
  if (role === "hub" && isHub(server)) return { kind: "hub", server, judged: hubTrust === "direct-trust" };
  const isAcross = role === "hub" ? isEdge(server) : isHub(server);
  return isAcross ? { kind: "direct-trust", server } : undefined;
}

function outwardRules({ solution }: Route, connector: SendConnector, { host }: Target, own: Own): SessionRules {
  const config = own.organization.transportConfig();
  const isDns = solution.deliveryType === "DnsConnectorDelivery";
  const domain = isDns ? solution.nextHopDomain : undefined;
  const secured = domain !== undefined && isSecured(domain, config);
  // Whoever an administrator has called externally secured is within, and secures the domain further on.
  const leaves = !isDns && connector.smartHostAuthMechanism === "None";
  return {
    connector: connector.name,
    protocolLoggingLevel: connector.protocolLoggingLevel,
    hello: `${connector.forceHelo ? "HELO" : "EHLO"} ${connector.fqdn ?? own.fqdn}`,
    tls: secured || connector.requireTls ? "required" : mayUseTls(connector) ? "opportunistic" : "never",
    verb: "STARTTLS",
    remoteDomain: domain ?? host,
    peer: secured ? { kind: "partner", domain, connector } : { kind: "stranger" },
    strippedHeaders: organizationHeaders,
    withheld: (address) => (leaves ? withheld(address, connector, config) : undefined),
  };
}

const mayUseTls = ({ ignoreStartTls, forceHelo }: SendConnector): boolean => !ignoreStartTls && !forceHelo;
