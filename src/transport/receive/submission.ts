import type { SmtpReply } from "../../smtp/index.ts";
import type { Envelope } from "../mail-item.ts";
import { isReply } from "./command-line.ts";
import { prepareContent } from "./content.ts";
import { evaluationHeaders } from "./organization-headers.ts";
import type { Permission } from "./permissions.ts";
import type { Submission, SubmissionSession } from "./receive-server.ts";
import type { ReceiveSession } from "./session.ts";

/** Headers that a session without the right may not bring in, by the beginnings of their names. Source: [bb232136]. */
const guardedHeaders: readonly [Permission, readonly string[]][] = [
  ["AcceptOrganizationHeaders", ["X-MS-Exchange-Organization-"]],
  ["AcceptForestHeaders", ["X-MS-Exchange-Forest-"]],
  ["AcceptRoutingHeaders", ["Received:", "Received ", "Received\t", "Resent-"]],
];

/**
 * A message as its session hands it over, marked with whom the session speaks for at this moment: a partner is one only
 * until its message is over.
 *
 * @returns the reply that refuses its content
 */
export function prepareSubmission(
  session: ReceiveSession,
  envelope: Envelope,
  chunks: readonly Buffer[],
): Submission | SmtpReply {
  const { server, connector, wire, hello, tls, identity } = session;
  const { maxHeaderSizeBytes, maxHopCount, maxLocalHopCount } = connector;
  const isForeign = server.role === "foreign";
  const mayBring = (right: Permission): boolean => isForeign || identity.permissions.has(right);
  const prepared = prepareContent(chunks, {
    hop: {
      from: { name: hello?.name || `[${wire.remote.address}]`, address: wire.remote.address },
      by: { name: session.fqdn, address: wire.local.address },
      with: tls ? "smtp-tls" : "smtp",
      at: server.clock.now(),
    },
    maxHeaderSizeBytes,
    maxHopCount,
    maxLocalHopCount,
    strippedHeaders: guardedHeaders.flatMap(([right, names]) => (mayBring(right) ? [] : names)),
    evaluation: isForeign ? "" : evaluationHeaders(identity.principal, identity.partner, server.fqdn),
    keepsEvaluation: mayBring("AcceptOrganizationHeaders"),
  });
  return isReply(prepared) ? prepared : { envelope, ...prepared, session: submissionSession(session) };
}

function submissionSession({ log, wire, hello, tls, identity }: ReceiveSession): SubmissionSession {
  const { sessionId, connectorId } = log;
  const { local, remote } = wire;
  const { authentication, permissions } = identity;
  const ehloName = hello?.name ?? "";
  return { sessionId, connectorId, local, remote, ehloName, tls: tls?.facts, authentication, permissions };
}
