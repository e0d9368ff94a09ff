import { connectHttps, type HttpsConnection, messageOf } from "../../base/index.ts";
import { type Certificate, judgePeer, readPresented } from "../../certificates/index.ts";
import type { ExchangeServer } from "../../directory/index.ts";
import { publishedOf } from "../wire/log-on.ts";
import { readLogOnReply } from "../wire/read-reply.ts";
import { type LogOnReply, type LogOnRequest, requestPaths } from "../wire/wire.ts";
import type { LogOnMeans } from "./hub-credentials.ts";
import type { PartnerModules } from "./hub-modules.ts";
import { EdgeFailed, Link, type OpenedCredential, readAnswer } from "./link.ts";

/** Why there is no link, in words for a person, and the events that say so. */
export interface LinkFailure {
  kind: "failed";
  details: string;
  events: readonly { id: 10104 | 1024; parameters: readonly string[] }[];
}

interface Refusal {
  userName: string;
  thumbprint: string;
  what: "certificate" | "log-on";
}

/** Real time that connecting, and each answer, may take: a lab's clock waits for half a minute. */
const patienceMs = 10_000;

/**
 * Connects to an Edge server, judges it by direct trust before a word is said, and logs on. A certificate that the Edge
 * server does not know is followed by the next, a credential that it refuses by the next.
 * Source: [bb266959] log-on; [bb310755] direct trust; [ff985467], [byronwright-edge] the events.
 */
export async function openLink(
  modules: PartnerModules,
  edge: ExchangeServer,
  means: LogOnMeans,
): Promise<Link | LinkFailure> {
  const twin = twinOf(modules, edge);
  if (twin !== undefined) return twin;
  const refusals: Refusal[] = [];
  for (const opened of means.credentials) {
    for (const certificate of means.certificatesFor(opened.credential)) {
      const connection = await connect(modules, edge, certificate);
      if ("kind" in connection) return connection;
      const reply = await logOn(modules, edge, connection, opened);
      if (reply.kind === "welcome") {
        const { thumbprint } = certificate;
        return new Link(connection, modules.connections, { credential: opened.credential, presented: thumbprint });
      }
      connection.close();
      modules.connections.delete(connection);
      if (reply.kind === "failed") return reply;
      refusals.push({ userName: opened.credential.userName, thumbprint: certificate.thumbprint, what: reply.what });
      if (reply.what === "log-on") break;
    }
  }
  return failureOf(edge, refusals, means.bootstrapExpired);
}

/** Two servers with one certificate cannot be told apart by it. Source: [byronwright-edge], 10104 and 1024. */
function twinOf({ organization }: PartnerModules, edge: ExchangeServer): LinkFailure | undefined {
  const thumbprint = edge.internalTransportCertificateThumbprint;
  const twin = organization
    .servers()
    .find((other) => other.name !== edge.name && other.internalTransportCertificateThumbprint === thumbprint);
  if (!twin || thumbprint === null) return undefined;
  const details = `${twin.fqdn} has the same certificate ${thumbprint}: each server needs one of its own`;
  return mismatched(edge, details, { id: 1024, parameters: [edge.fqdn, details] });
}

async function logOn(
  { server }: PartnerModules,
  edge: ExchangeServer,
  connection: HttpsConnection,
  { credential, password }: OpenedCredential,
): Promise<LogOnReply | LinkFailure> {
  const request: LogOnRequest = { hub: server.fqdn, userName: credential.userName, password };
  try {
    const { status, body } = await connection.post(requestPaths.logOn, JSON.stringify(request));
    if (status === 200 || status === 401) return readAnswer(body, readLogOnReply);
    throw new EdgeFailed(`the Edge server answered ${status}`);
  } catch (failure) {
    return unreachable(edge, messageOf(failure));
  }
}

/** Connects and judges; the connection that comes back may be told secrets. */
async function connect(
  modules: PartnerModules,
  edge: ExchangeServer,
  certificate: Certificate,
): Promise<HttpsConnection | LinkFailure> {
  const { names, localAddress, store, presentations, connections, stopped } = modules;
  const port = edge.edge?.adamSslPort ?? 0;
  const place = names.locate(edge.fqdn, port);
  if (!place) return unreachable(edge, `nothing of that name is to be found at port ${port}`);
  let connection: HttpsConnection;
  try {
    const secureContext = presentations.present(certificate, store);
    connection = await connectHttps({ ...place, localAddress, name: edge.fqdn, secureContext, patienceMs });
  } catch (failure) {
    return unreachable(edge, messageOf(failure));
  }
  const mismatch = judgeEdge(modules, edge, connection.peerCertificate);
  if (mismatch === undefined && !stopped()) {
    connections.add(connection);
    return connection;
  }
  connection.close();
  return mismatch === undefined ? unreachable(edge, "this server is stopping") : mismatched(edge, mismatch);
}

/** Why the Edge server is not to be trusted; undefined where it is. */
function judgeEdge(
  { server, clock, journal }: PartnerModules,
  edge: ExchangeServer,
  der: Buffer | undefined,
): string | undefined {
  const at = clock.now();
  const { presented } = readPresented(der ? [der] : []);
  const rule = { kind: "direct-trust", server: edge.fqdn, published: publishedOf(edge) } as const;
  const { outcome, steps } = judgePeer(presented, rule, { at });
  journal.report({
    kind: "decision",
    server: server.name,
    at,
    about: "edge-certificate",
    subject: edge.fqdn,
    outcome: outcome.kind,
    steps: steps.map(({ source, text }) => ({ source, text })),
  });
  return outcome.kind === "trusted" ? undefined : outcome.reason;
}

const unreachable = (edge: ExchangeServer, details: string): LinkFailure => ({
  kind: "failed",
  details,
  events: [{ id: 1024, parameters: [edge.fqdn, details] }],
});

const mismatched = (edge: ExchangeServer, details: string, ...more: LinkFailure["events"]): LinkFailure => ({
  kind: "failed",
  details,
  events: [{ id: 10104, parameters: [edge.fqdn] }, ...more],
});

function failureOf(
  edge: ExchangeServer,
  refusals: readonly Refusal[],
  bootstrapExpired: string | undefined,
): LinkFailure {
  const names = [...new Set(refusals.map(({ userName }) => userName))].join(", ");
  if (refusals.some(({ what }) => what === "log-on")) {
    const bootstrap =
      bootstrapExpired === undefined ? "" : `, and the bootstrap account expired at ${bootstrapExpired}`;
    return unreachable(
      edge,
      `${edge.fqdn} refuses the log-on of ${names}: it does not know it, its time is over, or its password is another one${bootstrap}; if that lasts, subscribe the Edge server again`,
    );
  }
  const thumbprints = [...new Set(refusals.map(({ thumbprint }) => thumbprint))].join(", ");
  return mismatched(
    edge,
    `${edge.fqdn} does not know certificate ${thumbprints || "(none)"} as this Hub's: it knows the one that the last topology synchronization brought`,
  );
}
