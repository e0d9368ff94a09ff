import type { Decision, Step } from "../../base/index.ts";
import { type Certificate, judgePeer } from "../../certificates/index.ts";
import type { ExchangeServer, ReplicationAccount } from "../../directory/index.ts";

/**
 * Decides whether an account lets a Hub in. Whoever is refused is not told why; the steps are for this server's own
 * journal.
 *
 * @param account undefined where there is none of that name
 * @param right whether the password was the account's
 * @returns true for in
 * Source: [bb266959] effective and expiration time, source server.
 */
export function decideLogOn(
  account: ReplicationAccount | undefined,
  right: boolean,
  { userName, hub }: { userName: string; hub: string },
  at: Date,
): Decision<boolean> {
  const refusal = whyRefused(account, right, hub, at);
  const text = refusal === undefined ? `${userName} lets ${hub} in` : `${userName} does not let ${hub} in: ${refusal}`;
  return { outcome: refusal === undefined, steps: [{ source: "bb266959#log-on", text }] };
}

function whyRefused(
  account: ReplicationAccount | undefined,
  right: boolean,
  hub: string,
  at: Date,
): string | undefined {
  if (!account) return "there is no such account";
  if (!right) return "the password is wrong";
  if (account.sourceServerFqdn !== null && account.sourceServerFqdn.toLowerCase() !== hub.toLowerCase())
    return `it is the account of ${account.sourceServerFqdn}`;
  if (at < new Date(account.effectiveTime)) return `it is not effective before ${account.effectiveTime}`;
  return isOver(account, at) ? `it expired at ${account.expirationTime}` : undefined;
}

export const isOver = ({ expirationTime }: ReplicationAccount, at: Date): boolean => at >= new Date(expirationTime);

/**
 * Decides whether a Hub may come with the certificate it presented: by direct trust, the one that came into ADAM with
 * the topology. The bootstrap account alone needs no certificate: it is how the first one comes.
 *
 * @param known the Hub as ADAM knows it
 * Source: [bb310755] direct trust on both ends of the session. Inferred: the bootstrap account's exception
 * (docs/fidelity.md#edgesync-session).
 */
export function judgeHub(
  presented: Certificate | undefined,
  known: ExchangeServer | undefined,
  about: { hub: string; bootstrap: boolean; at: Date },
): Decision<boolean> {
  const { hub, bootstrap, at } = about;
  const published = publishedOf(known);
  const verdict = judgePeer(presented, { kind: "direct-trust", server: hub, published }, { at });
  const steps = verdict.steps.map(({ source, text }): Step => ({ source, text }));
  if (verdict.outcome.kind === "trusted" || !bootstrap) return { outcome: verdict.outcome.kind === "trusted", steps };
  steps.push({
    source: "ours",
    text: "the bootstrap account is let in without: its first synchronization brings the certificate",
  });
  return { outcome: true, steps };
}

/** The certificate that a directory publishes for a server, as `judgePeer` takes it. */
export const publishedOf = (
  server: Pick<ExchangeServer, "internalTransportCertificate" | "internalTransportCertificateThumbprint"> | undefined,
): { thumbprint: string; der: Uint8Array } | null => {
  const { internalTransportCertificate: der = null, internalTransportCertificateThumbprint: thumbprint = null } =
    server ?? {};
  return der === null || thumbprint === null ? null : { thumbprint, der: Buffer.from(der, "base64") };
};
