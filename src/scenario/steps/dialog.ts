import { z } from "zod";
import { defineStep, held, mention } from "./define-step.ts";
import { serverName } from "./words.ts";

const line = z
  .string()
  .regex(
    /^(?:(?:C|S|absent): ?[^\r\n]*|TLS|-- (?:tls|closed) --)$/,
    "`C: what the client says`, `S: a line it must hear`, `absent: one it must not`, TLS or -- closed --",
  );

export const dialog = defineStep({
  name: "dialog",
  summary: "Hold a raw SMTP conversation with a receive connector",
  input: z.strictObject({
    with: serverName,
    connector: z.enum(["Default", "Client"]).default("Default"),
    lines: z
      .array(line)
      .min(1, "one line or more")
      .describe(
        "`C:` sends a line; the `S:` lines after it must be in the reply in that order, `*` for what varies; " +
          "`absent:` must not be in it; TLS does the handshake",
      ),
  }),
  mentions: (input) => mention("server", input.with, "with"),
  describe: (input) => `a conversation with the ${input.connector} connector of ${input.with}`,
  async run({ lab }, input) {
    return held({ text: (await lab.dialog(input.with, input.connector, input.lines)).join("\n") });
  },
});
