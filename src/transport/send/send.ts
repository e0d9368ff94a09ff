import type { SendConnector } from "../../directory/index.ts";
import { formatReply, reply, type SmtpReply } from "../../smtp/index.ts";
import { type NextHopSolution, nextHopKey, type NoChannel, type OpenChannel } from "../mail-item.ts";
import { obstacle, type Route, rulesFor } from "./rules.ts";
import type { SendServer } from "./send-server.ts";
import { openSession } from "./session.ts";
import { type Target, type TargetGroups, targetsOf } from "./targets.ts";

/**
 * Opens sessions to next hops, whatever their delivery type: to other Hubs, to and from Edge servers, to smart hosts and
 * to the mail exchangers of a domain.
 *
 * Hosts that are equals are turned round; one that fails is tried in its turn and the next one used, without memory, so
 * a dead one's neighbour carries twice the load. The turn is taken when a session begins, so that sessions that begin at
 * once do not all reach the same host, and given back when all have failed.
 * Source: [c7solutions-71], round robin over Hubs in 2007; RFC 5321 §5.1 over mail exchangers.
 */
export function openSend(server: SendServer): OpenChannel {
  const turns = new Map<string, number>();

  return async (solution, cut) => {
    const route = findRoute(server, solution);
    if ("lastError" in route) return route;
    const groups = targetsOf(solution, route.connector, server);
    if ("lastError" in groups || "failed" in groups) return groups;
    const key = nextHopKey(solution);
    const turn = turns.get(key) ?? 0;
    const hasTurns = groups.some((targets) => targets.length > 1);
    if (hasTurns) turns.set(key, turn + 1);

    let primary: SmtpReply | undefined;
    for (const target of inTurn(groups, turn)) {
      const opened = await open(server, route, target, cut);
      if (!("refusal" in opened)) return opened;
      primary ??= opened.refusal;
      if (cut?.aborted) break;
    }
    if (hasTurns) turns.set(key, (turns.get(key) ?? 1) - 1);
    return { lastError: failoverError(primary as SmtpReply) };
  };
}

/** The connector behind a solution as it is now, and whether anything may go over it. */
function findRoute(server: SendServer, solution: NextHopSolution): Route | Extract<NoChannel, { lastError: string }> {
  const name = connectorOf(solution);
  if (name === undefined) return { solution, connector: undefined };
  const connector = findConnector(server, name);
  // Ours: docs/fidelity.md#next-hops.
  if (!connector?.enabled)
    return { lastError: `451 4.4.0 Send connector ${name} is ${connector ? "disabled" : "gone"}` };
  const route = { solution, connector };
  const hindered = obstacle(route, server);
  return hindered ? { lastError: formatReply(hindered) } : route;
}

/** Between Hubs there is none; towards an Edge server the next hop itself is called by its name. Source: [bb125237]. */
function connectorOf({ deliveryType, nextHopDomain, connector }: NextHopSolution): string | undefined {
  if (deliveryType === "SmtpRelayWithinAdSiteToEdge") return connector ?? nextHopDomain;
  return deliveryType === "DnsConnectorDelivery" || deliveryType === "SmartHostConnectorDelivery"
    ? connector
    : undefined;
}

const findConnector = ({ organization }: SendServer, name: string): SendConnector | undefined =>
  organization.objects("sendConnector").find((connector) => connector.name.toLowerCase() === name.toLowerCase());

/** Every host once, each group beginning with the one whose turn it is. */
const inTurn = (groups: TargetGroups, turn: number): readonly Target[] =>
  groups.flatMap((targets) => {
    const head = turn % targets.length;
    return [...targets.slice(head), ...targets.slice(0, head)];
  });

async function open(
  server: SendServer,
  route: Route,
  target: Target,
  cut: AbortSignal | undefined,
): ReturnType<typeof openSession> {
  const { host, endpoint } = target;
  if (!endpoint) return { refusal: reply(421, "4.2.1", "Unable to connect"), farewell: false };
  const rules = rulesFor(route, target, server);
  return "refusal" in rules ? { ...rules, farewell: false } : openSession(server, host, endpoint, rules, cut);
}

/** The LastError of a queue whose next hops have all refused. Source: [kb979174], [kb979175]. */
function failoverError(primary: SmtpReply): string {
  const said = formatReply(primary)
    .replace(/[\u0000-\u001f\u007f]+/g, " ")
    .replace(/\.$/, "");
  return (
    `451 4.4.0 Primary target IP address responded with: "${said}." ` +
    "Attempted failover to alternate host, but that did not succeed. " +
    "Either there are no alternate hosts, or delivery failed to all alternate hosts."
  );
}
