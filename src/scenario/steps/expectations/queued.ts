import type { Lab, QueueView } from "../../../lab/index.ts";
import { label, serverName, text } from "../words.ts";
import { mention } from "../define-step.ts";
import { defineExpectation } from "./define-expectation.ts";
import { decisionsOf, rowsAround, traceOf } from "./reasons.ts";

export const queued = defineExpectation({
  shape: {
    queued: label.describe("the message, by its label"),
    on: serverName.optional().describe("the server whose queue holds it; default: any"),
    lastError: text.optional().describe("a part of the queue's LastError"),
  },
  mentions: ({ queued: message, on }) => [...mention("message", message, "queued"), ...mention("server", on, "on")],
  describe: ({ queued: message, on, lastError }) =>
    `${message} waits in a queue${on ? ` of ${on}` : ""}${lastError ? `, LastError ${lastError}` : ""}`,
  async look(context, { queued: message, on, lastError }) {
    const { lab, memory } = context;
    const servers = on === undefined ? lab.serverNames() : [on];
    const id = memory.messages.get(message) ?? "";
    const holding = (await queuesOf(lab, servers)).filter((queue) => queue.messages.includes(id));
    const asWanted = holding.find((queue) => lastError === undefined || (queue.lastError ?? "").includes(lastError));
    if (asWanted) return { holds: true, evidence: { text: describeQueue(asWanted) } };
    const failure = {
      expected: `a queue that holds ${message}${lastError ? ` with LastError ${lastError}` : ""}`,
      found: holding.map(describeQueue).join("; ") || traceOf(context, message).at(-1) || "no server has seen it",
      reasons: [...traceOf(context, message), ...decisionsOf(lab, servers)],
      around: (await Promise.all(servers.map((server) => rowsAround(lab, server, "SmtpSend")))).flat(),
    };
    return { holds: false, failure };
  },
});

/** Servers without a transport role have no queues. */
async function queuesOf(lab: Lab, servers: readonly string[]): Promise<QueueView[]> {
  const found = await Promise.allSettled(servers.map((server) => lab.server(server).queues()));
  return found.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
}

const describeQueue = ({ identity, nextHopDomain, status, lastError }: QueueView): string =>
  `${identity} to ${nextHopDomain}, ${status}${lastError === null ? "" : `, LastError: ${lastError}`}`;
