import { z } from "zod";
import { revocationReasons } from "../../lab/index.ts";
import { defineStep, held, mention } from "./define-step.ts";
import { authorityName, serverName, text } from "./words.ts";

const beside = {
  authority: authorityName.optional().describe("who takes it back; default: the authority that has issued it"),
  reason: z.enum(revocationReasons).default("unspecified"),
};

export const revoke = defineStep({
  name: "revoke",
  summary: "Have a certification authority take a certificate back, and issue its next revocation list",
  input: z.union([
    z.strictObject({ thumbprint: text.describe("of a certificate that anybody in the lab has"), ...beside }),
    z.strictObject({
      on: serverName.describe("the server whose disk the file is on"),
      file: text.describe("the certificate, PEM or DER"),
      ...beside,
    }),
  ]),
  mentions: (input) => [
    ...mention("authority", input.authority, "authority"),
    ...("on" in input ? mention("server", input.on, "on") : []),
  ],
  describe(input) {
    const what = "file" in input ? `the certificate in ${input.file} of ${input.on}` : input.thumbprint;
    return `${input.authority ?? "its authority"} revokes ${what}: ${input.reason}`;
  },
  async run({ lab }, input) {
    const { authority, subject, listNumber, list } = await lab.revokeCertificate(input);
    return held({ text: `${authority} has revoked ${subject}; list ${listNumber} lies in ${list}` });
  },
});
