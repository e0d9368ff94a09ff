import { parseCertificate } from "../../certificates/index.ts";
import { type ExchangeServer, isEdge, isHub, type SendConnector } from "../../directory/index.ts";
import type { CertificateChoice } from "../api/index.ts";
import type { InstalledServer } from "../server/install.ts";

type Role = Pick<ExchangeServer, "roles">;

export const hasTransport = (server: Role): boolean => isHub(server) || isEdge(server);

/** Whether two servers have no directory in common: neither can know more of the other than its own one publishes. */
export const isAcrossPerimeter = (server: Role, peer: Role): boolean => isEdge(server) || isEdge(peer);

/** Why a server presents nothing over SMTP, and what its certificates are for instead. */
export function remarkOnServices({ name, store }: Pick<InstalledServer, "name" | "store">): string {
  const uses = store
    .list()
    .filter(({ services }) => services.length > 0)
    .map(({ thumbprint, services }) => `certificate ${thumbprint} is for ${services.join(", ")}`);
  const instead = uses.join("; ") || "its services have none either";
  return `${name} has no transport role and presents no certificate over SMTP: ${instead}`;
}

/** Why a server has nothing to present through a Send connector; undefined where it is one of those it starts from. */
export function whyNotThrough(
  { name, sourceTransportServers: sources }: SendConnector,
  server: string,
): string | undefined {
  const isSource = sources.some((source) => source.toLowerCase() === server.toLowerCase());
  return isSource
    ? undefined
    : `${name} starts from ${sources.join(", ") || "no server"}: ${server} presents nothing through it`;
}

/** Why no SMTP session leads from a transport server to another server of its directory; undefined where one does. */
export function whyNoSession(peer: ExchangeServer, from: Role & { site: string | null }): string | undefined {
  if (!hasTransport(peer)) return `${peer.name} has no transport role: no SMTP session leads there`;
  return isHub(from) && isEdge(peer) && peer.site !== from.site
    ? `${peer.name} is subscribed to ${peer.site ?? "no site"}: no SMTP session leads there from ${from.site ?? "here"}`
    : undefined;
}

/**
 * What a server across the perimeter shows in answer, as far as it is known here: direct trust holds whatever it shows
 * against this.
 *
 * @param directory whose copy `peer` is from: `Active Directory`, or `ADAM`
 */
export function publishedAnswer(peer: ExchangeServer, directory: string): CertificateChoice {
  const { name, fqdn, internalTransportCertificate: der, internalTransportCertificateThumbprint: thumbprint } = peer;
  const about = { selection: "Inbound X-ANONYMOUSTLS", about: fqdn, connector: null, fqdn: null } as const;
  const source = "bb430790#3";
  if (thumbprint === null || der === null) {
    const text = `${directory} publishes no certificate for ${name}: direct trust refuses whatever it shows`;
    return { ...about, chosen: null, candidates: [], steps: [{ source, text, event: null }] };
  }
  const reason = `${directory} publishes it for ${name}, whose store is across the perimeter`;
  const { subject } = parseCertificate(Buffer.from(der, "base64"));
  return {
    ...about,
    chosen: thumbprint,
    candidates: [{ thumbprint, subject, fate: "chosen", reason, source }],
    steps: [{ source, text: `${thumbprint}: ${reason}`, event: null }],
  };
}
