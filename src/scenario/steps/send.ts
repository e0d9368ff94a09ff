import { z } from "zod";
import { type Lab, type OutsideOutcome, smtpAddress } from "../../lab/index.ts";
import { defineStep, failed, held, mention, type StepOutcome } from "./define-step.ts";
import { asList, byteSize, label, oneOrMore, serverName, text } from "./words.ts";

const defaultText = "This message was sent by a scenario.";

const input = z
  .strictObject({
    from: text.describe("a mailbox of the lab; or, with `via`, the address of somebody outside"),
    to: oneOrMore(text).describe("mailboxes of the lab, or addresses"),
    subject: text.default("A message"),
    text: text.default(defaultText),
    size: byteSize.optional().describe("pads the message to at least this size"),
    as: label.optional(),
    via: serverName.optional().describe("an outside client sends, over SMTP, to this server"),
    connector: z.enum(["Default", "Client"]).default("Default").describe("with `via`: which receive connector"),
    ehlo: text.default("mail.fabrikam.example").describe("with `via`: the name it gives"),
    tls: z.enum(["opportunistic", "never", "required"]).default("opportunistic").describe("with `via`"),
    refused: text.optional().describe("with `via`: the reply, or its beginning, that the server must refuse with"),
  })
  .refine(({ via, from }) => via === undefined || smtpAddress.safeParse(from).success, {
    path: ["from"],
    error: "an address like someone@fabrikam.example, since an outside client sends (`via`)",
  })
  .refine(({ via, refused }) => via !== undefined || refused === undefined, {
    path: ["refused"],
    error: "`via` beside it: only an outside client can be refused",
  });

export const send = defineStep({
  name: "send",
  summary: "Send a message from a mailbox, or from an outside client to a server",
  input,
  mentions: ({ from, to, via }) => [
    ...(via === undefined ? mention("mailbox", from, "from") : mention("server", via, "via")),
    ...asList(to).flatMap((name, index) =>
      name.includes("@") ? [] : mention("mailbox", name, "to", ...(typeof to === "string" ? [] : [index])),
    ),
  ],
  makesKnown: ({ as }) => (as === undefined ? undefined : { kind: "message", name: as }),
  describe: ({ from, to, subject, via, tls, refused }) => {
    const how = via === undefined ? "" : ` via ${via} (TLS ${tls})`;
    return `${from} sends "${subject}" to ${asList(to).join(", ")}${how}${refused ? `, refused with ${refused}` : ""}`;
  },
  async run({ lab, memory }, message) {
    const { from, subject, text: body, size, as, via, connector, ehlo, tls, refused } = message;
    const common = { from, subject, text: body, ...(size === undefined ? {} : { sizeBytes: size }) };
    if (via === undefined) {
      const id = await lab.send({ ...common, to: asList(message.to) });
      if (as !== undefined) memory.messages.set(as, id);
      return held();
    }
    const to = asList(message.to).map((name) => addressOf(lab, name));
    const outcome = await lab.outsideSend({ ...common, to, via, connector, ehlo, tls });
    if (as !== undefined) memory.messages.set(as, outcome.internetMessageId);
    return judge(outcome, refused);
  },
});

/** Outside, mailboxes are known by their primary address. */
const addressOf = (lab: Lab, name: string): string =>
  lab.mailboxes().find((mailbox) => mailbox.name === name)?.address ?? name;

function judge(outcome: OutsideOutcome, refused: string | undefined): StepOutcome {
  const refusals = outcome.refused.map(({ command, reply }) => ({ command, text: replyText(reply) }));
  const told = refusals.map(({ command, text }) => `${command} met ${text}`).join("; ");
  if (refused === undefined) {
    return refusals.length === 0 ? held() : failed({ expected: "the server accepts the message", found: told });
  }
  const asWanted = refusals.find(({ text }) => text.startsWith(refused));
  if (asWanted) return held({ text: `${asWanted.command} met ${asWanted.text}` });
  return failed({ expected: `the server refuses with ${refused}`, found: told || "it accepted the message" });
}

const replyText = (reply: OutsideOutcome["refused"][number]["reply"]): string =>
  [reply.code, reply.enhanced, ...reply.lines].filter((part) => part !== undefined && part !== "").join(" ");
