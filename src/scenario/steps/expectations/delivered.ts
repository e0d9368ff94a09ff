import type { DeliveredMessage, Lab } from "../../../lab/index.ts";
import { inboxName, label } from "../words.ts";
import { mention, mentionOfInbox } from "../define-step.ts";
import { defineExpectation } from "./define-expectation.ts";
import { decisionsOf, rowsAround, traceOf } from "./reasons.ts";

export const delivered = defineExpectation({
  shape: { delivered: label.describe("the message, by its label"), to: inboxName },
  mentions: ({ delivered: message, to }) => [...mention("message", message, "delivered"), ...mentionOfInbox(to, "to")],
  describe: ({ delivered: message, to }) => `${message} is delivered to ${to}`,
  async look(context, { delivered: message, to }) {
    const { lab, memory } = context;
    const id = memory.messages.get(message);
    const found = (await lab.delivered(to)).filter((one) => one.internetMessageId === id);
    const [only] = found;
    if (only && found.length === 1) return { holds: true, evidence: { text: (await hops(lab, only)).join("\n") } };
    const trace = traceOf(context, message);
    const failure = {
      expected: to.includes("@")
        ? `${message} is at the host of ${to}, once`
        : `${message} is in the mailbox ${to}, once`,
      found: found.length > 1 ? `it is there ${found.length} times` : (trace.at(-1) ?? "no server has seen it"),
      reasons: [
        ...trace,
        ...decisionsOf(lab, lab.serverNames(), ["peer-certificate", "route", "starttls-certificate"]),
      ],
      around: (await Promise.all(lab.serverNames().map((server) => rowsAround(lab, server, "SmtpSend")))).flat(),
    };
    return { holds: false, failure };
  },
});

/** The message's way, as its own Received headers tell it. */
const hops = async (lab: Lab, message: DeliveredMessage): Promise<string[]> =>
  (await lab.receivedHeaders(message)).map((hop) => `Received: ${hop}`);
