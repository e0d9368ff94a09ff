import { readFile } from "node:fs/promises";
import { z } from "zod";
import { mention, mentionOfInbox } from "../define-step.ts";
import { inboxName, label, text } from "../words.ts";
import { defineExpectation } from "./define-expectation.ts";
import { traceOf } from "./reasons.ts";

export const reported = defineExpectation({
  shape: {
    reported: label.describe("the message that a delivery status notification speaks of, by its label"),
    to: inboxName.describe("who has the report: the mailbox, or the address at an outside host, of the sender"),
    action: z.enum(["failed", "delayed", "delivered", "relayed"]).describe("what it says became of the message"),
    text: text.optional().describe("a part of its delivery status: of a line like `Diagnostic-Code: smtp;550 …`"),
  },
  mentions: ({ reported: message, to }) => [...mention("message", message, "reported"), ...mentionOfInbox(to, "to")],
  describe: ({ reported: message, to, action, text: wanted }) =>
    `${to} hears that ${message} is ${action}${wanted === undefined ? "" : `, "${wanted}"`}`,
  async look(context, { reported: message, to, action, text: wanted = "" }) {
    const about = context.memory.messages.get(message) ?? "";
    const contents = (await context.lab.delivered(to)).map(({ path }) => readFile(path, "latin1"));
    const reports = (await Promise.all(contents)).filter((content) => isReportOn(content, about));
    const found = reports.map(statusOf).filter((lines) => lines.includes(`Action: ${action}`));
    const [only] = found;
    if (only && found.length === 1 && only.some((line) => line.includes(wanted)))
      return { holds: true, evidence: { text: `${to} hears of ${message}: ${only.join("; ")}` } };
    const shown = found.map((lines) => lines.join("; "));
    return {
      holds: false,
      failure: {
        expected: `one report to ${to} that ${message} is ${action}${wanted === "" ? "" : ` with "${wanted}"`}`,
        found:
          shown.length > 1 ? `${shown.length} reports: ${shown.join(" and ")}` : (shown[0] ?? "no report of that kind"),
        reasons: traceOf(context, message),
      },
    };
  },
});

/** Whether a message is a delivery status notification on this one: it returns its header at least. */
const isReportOn = (content: string, internetMessageId: string): boolean =>
  /^Content-Type: multipart\/report; report-type=delivery-status/im.test(content) &&
  content
    .replace(/\r\n[ \t]+/g, " ")
    .toLowerCase()
    .includes(`\r\nmessage-id: ${internetMessageId}\r\n`.toLowerCase());

/** The fields of a report's delivery-status part. */
const statusOf = (content: string): string[] => {
  const part = content.split(/^Content-Type: message\/delivery-status\r\n/m)[1] ?? "";
  return (part.split(/^--/m)[0] ?? "").split("\r\n").filter((line) => line !== "");
};
