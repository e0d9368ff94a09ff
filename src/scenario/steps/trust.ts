import { z } from "zod";
import { defineStep, held, mention } from "./define-step.ts";
import { authorityName, hostName, serverName, text } from "./words.ts";

const ofFile = {
  on: serverName.describe("the server whose disk the file is on"),
  file: text.describe("a certificate, PEM or DER, or a PKCS #12 file, whose key stays where it is"),
  password: text.optional().describe("of a PKCS #12 file"),
};
const ofAuthority = { authority: authorityName.describe("its own certificate") };

export const trust = defineStep({
  name: "trust",
  summary:
    "Have an outside host or a server trust an authority, or a certificate that lies in a file, as if it were installed there",
  input: z.union([
    z.strictObject({ host: hostName, ...ofFile }),
    z.strictObject({ host: hostName, ...ofAuthority }),
    z.strictObject({ server: serverName, ...ofFile }),
    z.strictObject({ server: serverName, ...ofAuthority }),
  ]),
  mentions: (input) => [
    ...("host" in input ? mention("host", input.host, "host") : mention("server", input.server, "server")),
    ...("authority" in input ? mention("authority", input.authority, "authority") : mention("server", input.on, "on")),
  ],
  describe(input) {
    const who = "host" in input ? input.host : input.server;
    return `${who} trusts ${"authority" in input ? input.authority : `the certificate in ${input.file} of ${input.on}`}`;
  },
  async run({ lab }, input) {
    const by = "host" in input ? input.host : input.server;
    if ("authority" in input) return held({ text: await lab.trustCertificate({ by, authority: input.authority }) });
    const { on, file, password } = input;
    return held({ text: await lab.trustCertificate({ by, on, file, ...(password !== undefined && { password }) }) });
  },
});
