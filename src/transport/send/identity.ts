import type { Decision } from "../../base/index.ts";
import {
  type AnonymousTlsSender,
  judgePeer,
  readPresented,
  selectOutboundAnonymousTlsCertificate,
  selectOutboundStartTlsCertificate,
  type StoredCertificate,
  type TrustRule,
  type Verdict,
} from "../../certificates/index.ts";
import type { ExchangeServer } from "../../directory/index.ts";
import { reply, type SmtpReply } from "../../smtp/index.ts";
import type { Peer } from "./rules.ts";
import type { SendServer } from "./send-server.ts";
import { ownOrganization } from "./targets.ts";

type Own = Pick<SendServer, "name" | "fqdn" | "role" | "clock" | "organization" | "store" | "trust" | "disputed">;

/** A certificate that this server has to present, and what is said where it has none. */
interface Presented extends Decision<StoredCertificate | undefined> {
  /** Which rule decided. */
  about: "anonymous-tls-certificate" | "starttls-certificate";
  lacking: SmtpReply;
}

/**
 * The certificate of this server that the peer is to see; undefined where it is shown none: another Hub asks for
 * X-EXPS, and strangers learn nothing that they need not know (docs/fidelity.md#opportunistic-tls).
 */
export function presentedTo(peer: Peer, own: Own): Presented | undefined {
  const at = own.clock.now();
  switch (peer.kind) {
    case "hub":
    case "stranger":
      return undefined;
    case "direct-trust": {
      const published = own.organization.server(own.name)?.internalTransportCertificateThumbprint ?? null;
      const decision = selectOutboundAnonymousTlsCertificate(senderOf(own), published, own.store.list(), at);
      const lacking = reply(451, "5.7.3", "Cannot achieve Exchange Server authentication");
      return { about: "anonymous-tls-certificate", ...decision, lacking };
    }
    case "partner": {
      const { connector } = peer;
      const { fqdn, disputed } = own;
      const decision = selectOutboundStartTlsCertificate(connector, fqdn, own.store.list(), at, own.trust, disputed);
      const lacking = reply(454, "4.7.5", `No certificate for ${connector.fqdn ?? own.fqdn} could be found`);
      return { about: "starttls-certificate", ...decision, lacking };
    }
  }
}

/** Ours: a smart host that is one of our servers by its name counts as those that `--` stands for. */
const senderOf = ({ role }: Own): AnonymousTlsSender =>
  role === "hub"
    ? { role, deliveryType: "SmtpRelayWithinAdSiteToEdge" }
    : { role, connector: { smartHostAuthMechanism: "ExchangeServer", smartHosts: [ownOrganization] } };

/**
 * Whether the peer is who it must be, by the certificates that it presented.
 *
 * @param host its name, or its address in brackets
 * @param chain DER, its own first
 * Source: [bb430753], direct trust and mutual TLS; of anybody else the certificate is recorded and not judged.
 */
export function judge(peer: Peer, host: string, chain: readonly Buffer[], own: Own): Decision<Verdict> {
  const { presented, chain: others } = readPresented(chain);
  const name = "server" in peer ? peer.server.fqdn : host;
  const expected = name.startsWith("[") ? {} : { expectedName: name };
  return judgePeer(presented, trustRule(peer, own), { at: own.clock.now(), chain: others, ...expected });
}

function trustRule(peer: Peer, { organization, trust }: Own): TrustRule {
  if (peer.kind === "partner") return { kind: "chain", ...trust, name: { kind: "domain", domain: peer.domain } };
  if (peer.kind === "stranger" || (peer.kind === "hub" && !peer.judged)) return { kind: "none" };
  // What is published now, not when the target was chosen.
  const published = publishedBy(organization.server(peer.server.name));
  return { kind: "direct-trust", server: peer.server.fqdn, published };
}

function publishedBy(server: ExchangeServer | undefined): { thumbprint: string; der: Buffer } | null {
  const { internalTransportCertificate: base64, internalTransportCertificateThumbprint: thumbprint } = server ?? {};
  return base64 && thumbprint ? { thumbprint, der: Buffer.from(base64, "base64") } : null;
}
