import { z } from "zod";
import { defineStep, held, mention } from "./define-step.ts";
import { hostName, serverName, text } from "./words.ts";

export const trust = defineStep({
  name: "trust",
  summary:
    "Have an outside host trust a certificate that lies in a file on a server's disk, as if it were installed there",
  input: z.strictObject({
    host: hostName,
    on: serverName.describe("the server whose disk the file is on"),
    file: text.describe("a certificate, PEM or DER, or a PKCS #12 file, whose key stays where it is"),
    password: text.optional().describe("of a PKCS #12 file"),
  }),
  mentions: ({ host, on }) => [...mention("host", host, "host"), ...mention("server", on, "on")],
  describe: ({ host, file, on }) => `${host} trusts the certificate in ${file} of ${on}`,
  async run({ lab }, { password, ...wanted }) {
    return held({ text: await lab.trustCertificate({ ...wanted, ...(password !== undefined && { password }) }) });
  },
});
