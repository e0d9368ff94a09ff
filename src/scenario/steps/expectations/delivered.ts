import { z } from "zod";
import type { DeliveredMessage, Lab } from "../../../lab/index.ts";
import { inboxName, label, text } from "../words.ts";
import { mention, mentionOfInbox } from "../define-step.ts";
import { defineExpectation, type Look } from "./define-expectation.ts";
import { decisionsOf, rowsAround, traceOf } from "./reasons.ts";

const header = z.record(z.string().regex(/^[!-9;-~]+$/, "a header field's name"), z.union([text, z.null()]));

export const delivered = defineExpectation({
  shape: {
    delivered: label.describe("the message, by its label"),
    to: inboxName,
    header: header.optional().describe("header fields that it has then, by name; null for one that it lacks"),
  },
  mentions: ({ delivered: message, to }) => [...mention("message", message, "delivered"), ...mentionOfInbox(to, "to")],
  describe: ({ delivered: message, to, header: wanted = {} }) =>
    [`${message} is delivered to ${to}`, ...Object.entries(wanted).map(describeField)].join(", "),
  async look(context, { delivered: message, to, header: wanted = {} }) {
    const { lab, memory } = context;
    const id = memory.messages.get(message);
    const found = (await lab.delivered(to)).filter((one) => one.internetMessageId === id);
    const [only] = found;
    if (only && found.length === 1) return lookAtHeader(lab, only, wanted);
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

/** Compares the fields that are wanted, and shows them with the message's way. */
async function lookAtHeader(lab: Lab, message: DeliveredMessage, wanted: z.output<typeof header>): Promise<Look> {
  const shown = await hops(lab, message);
  for (const [name, value] of Object.entries(wanted)) {
    const values = await lab.headerValues(message, name);
    if (value === null ? values.length > 0 : !values.includes(value)) {
      const found = values.length === 0 ? `no ${name}` : values.map((one) => `${name}: ${one}`).join("; ");
      return { holds: false, failure: { expected: describeField([name, value]), found, around: shown } };
    }
    if (value !== null) shown.push(`${name}: ${value}`);
  }
  return { holds: true, evidence: { text: shown.join("\n") } };
}

const describeField = ([name, value]: readonly [string, string | null]): string =>
  value === null ? `without ${name}` : `with ${name}: ${value}`;

/** The message's way, as its own Received headers tell it. */
const hops = async (lab: Lab, message: DeliveredMessage): Promise<string[]> =>
  (await lab.headerValues(message, "Received")).map((hop) => `Received: ${hop}`);
