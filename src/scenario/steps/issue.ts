import { z } from "zod";
import { defineStep, held, mention } from "./define-step.ts";
import { authorityName, label, serverName, text } from "./words.ts";

export const issue = defineStep({
  name: "issue",
  summary: "Have a certification authority answer a request that lies on a server's disk, and leave the answer there",
  input: z.strictObject({
    authority: authorityName,
    on: serverName.describe("the server whose disk both files are on"),
    request: text.describe("the request, as -GenerateRequest -Path was told"),
    answer: text.describe(
      "the file to write; a `.p7b` brings the authorities above it, any other the certificate alone",
    ),
    as: label.optional().describe("a name for the certificate's thumbprint"),
  }),
  mentions: ({ authority, on }) => [...mention("authority", authority, "authority"), ...mention("server", on, "on")],
  makesKnown: ({ as }) => (as === undefined ? undefined : { kind: "value", name: as }),
  describe: ({ authority, request, answer }) => `${authority} answers ${request} with ${answer}`,
  async run({ lab, memory }, { as, ...wanted }) {
    const thumbprint = await lab.issueFromRequest(wanted);
    if (as !== undefined) memory.values.set(as, thumbprint);
    return held({ text: thumbprint });
  },
});
