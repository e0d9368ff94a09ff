import { z } from "zod";
import { type Lab, type OutsideMessage, type OutsideOutcome, smtpAddress } from "../../lab/index.ts";
import { certificatesNamedBy } from "../certificates.ts";
import { defineStep, type Evidence, failed, held, mention, mentionOfInbox, type StepOutcome } from "./define-step.ts";
import { asList, byteSize, hostName, label, oneOrMore, serverName, text } from "./words.ts";

type OutsideSender = OutsideMessage["by"];

const defaultText = "This message was sent by a scenario.";

const input = z
  .strictObject({
    from: text.describe(
      "a mailbox of the lab, or the address of somebody outside: his host sends, or a client (`via`)",
    ),
    to: oneOrMore(text).describe("mailboxes of the lab, or addresses"),
    subject: text.default("A message"),
    text: text.default(defaultText),
    size: byteSize.optional().describe("pads the message to at least this size"),
    as: label.optional(),
    host: hostName.optional().describe("the outside host that sends; default: the first that has the domain of `from`"),
    via: serverName.optional().describe("an outside client sends, over SMTP, to this server"),
    connector: z.enum(["Default", "Client"]).default("Default").describe("with `via`: which receive connector"),
    ehlo: text.default("mail.fabrikam.example").describe("with `via`: the name it gives"),
    tls: z.enum(["opportunistic", "never", "required"]).default("opportunistic").describe("with `via`"),
    refused: text.optional().describe("from outside: the reply, or its beginning, that the server must refuse with"),
  })
  .refine(({ host, via }) => host === undefined || via === undefined, {
    path: ["host"],
    error: "no `via` beside it: either a host sends or a client",
  })
  .refine(({ host, via, from }) => (host ?? via) === undefined || isAddress(from), {
    path: ["from"],
    error: "an address like someone@fabrikam.example, since somebody outside sends",
  })
  .refine((message) => message.refused === undefined || isFromOutside(message), {
    path: ["refused"],
    error: "an address in `from`, or `via`: only somebody outside can be refused",
  });

const isAddress = (text: string): boolean => smtpAddress.safeParse(text).success;

const isFromOutside = ({ from, host, via }: { from: string; host?: string | undefined; via?: string | undefined }) =>
  (host ?? via) !== undefined || from.includes("@");

export const send = defineStep({
  name: "send",
  summary: "Send a message from a mailbox, from an outside host, or from an outside client to a server",
  input,
  mentions: ({ from, to, host, via }) => [
    ...((host ?? via) === undefined ? mentionOfInbox(from, "from") : []),
    ...mention("host", host, "host"),
    ...mention("server", via, "via"),
    ...asList(to).flatMap((name, index) =>
      name.includes("@") ? [] : mention("mailbox", name, "to", ...(typeof to === "string" ? [] : [index])),
    ),
  ],
  makesKnown: ({ as }) => (as === undefined ? undefined : { kind: "message", name: as }),
  describe: ({ from, to, subject, host, via, tls, refused }) => {
    const how = via === undefined ? (host === undefined ? "" : ` by ${host}`) : ` via ${via} (TLS ${tls})`;
    return `${from} sends "${subject}" to ${asList(to).join(", ")}${how}${refused ? `, refused with ${refused}` : ""}`;
  },
  async run({ lab, memory }, message) {
    const { from, subject, text: body, size, as, refused } = message;
    const common = { from, subject, text: body, ...(size === undefined ? {} : { sizeBytes: size }) };
    const by = isFromOutside(message) ? senderOf(lab, message) : undefined;
    if (!by) {
      const id = await lab.send({ ...common, to: asList(message.to) });
      if (as !== undefined) memory.messages.set(as, id);
      return held();
    }
    const to = asList(message.to).map((name) => addressOf(lab, name));
    const outcome = await lab.outsideSend({ ...common, to, by });
    if (as !== undefined) memory.messages.set(as, outcome.internetMessageId);
    return judge(lab, outcome, refused);
  },
});

/** Undefined: no outside host has that domain. */
function senderOf(
  lab: Lab,
  { from, host, via, connector, ehlo, tls }: z.output<typeof input>,
): OutsideSender | undefined {
  if (via !== undefined) return { kind: "client", via, connector, ehlo, tls };
  const domain = from.slice(from.lastIndexOf("@") + 1).toLowerCase();
  const hasDomain = ({ domains }: { domains: readonly string[] }): boolean =>
    domains.some((name) => name.toLowerCase() === domain);
  const sender = host ?? lab.outsideHosts().find((one) => one.ours && hasDomain(one))?.name;
  return sender === undefined ? undefined : { kind: "host", host: sender };
}

/** Outside, mailboxes are known by their primary address. */
const addressOf = (lab: Lab, name: string): string =>
  lab.mailboxes().find((mailbox) => mailbox.name === name)?.address ?? name;

async function judge(lab: Lab, outcome: OutsideOutcome, refused: string | undefined): Promise<StepOutcome> {
  const refusals = outcome.refused.map(({ command, reply }) => ({ command, text: replyText(reply) }));
  const told = refusals.map(({ command, text }) => `${command} met ${text}`).join("; ");
  if (refused === undefined) {
    return refusals.length === 0
      ? held(await evidenceOf(lab, outcome))
      : failed({ expected: "the server accepts the message", found: told });
  }
  const asWanted = refusals.find(({ text }) => text.startsWith(refused));
  if (asWanted) return held({ text: `${asWanted.command} met ${asWanted.text}` });
  return failed({ expected: `the server refuses with ${refused}`, found: told || "it accepted the message" });
}

/** What the sender saw of the server, and whose that certificate is. */
async function evidenceOf(lab: Lab, { presented }: OutsideOutcome): Promise<Evidence> {
  if (presented === undefined) return { text: "sent in the clear" };
  const text = `sent inside TLS; the server presented ${presented}`;
  return { text, certificates: await certificatesNamedBy(lab, [presented]) };
}

const replyText = (reply: OutsideOutcome["refused"][number]["reply"]): string =>
  [reply.code, reply.enhanced, ...reply.lines].filter((part) => part !== undefined && part !== "").join(" ");
