import { type Candidate, readThumbprint, type StoredCertificate } from "../../certificates/index.ts";
import { isEdge, type OrganizationView } from "../../directory/index.ts";
import type { SessionRecord } from "../../smtp/index.ts";
import type { CertificateUse } from "../api/index.ts";
import { choicesFor } from "./explain.ts";
import type { Chooser } from "./explain-choice.ts";

/** A use, before it is known whether a store holds the certificate. */
export type Pointer = Omit<CertificateUse, "inStore">;

/** What a server uses its own certificates for: the services it has enabled them for, and its connectors' choice now. */
export function usesByServer(own: Chooser<StoredCertificate>): Pointer[] {
  const { name, organization, candidates } = own;
  const services = candidates.flatMap(({ thumbprint, services }) =>
    services.map((service) => pointer("Service", service, name, thumbprint, "enabled for it")),
  );
  const received = organization
    .receiveConnectors(name)
    .flatMap((connector) => chosen("ReceiveConnector", choicesFor({ kind: "receiveConnector", connector }, own), own));
  const sent = organization
    .objects("sendConnector")
    .filter(({ sourceTransportServers }) => sourceTransportServers.some((one) => same(one, name)))
    .flatMap((connector) => chosen("SendConnector", choicesFor({ kind: "sendConnector", connector }, own), own));
  return [...services, ...received, ...sent];
}

const chosen = <C extends Candidate>(
  kind: "ReceiveConnector" | "SendConnector",
  choices: ReturnType<typeof choicesFor<C>>,
  { name }: Pick<Chooser<C>, "name">,
): Pointer[] =>
  choices.flatMap(({ selection, about, outcome }) =>
    outcome ? [pointer(kind, about, name, outcome.thumbprint, `its choice for ${selection}`)] : [],
  );

/**
 * What a directory says of certificates: of each server its internal transport certificate, of an Edge server in Active
 * Directory the one of its subscription; and for which certificates EdgeSync's passwords are sealed.
 *
 * @param where `Active Directory`, or `ADAM of Edge1`
 */
export function usesByDirectory(where: string, organization: OrganizationView): Pointer[] {
  const inAd = where === activeDirectory;
  const entries = organization.servers().flatMap((server) => {
    const thumbprint = server.internalTransportCertificateThumbprint;
    if (thumbprint === null) return [];
    return inAd && isEdge(server)
      ? [pointer("EdgeSubscription", where, server.name, thumbprint, "the certificate that its subscription brought")]
      : [pointer("DirectoryEntry", where, server.name, thumbprint, "the internal transport certificate")];
  });
  const credentials = organization
    .objects("edgeSyncCredential")
    .map(({ holder, userName, sealedTo, expirationTime }) =>
      pointer("EdgeSyncCredential", where, holder, sealedTo, `password of ${userName}, until ${expirationTime}`),
    );
  return [...entries, ...credentials];
}

export const activeDirectory = "Active Directory";

/** Sessions in which a server has presented a certificate, those with one peer together. */
export function usesBySessions(sessions: readonly SessionRecord[]): Pointer[] {
  const together = new Map<string, { first: SessionRecord; count: number; last: Date }>();
  for (const session of sessions) {
    const { server, side, peerName, tls, endedAt } = session;
    if (tls?.presented === undefined) continue;
    const key = [server, side, peerName.toLowerCase(), tls.presented].join("\n");
    const known = together.get(key);
    together.set(key, { first: known?.first ?? session, count: (known?.count ?? 0) + 1, last: endedAt });
  }
  return [...together.values()].map(({ first: { server, side, peerName, tls }, count, last }) => {
    const sessions = `${count} ${side} ${count === 1 ? "session" : "sessions"}`;
    const detail = `presented in ${sessions}, the last at ${last.toISOString()}`;
    return pointer("Session", peerName, server, tls?.presented ?? "", detail);
  });
}

/**
 * Uses as they are shown: each once, those of one certificate and kind together; without a thumbprint those of every one.
 *
 * @param held thumbprints of every certificate that a store holds
 */
export function usesOf(
  thumbprint: string | undefined,
  pointers: readonly Pointer[],
  held: ReadonlySet<string>,
): CertificateUse[] {
  const wanted = thumbprint === undefined ? undefined : readThumbprint(thumbprint);
  const once = new Map(pointers.map((one) => [Object.values(one).join("\n"), one]));
  return [...once.values()]
    .filter((one) => wanted === undefined || one.thumbprint === wanted)
    .map((one) => ({ ...one, inStore: held.has(one.thumbprint) }));
}

const pointer = (...[kind, where, server, thumbprint, detail]: PointerParts): Pointer => ({
  kind,
  where,
  server,
  thumbprint,
  detail,
});
type PointerParts = [kind: Pointer["kind"], where: string, server: string, thumbprint: string, detail: string];

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
