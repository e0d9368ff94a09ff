import { z } from "zod";
import { defineStep, held, mention } from "./define-step.ts";
import { authorityName, hostName, serverName, text } from "./words.ts";

const what = {
  authority: authorityName.optional().describe("its own certificate; in place of a file"),
  on: serverName.optional().describe("the server whose disk the file is on"),
  file: text.optional().describe("a certificate, PEM or DER, or a PKCS #12 file, whose key stays where it is"),
  password: text.optional().describe("of a PKCS #12 file"),
};
interface What {
  authority?: string | undefined;
  on?: string | undefined;
  file?: string | undefined;
  password?: string | undefined;
}
const isOne = ({ authority, on, file, password }: What): boolean =>
  authority === undefined
    ? on !== undefined && file !== undefined
    : on === undefined && file === undefined && password === undefined;
const wanted = "`authority`, or `on` and `file`, beside it";

export const trust = defineStep({
  name: "trust",
  summary:
    "Have an outside host or a server trust an authority, or a certificate that lies in a file, as if it were installed there",
  input: z.union([
    z.strictObject({ host: hostName, ...what }).refine(isOne, wanted),
    z.strictObject({ server: serverName, ...what }).refine(isOne, wanted),
  ]),
  mentions: (input) => [
    ...("host" in input ? mention("host", input.host, "host") : mention("server", input.server, "server")),
    ...mention("authority", input.authority, "authority"),
    ...mention("server", input.on, "on"),
  ],
  describe(input) {
    const who = "host" in input ? input.host : input.server;
    return `${who} trusts ${input.authority ?? `the certificate in ${input.file} of ${input.on}`}`;
  },
  async run({ lab }, input) {
    const by = "host" in input ? input.host : input.server;
    const { authority, on = "", file = "", password } = input;
    const given = authority === undefined ? { on, file, ...(password !== undefined && { password }) } : { authority };
    return held({ text: await lab.trustCertificate({ by, ...given }) });
  },
});
